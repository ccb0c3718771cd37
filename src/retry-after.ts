/** After an hour a single request finds out whether a longer rest is still needed. */
const LONGEST_MS = 60 * 60_000

/** Milliseconds until the time that a `Retry-After` header gives, in seconds or as a date; 0 for an invalid one. */
export function parseRetryAfter(value: string, now: number): number {
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now
  return ms > 0 ? Math.min(ms, LONGEST_MS) : 0
}
