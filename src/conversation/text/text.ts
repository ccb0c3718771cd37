/** The form in which texts are compared: Meta collapses whitespace and may normalise the text of an echo. */
export function sameTextKey(text: string): string {
  return PLAIN.test(text) ? text : text.normalize('NFC').replace(BLANKS, ' ').trim()
}

// Most texts need no folding; this test costs a tenth of doing it.
const PLAIN = /^[!-~]+(?: [!-~]+)*$/
const BLANKS = /[\s\u200b\u2060]+/gu
