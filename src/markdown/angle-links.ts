import type { Codes } from './codes.js'
import { AT, COLON, DASH, DOT, isDigit, isLetter, isWord, PLUS } from './signs.js'

/** Whether what stands between two angles, without a blank, is an address: `<https://a.b>`, `<a@b.c>`. */
export function isAngleLink(codes: Codes, from: number, to: number): boolean {
  return hasScheme(codes, from, to) || isMail(codes, from, to)
}

function hasScheme(codes: Codes, from: number, to: number): boolean {
  if (!isLetter(codes[from]!)) return false
  let at = from + 1
  while (at < to && isOfScheme(codes[at]!)) at += 1
  return at > from + 1 && at < to - 1 && codes[at] === COLON
}

function isOfScheme(code: number): boolean {
  return isWord(code) || code === DASH || code === PLUS || code === DOT
}

function isMail(codes: Codes, from: number, to: number): boolean {
  let at = from
  while (at < to && isOfUser(codes[at]!)) at += 1
  if (at === from || at === to || codes[at] !== AT) return false
  do at = pastName(codes, at + 1, to)
  while (at > 0 && at < to && codes[at] === DOT)
  return at === to
}

const IS_OF_USER = new Uint8Array(128)
for (let code = 0; code < 128; code += 1)
  if (/[\w.!#$%&'*+/=?^`{|}~-]/.test(String.fromCharCode(code))) IS_OF_USER[code] = 1

function isOfUser(code: number): boolean {
  return code < 128 && IS_OF_USER[code] === 1
}

const LONGEST_NAME = 63

/** Past one of the names that a host is made of, else -1. */
function pastName(codes: Codes, from: number, to: number): number {
  let at = from
  while (at < to && (isAlphanumeric(codes[at]!) || codes[at] === DASH)) at += 1
  const isName = at > from && at - from <= LONGEST_NAME && codes[from] !== DASH && codes[at - 1] !== DASH
  return isName ? at : -1
}

function isAlphanumeric(code: number): boolean {
  return isLetter(code) || isDigit(code)
}
