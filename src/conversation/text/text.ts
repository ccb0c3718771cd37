/** How two texts are compared: Meta folds blanks and may normalise what it gives back in an echo. */
export function sameTextKey(text: string): string {
  return PLAIN.test(text) ? text : text.normalize('NFC').replace(BLANKS, ' ').trim()
}

// Most texts need no folding; this test is a tenth of the price of doing it.
const PLAIN = /^[!-~]+(?: [!-~]+)*$/
const BLANKS = /[\s\u200b\u2060]+/gu
