import type { Budget } from './budget.js'
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
  pastBlanks,
  QUOTE,
} from './signs.js'

/** Where the label, the address and the title of a link end. */

/** There is none. */
export const NONE = -1
/** It has begun, and the text is over. */
export const UNFINISHED = -2
const LONGEST_LABEL = 1_000

/** `[label]`, whose text may have to be more than blanks. */
export function pastLabel(text: string, from: number, budget: Budget, needsWords: boolean): number {
  const end = Math.min(text.length, from + LONGEST_LABEL)
  let hasWords = !needsWords
  for (let at = from + 1; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (code === CLOSE_BRACKET) return spend(budget, from, at, hasWords ? at + 1 : NONE)
    if (code === OPEN_BRACKET) return spend(budget, from, at, NONE)
    hasWords ||= !isBlank(code)
    if (code === BACKSLASH) at += 1
  }
  return spend(budget, from, end, UNFINISHED)
}

export function pastUrl(text: string, from: number, budget: Budget): number {
  return text.charCodeAt(from) === LESS ? pastAngles(text, from, budget) : pastBareUrl(text, from, budget)
}

function pastAngles(text: string, from: number, budget: Budget): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === GREATER) return spend(budget, from, at, at + 1)
    if (code === LESS || code === NEWLINE) return spend(budget, from, at, NONE)
    if (code === BACKSLASH && text.charCodeAt(at + 1) !== NEWLINE) at += 1
  }
  return spend(budget, from, text.length, UNFINISHED)
}

function pastBareUrl(text: string, from: number, budget: Budget): number {
  let depth = 0
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (isBlank(code) || (code === CLOSE_PAREN && depth === 0)) break
    if (code === OPEN_PAREN) depth += 1
    else if (code === CLOSE_PAREN) depth -= 1
    else if (code === BACKSLASH && !isBlank(text.charCodeAt(at + 1))) at += 1
  }
  at = Math.min(at, text.length)
  return spend(budget, from, at, at > from ? at : at === text.length ? UNFINISHED : NONE)
}

export function pastTitle(text: string, from: number, budget: Budget): number {
  const open = text.charCodeAt(from)
  if (open !== QUOTE && open !== APOSTROPHE && open !== OPEN_PAREN) return NONE
  const close = open === OPEN_PAREN ? CLOSE_PAREN : open
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === close) return spend(budget, from, at, at + 1)
    if (code === BACKSLASH) at += 1
  }
  return spend(budget, from, text.length, UNFINISHED)
}

/** `(url "title")`: where it ends, and where its address stands. Null where it is none. */
export function targetAt(
  text: string,
  open: number,
  budget: Budget,
): { to: number; from: number; urlTo: number } | null {
  const from = pastBlanks(text, open + 1)
  const urlTo = pastUrl(text, from, budget)
  let at = from
  if (urlTo >= 0) {
    at = pastBlanks(text, urlTo)
    const titleTo = at > urlTo ? pastTitle(text, at, budget) : NONE
    if (titleTo >= 0) at = pastBlanks(text, titleTo)
  }
  budget.steps -= at - open
  return text.charCodeAt(at) === CLOSE_PAREN ? { to: at + 1, from, urlTo } : null
}

function spend(budget: Budget, from: number, to: number, result: number): number {
  budget.steps -= to - from
  return result
}
