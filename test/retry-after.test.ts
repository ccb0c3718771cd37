import t from 'tap'
import { parseRetryAfter } from '../src/retry-after.js'

t.test('a Retry-After is a number of seconds or a date, and an hour at most', async (t) => {
  const now = Date.UTC(2026, 0, 1)
  for (const [value, ms] of [
    ['', 0],
    ['soon', 0],
    ['-5', 0],
    ['0', 0],
    ['5', 5_000],
    ['86400', 3_600_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:59:30 GMT', 0],
    ['Fri, 01 Jan 2027 00:00:00 GMT', 3_600_000],
  ] as const) {
    t.equal(parseRetryAfter(value, now), ms, value)
  }
})
