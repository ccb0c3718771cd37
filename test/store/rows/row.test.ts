import t from 'tap'
import { NONE } from '../../../src/conversation/state/none.js'
import { listOf, withoutNothing } from '../../../src/store/rows/row.js'

t.test('empty values at the end of a row are left out, and nothing else', async (t) => {
  for (const [row, left] of [
    [
      [1, 2],
      [1, 2],
    ],
    [[1, 0, null, []], [1]],
    [
      [0, null, [], 1, 0],
      [0, null, [], 1],
    ],
    [['', 0], ['']],
    [
      [1, false],
      [1, false],
    ],
    [[[0]], [[0]]],
    [[0, 0], []],
    [[], []],
  ] as const) {
    t.strictSame(withoutNothing<readonly unknown[]>(row), left, JSON.stringify(row))
  }
})

t.test('the row itself stays as it was', async (t) => {
  const row = [1, 0] as const
  withoutNothing(row)
  t.strictSame(row, [1, 0])
})

t.test('a list that is empty or missing is one that all share', async (t) => {
  const twice = (n: number) => 2 * n
  t.strictSame(listOf([1, 2], twice), [2, 4])
  t.equal(listOf([], twice), NONE)
  t.equal(listOf(undefined, twice), NONE)
  t.strictSame(NONE, [])
})
