/** When a failed notification is retried. */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DELAYS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR]
/** Spreads the retries of notifications that failed together. */
const JITTER = 0.1

/** The delay after that many failures, with `random` from 0 to 1; null after the last attempt. */
export function retryAfter(failures: number, random: number): number | null {
  const delay = DELAYS_MS[failures - 1]
  return delay === undefined ? null : Math.round(delay * (1 + JITTER * random))
}
