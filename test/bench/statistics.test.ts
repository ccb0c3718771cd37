import t from 'tap'
// @ts-expect-error a plain script without types
import { median, percentile, ratio, spread, summary } from '../../bench/statistics.mjs'

t.test('a percentile is a value that was measured, and never below its share of them', async (t) => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1)
  for (const [share, value] of [
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [0.991, 100],
    [1, 100],
  ] as const) {
    t.equal(percentile(hundred, share), value, `${share}`)
  }
  t.equal(percentile([7], 0.01), 7)
  t.throws(() => percentile([], 0.5), { message: 'no values' })
})

t.test('the median is the middle, or between the two in the middle', async (t) => {
  t.equal(median([9, 1, 5]), 5)
  t.equal(median([1, 9, 5, 7]), 6)
  t.equal(spread([8, 10, 12]), 0.2)
})

t.test('a ratio compares round by round, so that a slow round of both says nothing', async (t) => {
  t.equal(ratio([10, 100, 20], [20, 200, 40]), 0.5)
  t.equal(ratio([10, null], [20, 20]), null)
  t.equal(ratio([10, 10], [null, 20]), null)
})

t.test('where a round could not tell, there is no summary', async (t) => {
  t.same(summary([8, 10, 12]), { median: 10, spread: 0.2 })
  t.equal(summary([8, null, 12]), null)
})
