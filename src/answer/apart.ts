import type { Codes } from '../markdown/codes.js'
import { BLANK, isSpace, NEWLINE } from '../markdown/signs.js'
import { BULLET_CODE } from './lists.js'

/** Whether words, or a list, end before a place in any case: behind an empty line, or before a list's bullet. */
export function isApart(codes: Codes, end: number): boolean {
  let at = end
  while (codes[at] === NEWLINE) at += 1
  if (at >= codes.length - 1) return true
  if (codes[at - 1] !== NEWLINE || isSpace(codes[at]!)) return false
  return codes[at - 2] === NEWLINE || (codes[at] === BULLET_CODE && codes[at + 1] === BLANK && !isSpace(codes[at + 2]!))
}
