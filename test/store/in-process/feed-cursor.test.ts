import t from 'tap'
import { cursorOf, FRAME_ADVICE, numberOf, PAGE_ADVICE } from '../../../src/store/in-process/feed-cursor.js'

t.test('a cursor is its number, and compares as it does', async (t) => {
  const numbers = [0, 9, 10, 1_767_225_600_000_001, Number.MAX_SAFE_INTEGER]
  t.same(numbers.map(cursorOf).toSorted(), numbers.map(cursorOf))
  t.same(
    numbers.map((number) => numberOf(cursorOf(number), FRAME_ADVICE)),
    numbers,
  )
})

t.test('what is no cursor is refused with where to find one', async (t) => {
  for (const cursor of ['', '7', 'x'.repeat(16), `-${'1'.repeat(15)}`, '1'.repeat(17)]) {
    t.throws(() => numberOf(cursor, PAGE_ADVICE), { code: 'invalid_request', message: PAGE_ADVICE })
  }
})
