import type { Codes } from './codes.js'
import { AT, COLON, DASH, DOT, isDigit, isLetter, isSpace, isWord, LESS, PLUS, SLASH, UNDERSCORE } from './signs.js'

/** The parts of addresses without marks around them. Each returns where its part ends, -1 where there is none. */

const NONE = -1

function isOfName(code: number): boolean {
  return isWord(code) || code === DASH
}

/** Names with a dot between two of them. */
export function pastHost(codes: Codes, from: number, to: number): number {
  let end = pastName(codes, from, to)
  let isHost = false
  while (end > 0 && end < to && codes[end] === DOT) {
    const next = pastName(codes, end + 1, to)
    if (next < 0) break
    end = next
    isHost = true
  }
  return isHost ? end : NONE
}

function pastName(codes: Codes, from: number, to: number): number {
  let at = from
  while (at < to && isOfName(codes[at]!)) at += 1
  return at > from ? at : NONE
}

/** `:80/path` behind a host, or what there is of it. */
export function pastPath(codes: Codes, from: number, to: number): number {
  return pastSlashes(codes, pastPort(codes, from, to), to)
}

function pastPort(codes: Codes, from: number, to: number): number {
  if (from === to || codes[from] !== COLON) return from
  let at = from + 1
  while (at < to && isDigit(codes[at]!)) at += 1
  return at > from + 1 ? at : from
}

function pastSlashes(codes: Codes, from: number, to: number): number {
  if (from === to || codes[from] !== SLASH) return from
  let at = from
  while (at < to && codes[at] !== LESS && !isSpace(codes[at]!)) at += 1
  return at
}

export function pastMail(codes: Codes, from: number, to: number): number {
  let at = from
  while (at < to && isOfUser(codes[at]!)) at += 1
  if (at === from || at === to || codes[at] !== AT) return NONE
  const host = at + 1
  at = host
  while (at < to && isOfName(codes[at]!)) at += 1
  if (at === host || at >= to - 1 || codes[at] !== DOT) return NONE
  const dot = at
  while (at < to && (isOfName(codes[at]!) || codes[at] === DOT)) at += 1
  return at > dot + 1 ? at : NONE
}

/** `/name` behind an address of XMPP. */
export function pastResource(codes: Codes, from: number, to: number): number {
  if (from === to || codes[from] !== SLASH) return from
  let at = from + 1
  while (at < to && isOfResource(codes[at]!)) at += 1
  return at > from + 1 ? at : from
}

function isOfResource(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === AT || code === DOT
}

export function isOfUser(code: number): boolean {
  return isWord(code) || code === DOT || code === PLUS || code === DASH
}

/** Of one in its last two names, where no host has any, else -1. */
export function placeOfUnderscore(codes: Codes, from: number, to: number): number {
  let dots = 0
  for (let at = to - 1; at >= from && dots < 2; at -= 1) {
    if (codes[at] === UNDERSCORE) return at
    if (codes[at] === DOT) dots += 1
  }
  return NONE
}
