import t from 'tap'
import { createRecent } from '../../../src/store/rows/recent.js'

t.test('an item is cached until it is deleted', async (t) => {
  const recent = createRecent<string>(10)
  t.equal(recent.get('1-2'), undefined)
  recent.set('1-2', 'a')
  recent.set('1-2', 'b')
  t.equal(recent.get('1-2'), 'b')
  t.equal(recent.get('1-3'), undefined)
  recent.delete('1-2')
  t.equal(recent.get('1-2'), undefined)
  recent.delete('1-2')
})

t.test('above the limit the items that were written longest ago are dropped', async (t) => {
  const recent = createRecent<string>(4)
  for (const id of ['1', '2', '3']) recent.set(id, id)
  recent.set('1', 'again')
  t.equal(recent.get('1'), 'again')
  recent.set('4', '4')
  const left = ['1', '2', '3', '4'].filter((id) => recent.get(id) !== undefined)
  t.same(left, ['1', '3', '4'], 'what was written again counts as new')
  recent.delete('3')
  t.equal(recent.get('3'), undefined, 'of either half')
  t.equal(recent.get('4'), '4')
})

t.test('a cleared cache is empty', async (t) => {
  const recent = createRecent<number>(2)
  recent.set('a', 1)
  recent.set('b', 2)
  t.same([recent.get('a'), recent.get('b')], [1, 2])
  recent.clear()
  t.same([recent.get('a'), recent.get('b')], [undefined, undefined])
})
