/**
 * Ids pass 2^53, and older payloads hold them as JSON numbers, which `JSON.parse` would round to somebody else's id.
 * So every integer of 16 digits or more that stands outside a string becomes a string first.
 */
export function quoteBigIds(json: string): string {
  return SUSPECT.test(json) ? quoted(json) : json
}

/** Sixteen digits after what may stand before a number: it may still be in a string, which only the scan can tell. */
const SUSPECT = /[:,[\s]-?\d{16}/
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs

function quoted(json: string): string {
  return json.replace(TOKENS, (token) => (LONG_INTEGER.test(token) ? `"${token}"` : token))
}

const LONG_INTEGER = /^-?\d{16,}$/
