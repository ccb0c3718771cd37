import t from 'tap'
import { createBudget } from '../../../src/http/edge/budget.js'

t.test('a budget has an amount per window, and says when there is more', async (t) => {
  let now = 5_000
  const { take } = createBudget(10, 1_000, () => now)
  t.equal(take(4), 0)
  now += 400
  t.equal(take(7), 600)
  t.equal(take(6), 0, 'what was refused took nothing')
  t.equal(take(1), 600)
  now += 600
  t.equal(take(10), 0)
})
