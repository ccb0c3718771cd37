/** Patterns for texts of calls, and what error messages say of a text that does not fit. */

/** Of a message's text, in characters. */
export const MOST_TEXT = 20_000

export const ID = '^\\d{1,32}$'
export const ID_OR_EMPTY = '^\\d{0,32}$'
export const SOURCE = '^[\\p{L}\\p{M}\\p{N}_ .-]{0,64}$'
export const TAG = '^[A-Z_]{0,64}$'
export const WEB_ADDRESS = '^https?://[^\\s/?#]'

const WORDS: ReadonlyMap<unknown, string> = new Map([
  [ID, 'an id of 1 to 32 digits'],
  [ID_OR_EMPTY, 'an id of 1 to 32 digits'],
  [SOURCE, 'a word of letters, digits, blanks, "_", "." and "-", 64 at most'],
  [TAG, 'one of Meta’s tags in capitals, such as HUMAN_AGENT'],
  [WEB_ADDRESS, 'an address that begins with https:// or http:// and a host'],
])

/** What a text of the pattern is, for error messages; null for any other pattern. */
export function wordsFor(pattern: unknown): string | null {
  return WORDS.get(pattern) ?? null
}
