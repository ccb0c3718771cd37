import { sameTextKey } from './text.js'

/** Whether the whole message is one of these words, give or take what people's keyboards do to it. */
export function isOneOf(text: string | null, words: readonly string[]): boolean {
  if (text === null || words.length === 0) return false
  const said = foldedKey(text)
  return words.some((word) => isSaid(said, foldedKey(word)))
}

/** The first place decides: were there only punctuation before a later one, the word itself would be nothing else. */
function isSaid(said: string, word: string): boolean {
  const at = said.indexOf(word)
  return word !== '' && at >= 0 && AROUND.test(said.slice(0, at)) && AROUND.test(said.slice(at + word.length))
}

/** Keyboards for two directions add marks of their own. */
const AROUND = /^[\p{P}\p{Bidi_Control}\s\u200c]*$/u

/** How words and names are compared, whatever case and keyboard. Twice through the cases: ß is ss, every sigma the same. */
export function foldedKey(text: string): string {
  const folded = sameTextKey(text.replace(EMOJI_STYLE, '')).toUpperCase().toLowerCase()
  return folded.replace(VARIANTS, (variant) => PLAIN.get(variant)!).normalize('NFC')
}

const EMOJI_STYLE = /[\ufe0e\ufe0f]/g
/** The Turkish capital with a dot leaves the dot behind; Arabic and Persian keyboards differ in two letters. */
const PLAIN: ReadonlyMap<string, string> = new Map([
  ['i\u0307', 'i'],
  ['\u064a', '\u06cc'],
  ['\u0643', '\u06a9'],
])
const VARIANTS = new RegExp([...PLAIN.keys()].join('|'), 'g')
