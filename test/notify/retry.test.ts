import t from 'tap'
import { retryAfter } from '../../src/notify/retry.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

t.test('each try is further away, and none comes sooner than it should', async (t) => {
  const delays = [1, 2, 3, 4, 5].map((failures) => retryAfter(failures, 0))
  t.strictSame(delays, [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR])
  for (let failures = 1; failures <= 5; failures++) {
    const [least, most] = [retryAfter(failures, 0)!, retryAfter(failures, 0.999)!]
    t.ok(most > least && most < 1.2 * least)
  }
})

t.test('the sixth failure was the last', async (t) => {
  t.equal(retryAfter(6, 0), null)
})
