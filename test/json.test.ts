import t from 'tap'
import { asObject, isObject, parseObject } from '../src/json.js'

t.test('arrays, null and other values are no objects', async (t) => {
  t.same(parseObject('{"a":1}'), { a: 1 })
  for (const text of ['', '[1]', 'null', '1', '"a"', '{', '[DONE]']) t.equal(parseObject(text), null, text)
  t.same(asObject({ a: 1 }), { a: 1 })
  t.equal(isObject({ a: 1 }), true)
  for (const value of [[], null, undefined, 'a', 1]) t.equal(asObject(value), null)
})
