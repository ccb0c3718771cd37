import t from 'tap'
import { freeze } from '../../src/config/freeze.js'

t.test('a frozen value is frozen all the way down, through maps too', async (t) => {
  const inner = { list: [{ a: 1 }] }
  const value = freeze({ map: new Map([['x', inner]]), set: new Set([1]), none: null, text: 'x' })
  t.ok([value, inner, inner.list, inner.list[0]].every(Object.isFrozen))
  t.throws(() => inner.list.push({ a: 2 }), TypeError)
})
