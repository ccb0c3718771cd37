import { isBlank, isCapital, NEWLINE } from './signs.js'

/** The codes of a text's characters, 0 behind the last: a place in an array is read several times as fast as one in a string. */
export type Codes = Uint16Array

export function codesOf(text: string): Codes {
  const codes = new Uint16Array(text.length + 1)
  Buffer.from(codes.buffer).write(text, 'utf16le')
  return codes
}

export function pastBlanks(codes: Codes, from: number, end: number): number {
  let at = from
  while (at < end && isBlank(codes[at]!)) at += 1
  return at
}

/** Where a run of the same sign ends. */
export function pastRun(codes: Codes, from: number, sign: number, end: number): number {
  let at = from
  while (at < end && codes[at] === sign) at += 1
  return at
}

/** Where the line ends, at its newline or with the text. */
export function endOfLine(codes: Codes, from: number): number {
  const end = codes.length - 1
  let at = from
  while (at < end && codes[at] !== NEWLINE) at += 1
  return at
}

/** Where a sign stands next, `end` where it does not come any more. */
export function placeOf(codes: Codes, sign: number, from: number, end: number): number {
  let at = from
  while (at < end && codes[at] !== sign) at += 1
  return at
}

export function startsWith(codes: Codes, word: Codes, at: number): boolean {
  let i = 0
  while (i < word.length - 1 && codes[at + i] === word[i]) i += 1
  return i === word.length - 1
}

/** Where a word stands next, -1 where it does not come any more. */
export function placeOfWord(codes: Codes, word: Codes, from: number, end: number): number {
  const last = end - word.length + 1
  for (let at = from; at <= last; at += 1) if (startsWith(codes, word, at)) return at
  return -1
}

/** Whether a word, which is given in small letters, stands here in small or in capital ones. */
export function readsAs(codes: Codes, word: Codes, at: number): boolean {
  let i = 0
  while (i < word.length - 1 && toSmall(codes[at + i]!) === word[i]) i += 1
  return i === word.length - 1
}

/** The code of the small letter of a capital one, any other as it is. */
export function toSmall(code: number): number {
  return isCapital(code) ? code + 32 : code
}
