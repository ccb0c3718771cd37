import t from 'tap'
import { createRecent } from '../../../src/store/sqlite/recent.js'

t.test('the least recently written one goes first', async (t) => {
  const recent = createRecent<number>(2)
  recent.set('a', 1)
  recent.set('b', 2)
  recent.set('a', 3)
  recent.set('c', 4)
  t.same(
    ['a', 'b', 'c'].map((id) => recent.get(id)),
    [3, undefined, 4],
  )
  recent.delete('a')
  t.equal(recent.get('a'), undefined)
  recent.clear()
  t.equal(recent.get('c'), undefined)
})
