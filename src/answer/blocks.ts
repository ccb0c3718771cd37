import type { Fence, Heading, InlineCode, Span } from '../markdown/mark.js'
import { BLANK, TAB } from '../markdown/signs.js'
import { isAddress } from './address.js'
import { wouldJoin } from './links.js'
import { literal } from './literal.js'
import { lineStart, type Page, pastBlanks, textOf } from './page.js'

/** Headings, quotes, and code in blocks of its own. */

export function plainHeading({ text, edits }: Page, { from, to, parts }: Heading): void {
  const { isUnderlined, signs } = parts
  for (const sign of signs) {
    if (isUnderlined) {
      // One sign alone is an empty item's, or stands in a sum: nobody underlines a heading with it.
      if (sign.to - sign.from === 1) continue
      edits.push({ from: lineStart(text, sign.from) - 1, to: pastBlanks(text, sign.to), insert: '' })
    } else if (sign.from === from) {
      edits.push({ from, to: pastFurtherSigns(text, sign.to), insert: '' })
    } else {
      edits.push({ from: from + text.slice(from, sign.from).trimEnd().length, to, insert: '' })
    }
  }
}

/** Behind a heading's sign another one, or a quote's, begins a heading or a quote as soon as the first is gone. */
const FURTHER_SIGNS = /[ \t]*(?:(?:#{1,6}(?=[ \t]|$)|>)[ \t]*)*/my

function pastFurtherSigns(text: string, at: number): number {
  FURTHER_SIGNS.lastIndex = at
  FURTHER_SIGNS.test(text)
  return FURTHER_SIGNS.lastIndex
}

export function plainQuoteMark({ text, edits }: Page, { from, to }: Span): void {
  const next = text.charCodeAt(to)
  edits.push({ from, to: next === BLANK || next === TAB ? to + 1 : to, insert: '' })
}

/** The fences go with what stands on them; what is between them means itself. */
export function plainFence(page: Page, fence: Fence): void {
  const { edits } = page
  const { info, code } = fence.parts
  const [first, last] = [code[0], code.at(-1)]
  const words = info === null ? '' : literal(textOf(page, info))
  if (first === undefined || last === undefined) {
    edits.push({ from: fence.from, to: fence.to, insert: words })
    return
  }
  // Behind a fence stands a language's name; a model that put more there meant it to be read.
  edits.push({ from: fence.from, to: first.from, insert: words.includes('://') ? `${words}\n` : '' })
  for (const { from, to } of code) edits.push({ from, to, insert: literal(page.text.slice(from, to)) })
  if (fence.to > last.to) edits.push({ from: last.to, to: fence.to, insert: '' })
}

/** In a table's row a bar is escaped in code too, or it would end the cell. */
export function plainInlineCode(page: Page, code: InlineCode, isInRow: boolean): void {
  const { edits } = page
  const written = textOf(page, code.parts.inside)
  const inside = isInRow ? written.replaceAll('\\|', '|') : written
  const isPadded = /^\s.*\s$/s.test(inside) && inside.trim() !== ''
  const shown = isPadded ? inside.slice(1, -1) : inside
  const end = isAddress(shown) && wouldJoin(page.text, code.to) ? ' ' : ''
  edits.push({ from: code.from, to: code.to, insert: literal(shown) + end })
}
