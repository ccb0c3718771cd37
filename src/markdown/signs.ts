/** Codes of the characters that begin or end a mark. */
export const TAB = 9
export const NEWLINE = 10
export const RETURN = 13
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
export const SLASH = 47
export const ONE = 49
export const COLON = 58
export const SEMICOLON = 59
export const LESS = 60
export const EQUALS = 61
export const GREATER = 62
export const QUESTION = 63
export const AT = 64
export const OPEN_BRACKET = 91
export const BACKSLASH = 92
export const CLOSE_BRACKET = 93
export const UNDERSCORE = 95
export const TICK = 96
export const BAR = 124
export const TILDE = 126

export function isBlank(code: number): boolean {
  return code <= BLANK && (code === BLANK || code === TAB || code === NEWLINE || code === RETURN)
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

export function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}

/** From a to z. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || isCapital(code)
}

export function isWord(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === UNDERSCORE
}

/** What a character is beside others: a space of any kind, a sign, or part of a word. */
export const SPACE = 1
export const SIGN = 2
export const WORD = 3
/** Part of a word in a script in which bold words are often written without a blank behind their signs: `**«a»**را`. */
export const CLOSE_WORD = 4

/** By a character's code; 0 where none has asked for it yet. */
const KINDS = new Uint8Array(0x10000)

export function kindOf(code: number): number {
  const known = KINDS[code]!
  if (known > 0) return known
  const kind = kindOfCharacter(String.fromCharCode(code))
  KINDS[code] = kind
  return kind
}

function kindOfCharacter(character: string): number {
  if (/\s/.test(character)) return SPACE
  if (/[\p{S}\p{P}]/u.test(character)) return SIGN
  return CLOSE_SCRIPTS.test(character) ? CLOSE_WORD : WORD
}

/** With the character that joins a Persian suffix. */
const CLOSE_SCRIPTS =
  /[\u200c\p{Script=Arabic}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

export function isSpace(code: number): boolean {
  return kindOf(code) === SPACE
}
