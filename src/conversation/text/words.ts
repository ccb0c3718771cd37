import { sameTextKey } from './text.js'

/** Whether the whole message is one of these words, apart from punctuation and keyboard variants. */
export function isOneOf(text: string | null, words: readonly string[]): boolean {
  if (text === null || words.length === 0) return false
  const said = foldedKey(text)
  return words.some((word) => isSaid(said, foldedKey(word)))
}

/**
 * Checking the first occurrence suffices: if only punctuation preceded a later one, the word itself would be
 * punctuation.
 */
function isSaid(said: string, word: string): boolean {
  const at = said.indexOf(word)
  return word !== '' && at >= 0 && AROUND.test(said.slice(0, at)) && AROUND.test(said.slice(at + word.length))
}

/** Keyboards for mixed directions insert invisible marks. */
const AROUND = /^[\p{P}\p{Bidi_Control}\s\u200c]*$/u

/** Folds case and keyboard variants for comparison. Upper case and back: ß equals ss, and all sigmas are equal. */
export function foldedKey(text: string): string {
  if (ASCII.test(text)) return sameTextKey(text).toLowerCase()
  const folded = sameTextKey(text.replace(EMOJI_STYLE, '')).toUpperCase().toLowerCase()
  return folded.replace(VARIANTS, (variant) => PLAIN.get(variant)!).normalize('NFC')
}

/** Such a text has no variants: a search folds the names of all customers. */
const ASCII = /^[\x20-\x7e]*$/
const EMOJI_STYLE = /[\ufe0e\ufe0f]/g
/** Lower-casing the Turkish dotted capital I leaves its dot; Arabic and Persian keyboards differ in two letters. */
const PLAIN: ReadonlyMap<string, string> = new Map([
  ['i\u0307', 'i'],
  ['\u064a', '\u06cc'],
  ['\u0643', '\u06a9'],
])
const VARIANTS = new RegExp([...PLAIN.keys()].join('|'), 'g')
