/** Codes of the characters that begin or end a mark. */
export const TAB = 9
export const NEWLINE = 10
export const BLANK = 32
export const BANG = 33
export const QUOTE = 34
export const HASH = 35
export const AMPERSAND = 38
export const APOSTROPHE = 39
export const OPEN_PAREN = 40
export const CLOSE_PAREN = 41
export const STAR = 42
export const PLUS = 43
export const DASH = 45
export const DOT = 46
export const ONE = 49
export const COLON = 58
export const LESS = 60
export const EQUALS = 61
export const GREATER = 62
export const AT = 64
export const OPEN_BRACKET = 91
export const BACKSLASH = 92
export const CLOSE_BRACKET = 93
export const UNDERSCORE = 95
export const TICK = 96
export const BAR = 124
export const TILDE = 126

export function isBlank(code: number): boolean {
  return code === BLANK || code === TAB || code === NEWLINE || code === 13
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** From a to z. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
}

export function isWord(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === UNDERSCORE
}

export function pastBlanks(text: string, from: number, end = text.length): number {
  let at = from
  while (at < end && isBlank(text.charCodeAt(at))) at += 1
  return at
}

/** Where a run of the same sign ends. */
export function pastRun(text: string, from: number, sign: number, end = text.length): number {
  let at = from
  while (at < end && text.charCodeAt(at) === sign) at += 1
  return at
}
