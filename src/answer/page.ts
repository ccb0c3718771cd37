import type { Span } from '../markdown/mark.js'
import { BLANK, NEWLINE, TAB } from '../markdown/signs.js'
import type { Edit } from './edits.js'

/** A text that is being made plain: what stands in it, and what is to be changed. */
export interface Page {
  readonly text: string
  /** The address of the Dify that said it. */
  readonly base: string | null
  readonly edits: Edit[]
  /** What was taken out: its place here stands in the text behind the stand-in. */
  readonly pictures: Picture[]
  /** Where `[label]` leads to: the first that is defined for a label. */
  readonly references: ReadonlyMap<string, readonly Reference[]>
  /** Indents of the lists' items around, as they are written out. */
  readonly indents: number[]
  /** HTML links that are still open. */
  readonly anchors: { readonly address: string; readonly from: number }[]
}

export interface Picture {
  readonly url: string
  readonly title: string | null
  /** In a table's row, which is not torn apart. */
  readonly isInRow: boolean
}

export interface Reference {
  readonly address: string
  readonly place: Span
  isUsed: boolean
}

export function textOf({ text }: Pick<Page, 'text'>, { from, to }: Span): string {
  return text.slice(from, to)
}

export function lineStart(text: string, at: number): number {
  let start = at
  while (start > 0 && text.charCodeAt(start - 1) !== NEWLINE) start -= 1
  return start
}

/** Whether nothing but blanks stands before it. */
export function isFirstInLine(text: string, at: number): boolean {
  let start = at
  while (start > 0 && isSpace(text.charCodeAt(start - 1))) start -= 1
  return start === 0 || text.charCodeAt(start - 1) === NEWLINE
}

function isSpace(code: number): boolean {
  return code === BLANK || code === TAB
}

export function isLineEnd(text: string, at: number): boolean {
  return at >= text.length || text.charCodeAt(at) === NEWLINE
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

/** Where the blanks from here on end, within the line. */
export function pastBlanks(text: string, at: number): number {
  let end = at
  while (isSpace(text.charCodeAt(end))) end += 1
  return end
}

/** Takes whole lines out; what stood before and behind them stays apart by an empty line. */
export function dropLines({ text, edits }: Page, place: Span): void {
  const from = lineStart(text, place.from)
  const end = lineEnd(text, place.to)
  // Behind a quote's or a list's mark only the rest of the line is taken out.
  if (text.slice(from, place.from).trim() !== '') {
    edits.push({ from: place.from, to: end, insert: '' })
    return
  }
  const isFirst = text.slice(0, from).trim() === ''
  const isAfterBlank = isFirst || text.slice(lineStart(text, from - 1), from).trim() === ''
  const nextEnd = lineEnd(text, end + 1)
  const isBeforeBlank = end >= text.length || text.slice(end, nextEnd).trim() === ''
  if (!isAfterBlank && !isBeforeBlank) edits.push({ from, to: end, insert: '' })
  else
    edits.push({ from, to: isAfterBlank && isBeforeBlank ? Math.min(nextEnd + 1, text.length) : end + 1, insert: '' })
}
