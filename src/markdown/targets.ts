import type { Budget } from './budget.js'
import { type Codes, pastBlanks } from './codes.js'
import {
  APOSTROPHE,
  BACKSLASH,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  GREATER,
  isBlank,
  LESS,
  NEWLINE,
  OPEN_BRACKET,
  OPEN_PAREN,
  QUOTE,
} from './signs.js'

/** Where the label, the address and the title of a link end. */

/** There is none. */
export const NONE = -1
/** It has begun, and the text is over. */
export const UNFINISHED = -2
const LONGEST_LABEL = 1_000

/** `[label]`, whose text may have to be more than blanks. */
export function pastLabel(codes: Codes, from: number, end: number, budget: Budget, needsWords: boolean): number {
  const most = Math.min(end, from + LONGEST_LABEL)
  let hasWords = !needsWords
  for (let at = from + 1; at < most; at += 1) {
    const code = codes[at]!
    if (code === CLOSE_BRACKET) return spend(budget, from, at, hasWords ? at + 1 : NONE)
    if (code === OPEN_BRACKET) return spend(budget, from, at, NONE)
    hasWords ||= !isBlank(code)
    if (code === BACKSLASH) at += 1
  }
  return spend(budget, from, most, UNFINISHED)
}

export function pastUrl(codes: Codes, from: number, end: number, budget: Budget): number {
  return from < end && codes[from] === LESS
    ? pastAngles(codes, from, end, budget)
    : pastBareUrl(codes, from, end, budget)
}

function pastAngles(codes: Codes, from: number, end: number, budget: Budget): number {
  for (let at = from + 1; at < end; at += 1) {
    const code = codes[at]!
    if (code === GREATER) return spend(budget, from, at, at + 1)
    if (code === LESS || code === NEWLINE) return spend(budget, from, at, NONE)
    if (code === BACKSLASH && codes[at + 1] !== NEWLINE) at += 1
  }
  return spend(budget, from, end, UNFINISHED)
}

function pastBareUrl(codes: Codes, from: number, end: number, budget: Budget): number {
  let depth = 0
  let at = from
  for (; at < end; at += 1) {
    const code = codes[at]!
    if (isBlank(code) || (code === CLOSE_PAREN && depth === 0)) break
    if (code === OPEN_PAREN) depth += 1
    else if (code === CLOSE_PAREN) depth -= 1
    else if (code === BACKSLASH && !isBlank(codes[at + 1]!)) at += 1
  }
  at = Math.min(at, end)
  return spend(budget, from, at, at > from ? at : at === end ? UNFINISHED : NONE)
}

export function pastTitle(codes: Codes, from: number, end: number, budget: Budget): number {
  const open = from < end ? codes[from]! : 0
  if (open !== QUOTE && open !== APOSTROPHE && open !== OPEN_PAREN) return NONE
  const close = open === OPEN_PAREN ? CLOSE_PAREN : open
  for (let at = from + 1; at < end; at += 1) {
    const code = codes[at]!
    if (code === close) return spend(budget, from, at, at + 1)
    if (code === BACKSLASH) at += 1
  }
  return spend(budget, from, end, UNFINISHED)
}

/** `(url "title")`: where it ends, and where its address stands. Null where it is none. */
export function targetAt(
  codes: Codes,
  open: number,
  end: number,
  budget: Budget,
): { to: number; from: number; urlTo: number } | null {
  const from = pastBlanks(codes, open + 1, end)
  const urlTo = pastUrl(codes, from, end, budget)
  let at = from
  if (urlTo >= 0) {
    at = pastBlanks(codes, urlTo, end)
    const titleTo = at > urlTo ? pastTitle(codes, at, end, budget) : NONE
    if (titleTo >= 0) at = pastBlanks(codes, titleTo, end)
  }
  budget.steps -= at - open
  return at < end && codes[at] === CLOSE_PAREN ? { to: at + 1, from, urlTo } : null
}

function spend(budget: Budget, from: number, to: number, result: number): number {
  budget.steps -= to - from
  return result
}
