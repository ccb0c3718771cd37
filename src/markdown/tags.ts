import { type Codes, placeOf } from './codes.js'
import {
  APOSTROPHE,
  COLON,
  DASH,
  DOT,
  EQUALS,
  GREATER,
  isLetter,
  isSpace,
  isWord,
  LESS,
  QUOTE,
  SLASH,
  TICK,
  UNDERSCORE,
} from './signs.js'

/** Tags of HTML as CommonMark defines them. */

/** Past the tag that begins here, else -1. */
export function pastTag(codes: Codes, from: number, end: number, mayCloseItself: boolean): number {
  const isClosing = codes[from + 1] === SLASH
  const name = from + (isClosing ? 2 : 1)
  if (name >= end || !isLetter(codes[name]!)) return NONE
  let at = name
  while (at < end && (isWord(codes[at]!) || codes[at] === DASH)) at += 1
  if (!isClosing) at = pastAttributes(codes, at, end)
  at = pastSpaces(codes, at, end)
  if (mayCloseItself && !isClosing && at < end && codes[at] === SLASH) at += 1
  return at < end && codes[at] === GREATER ? at + 1 : NONE
}

function pastAttributes(codes: Codes, from: number, end: number): number {
  let at = from
  for (let next = pastAttribute(codes, at, end); next > at; next = pastAttribute(codes, at, end)) at = next
  return at
}

/** ` name`, ` name = value`, else where it was. */
function pastAttribute(codes: Codes, from: number, end: number): number {
  let at = pastSpaces(codes, from, end)
  if (at === from || at === end || !beginsAttribute(codes[at]!)) return from
  while (at < end && isOfAttribute(codes[at]!)) at += 1
  const equals = pastSpaces(codes, at, end)
  if (equals === end || codes[equals] !== EQUALS) return at
  return Math.max(at, pastValue(codes, pastSpaces(codes, equals + 1, end), end))
}

/** Else -1. */
function pastValue(codes: Codes, from: number, end: number): number {
  const quote = from < end ? codes[from]! : 0
  if (quote === QUOTE || quote === APOSTROPHE) {
    const close = placeOf(codes, quote, from + 1, end)
    return close < end ? close + 1 : NONE
  }
  let at = from
  while (at < end && isOfValue(codes[at]!)) at += 1
  return at > from ? at : NONE
}

function beginsAttribute(code: number): boolean {
  return isLetter(code) || code === UNDERSCORE || code === COLON
}

function isOfAttribute(code: number): boolean {
  return isWord(code) || code === DASH || code === DOT || code === COLON
}

function isOfValue(code: number): boolean {
  const isSign = code === QUOTE || code === APOSTROPHE || code === TICK
  return !isSign && code !== EQUALS && code !== LESS && code !== GREATER && !isSpace(code)
}

export function pastSpaces(codes: Codes, from: number, end: number): number {
  let at = from
  while (at < end && isSpace(codes[at]!)) at += 1
  return at
}

const NONE = -1
