/**
 * The trace that a request belongs to, in W3C's words: version, trace, span and flags. Null for whatever is not exactly
 * that: it comes from outside, stands in the state, and goes on as a header.
 */
export function traceparentOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : null
}

/** Version ff and ids of nothing but zeros are forbidden; a later version may say more, which we do not know. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/
