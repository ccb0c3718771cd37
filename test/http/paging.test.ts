import t from 'tap'
import { limitOf } from '../../src/http/paging.js'

t.test('a page holds fifty unless it is asked for more or less, and five hundred at the most', async (t) => {
  for (const [limit, expected] of [
    [undefined, 50],
    ['', 50],
    ['1', 1],
    ['500', 500],
    ['501', 500],
    ['9'.repeat(30), 500],
  ] as const) {
    t.equal(limitOf(limit), expected, `${limit}`)
  }
})
