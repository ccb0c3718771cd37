/** When a notification that was not taken is tried again. */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DELAYS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR]
/** What failed together does not come again together. */
const JITTER = 0.1

/** After so many failures, with `random` from 0 to 1; null where that was the last try. */
export function retryAfter(failures: number, random: number): number | null {
  const delay = DELAYS_MS[failures - 1]
  return delay === undefined ? null : Math.round(delay * (1 + JITTER * random))
}
