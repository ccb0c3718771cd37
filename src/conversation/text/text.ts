let lastText = ''
let lastKey = ''

/** The form in which texts are compared: Meta collapses whitespace and may normalise the text of an echo. */
export function sameTextKey(text: string): string {
  // One text is often looked up and then remembered.
  if (text !== lastText) {
    lastKey = PLAIN.test(text) ? text : text.normalize('NFC').replace(BLANKS, ' ').trim()
    lastText = text
  }
  return lastKey
}

/** A text that is kept is often a slice of a request's, which it would keep in memory as a whole. */
export function ownCopy<Text extends string>(text: Text): Text {
  return Buffer.from(text).toString() as Text
}

// Most texts need no folding; this test costs a tenth of doing it.
const PLAIN = /^[!-~]+(?: [!-~]+)*$/
const BLANKS = /[\s\u200b\u2060]+/gu
