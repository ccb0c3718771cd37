/**
 * Quotes integers of 16 digits or more outside of strings before parsing. Ids exceed 2^53, and older payloads hold
 * them as JSON numbers, which `JSON.parse` would round to another customer's id.
 */
export function quoteBigIds(json: string): string {
  return SUSPECT.test(json) ? json.replace(TOKENS, quoted) : json
}

/**
 * A quick test: sixteen digits after a character that may precede a number. They may still be inside a string, which
 * only the scan can tell. Written out, since `\d{16}` takes twice the time.
 */
const SUSPECT = new RegExp(`[:,[\\s-]${'\\d'.repeat(16)}`)
/**
 * Strings, and integers of that length. An unclosed string extends to the end of the text: searching for its end
 * again from each quote would be quadratic. Shorter numbers are not matched, because a callback for each of half a
 * million takes a tenth of a second.
 */
const TOKENS = /"(?:[^"\\]|\\.?)*(?:"|$)|(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE])/gs

function quoted(token: string): string {
  return token.startsWith('"') ? token : `"${token}"`
}
