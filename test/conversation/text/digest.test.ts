import t from 'tap'
import { digestOf } from '../../../src/conversation/text/digest.js'
import { sameTextKey } from '../../../src/conversation/text/text.js'
import fc from '../../fixtures/property.js'

t.test('texts that compare as equal have one digest', async (t) => {
  t.equal(digestOf(' hello  there\n'), digestOf('hello there'))
  t.equal(digestOf('caf\u00e9'), digestOf('cafe\u0301'))
})

t.test('different texts have different digests, also when they differ in one letter or in length', async (t) => {
  const digests = new Set<string>()
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  for (const a of letters) for (const b of letters) for (const c of letters) digests.add(digestOf(a + b + c))
  for (let length = 1; length <= 2_000; length += 1) digests.add(digestOf('\u0645'.repeat(length)))
  t.equal(digests.size, 26 ** 3 + 2_000)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      return (digestOf(a) === digestOf(b)) === (sameTextKey(a) === sameTextKey(b))
    }),
  )
})

t.test('a digest is short, whatever the text', async (t) => {
  t.ok(digestOf('long '.repeat(4_000)).length <= 16)
  t.equal(digestOf(''), digestOf(' '))
})
