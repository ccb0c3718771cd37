import t from 'tap'
import { numberIn, rowsOf, textIn } from '../../src/dify/json.js'

t.test('a JSON value of the wrong type counts as absent', async (t) => {
  t.equal(textIn({ a: 'x' }, 'a'), 'x')
  for (const a of [1, null, undefined, {}]) t.equal(textIn({ a }, 'a'), '')
  t.equal(numberIn({ a: 7 }, 'a'), 7)
  for (const a of ['7', null, undefined]) t.equal(numberIn({ a }, 'a'), 0)
})

t.test('rows are the objects of the list `data`', async (t) => {
  t.same(rowsOf({ data: [{ id: 1 }, null, 'x', { id: 2 }] }), [{ id: 1 }, { id: 2 }])
  t.same(rowsOf({ data: { id: 1 } }), [])
  t.same(rowsOf({}), [])
})
