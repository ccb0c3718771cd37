import t from 'tap'
import { codesOf } from '../../src/markdown/codes.js'
import { isNumeric, pastEntity } from '../../src/markdown/entity.js'

t.test('entities have a name or a number', async (t) => {
  const past = (text: string): number => pastEntity(codesOf(text), 0, text.length)
  for (const text of ['&amp;', '&a1_;', '&#38;', '&#x26;', '&#XaF;']) t.equal(past(`${text};`), text.length, text)
  for (const text of ['&', '&;', '&a', '&a b;', '&#;', '&#x;', '&#3a;', '&#xg;', '&#X@;']) t.equal(past(text), -1, text)
  t.strictSame([past(`&${'a'.repeat(29)};`), past(`&${'a'.repeat(30)};`)], [31, -1])
  t.strictSame([past(`&#${'1'.repeat(28)};`), past(`&#${'1'.repeat(29)};`)], [31, -1])
})

t.test('numbers are decimal or hexadecimal', async (t) => {
  t.ok(isNumeric(codesOf('12'), 0, 2))
  t.notOk(isNumeric(codesOf('x'), 0, 1))
})
