/**
 * Parses a W3C `traceparent` header (version, trace, span, flags). Null for anything else: it comes from outside, is
 * stored in the state, and is sent on as a header.
 */
export function traceparentOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : null
}

/**
 * Version ff and all-zero ids are forbidden by the specification; a later version may add fields, which are not
 * supported.
 */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/
