import type { Item } from '../markdown/mark.js'
import { isFirstInLine, isLineEnd, type Page, pastBlanks } from './page.js'

const BULLET = '•'
export const BULLET_CODE = BULLET.charCodeAt(0)
/** As we write it before an item's words. */
export const ITEM_SIGN = `${BULLET} `
/** What each level of a list is further in. */
export const STEP = 2

/** A list's item begins with a bullet or with its number as it was written, two blanks further in than what it is part of. */
export function plainListMark(page: Page, mark: Item): void {
  const { text, edits, indents } = page
  const column = mark.from - mark.parts.lineStart
  // Two marks in one line, or one behind a quote's: its place follows from what stands before it.
  const isFirst = isFirstInLine(text, mark.from)
  while (indents.length >= mark.parts.level) indents.pop()
  const around = indents.at(-1)
  const sign = text[mark.from]!
  const indent = around === undefined || !isFirst || sign === BULLET ? column : around + STEP
  indents.push(indent)
  if (isFirst && indent !== column)
    edits.push({ from: mark.parts.lineStart, to: mark.from, insert: ' '.repeat(indent) })
  if (!'-*+'.includes(sign)) return
  const content = pastBlanks(text, mark.to)
  // A dash alone is no item, and `+ 49` begins a telephone number.
  if (isLineEnd(text, content) || (sign === '+' && /\p{Nd}/u.test(text[content]!))) return
  // So far in, what follows is code, its blanks included.
  const isCode = content - mark.to > STEP * 2
  edits.push({ from: mark.from, to: isCode ? mark.to : content, insert: isCode ? BULLET : ITEM_SIGN })
}
