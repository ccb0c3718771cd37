import t from 'tap'
import { asObject, isObject, jsonString, parseObject } from '../src/json.js'
import fc from './fixtures/property.js'

t.test('arrays, null and other values are no objects', async (t) => {
  t.same(parseObject('{"a":1}'), { a: 1 })
  for (const text of ['', '[1]', 'null', '1', '"a"', '{', '[DONE]']) t.equal(parseObject(text), null, text)
  t.same(asObject({ a: 1 }), { a: 1 })
  t.equal(isObject({ a: 1 }), true)
  for (const value of [[], null, undefined, 'a', 1]) t.equal(asObject(value), null)
})

t.test('a text is written as JSON.stringify writes it', async (t) => {
  const letters = [
    '',
    'plain text',
    'a "quote"',
    'back\\slash',
    'two\nlines',
    '\u007f\u0085',
    '😀',
    '\ud83d',
    '\ude00 x',
    'سلام',
  ]
  for (const text of letters) t.equal(jsonString(text), JSON.stringify(text))
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => jsonString(text) === JSON.stringify(text)))
})
