import type { SyntaxNode } from '@lezer/common'
import { literal } from './literal.js'
import { lineStart, type Page, pastBlanks, textOf } from './page.js'

/** Headings, quotes, and code in blocks of its own. */

export function plainHeading({ text, edits }: Page, heading: SyntaxNode): void {
  const isUnderlined = heading.name.startsWith('Setext')
  for (const mark of heading.getChildren('HeaderMark')) {
    if (isUnderlined) {
      edits.push({ from: lineStart(text, mark.from) - 1, to: pastBlanks(text, mark.to), insert: '' })
    } else if (mark.from === heading.from) {
      edits.push({ from: mark.from, to: pastBlanks(text, mark.to), insert: '' })
    } else {
      const before = text.slice(0, mark.from).trimEnd().length
      edits.push({ from: Math.max(before, lineStart(text, mark.from)), to: heading.to, insert: '' })
    }
  }
}

export function plainQuoteMark({ text, edits }: Page, mark: { readonly from: number; readonly to: number }): void {
  edits.push({ from: mark.from, to: /[ \t]/.test(text[mark.to] ?? '') ? mark.to + 1 : mark.to, insert: '' })
}

/** The fences go with what stands on them; what is between them means itself. */
export function plainFence(page: Page, fence: SyntaxNode): void {
  const { edits } = page
  const lines = fence.getChildren('CodeText')
  const info = fence.getChild('CodeInfo')
  const [first, last] = [lines[0], lines.at(-1)]
  const words = info === null ? '' : literal(textOf(page, info))
  if (first === undefined || last === undefined) {
    edits.push({ from: fence.from, to: fence.to, insert: words })
    return
  }
  // Behind a fence stands a language's name; a model that put more there meant it to be read.
  edits.push({ from: fence.from, to: first.from, insert: words.includes('://') ? `${words}\n` : '' })
  for (const line of lines) edits.push({ from: line.from, to: line.to, insert: literal(textOf(page, line)) })
  if (fence.to > last.to) edits.push({ from: last.to, to: fence.to, insert: '' })
}

export function plainInlineCode({ text, edits }: Page, code: SyntaxNode): void {
  const [open, close] = code.getChildren('CodeMark')
  const inside = text.slice(open!.to, close!.from)
  const isPadded = /^\s.*\s$/s.test(inside) && inside.trim() !== ''
  edits.push({ from: code.from, to: code.to, insert: literal(isPadded ? inside.slice(1, -1) : inside) })
}
