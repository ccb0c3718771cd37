import { isDigit } from '../markdown/signs.js'

/** Digits of any script, and what stands at prices. */

export function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code < ASCII_END ? isDigit(code) : /^\p{Nd}/u.test(text.slice(at, at + 2))
}

export function isDigitBefore(text: string, at: number): boolean {
  const code = text.charCodeAt(at - 1)
  return code < ASCII_END ? isDigit(code) : /\p{Nd}$/u.test(text.slice(Math.max(0, at - 2), at))
}

/** A digit, a currency's sign or a per cent sign. */
export function isOfPriceBefore(text: string, at: number): boolean {
  const code = text.charCodeAt(at - 1)
  if (code < ASCII_END) return isDigit(code) || code === DOLLAR || code === PER_CENT
  return /[\p{Nd}\p{Sc}]$/u.test(text.slice(Math.max(0, at - 2), at))
}

const ASCII_END = 128
const DOLLAR = 36
const PER_CENT = 37
