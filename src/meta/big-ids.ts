/**
 * Ids pass 2^53, and older payloads hold them as JSON numbers, which `JSON.parse` would round to somebody else's id.
 * So every integer of 16 digits or more that stands outside a string becomes a string first.
 */
export function quoteBigIds(json: string): string {
  return SUSPECT.test(json) ? json.replace(TOKENS, quoted) : json
}

/** Sixteen digits after what may stand before a number: it may still be in a string, which only the scan can tell. */
const SUSPECT = /[:,[\s]-?\d{16}/
/**
 * Strings, and integers of that length. A string that nobody closes goes on to the end: looking for its end anew would take
 * for ever. Shorter numbers are passed by: a callback for each of half a million takes a tenth of a second.
 */
const TOKENS = /"(?:[^"\\]|\\.?)*(?:"|$)|(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE])/gs

function quoted(token: string): string {
  return token.startsWith('"') ? token : `"${token}"`
}
