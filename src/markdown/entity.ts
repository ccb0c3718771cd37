import type { Codes } from './codes.js'
import { HASH, isDigit, isWord, SEMICOLON } from './signs.js'

const LONGEST_NUMBER = 28
const LONGEST_NAME = 29

/** Past the `&amp;` or `&#38;` that begins here, else -1. */
export function pastEntity(codes: Codes, at: number, end: number): number {
  const isNumber = codes[at + 1] === HASH
  const from = at + (isNumber ? 2 : 1)
  let to = from
  while (to < end && isWord(codes[to]!)) to += 1
  if (to === from || to === end || codes[to] !== SEMICOLON) return -1
  const isEntity = isNumber ? to - from <= LONGEST_NUMBER && isNumeric(codes, from, to) : to - from <= LONGEST_NAME
  return isEntity ? to + 1 : -1
}

/** `38`, `x26` */
export function isNumeric(codes: Codes, from: number, to: number): boolean {
  const isHex = codes[from] === SMALL_X || codes[from] === CAPITAL_X
  const first = isHex ? from + 1 : from
  for (let at = first; at < to; at += 1) if (!isDigit(codes[at]!) && !(isHex && isHexLetter(codes[at]!))) return false
  return first < to
}

const SMALL_X = 120
const CAPITAL_X = 88

function isHexLetter(code: number): boolean {
  return (code >= 97 && code <= 102) || (code >= 65 && code <= 70)
}
