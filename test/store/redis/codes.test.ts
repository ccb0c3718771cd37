import t from 'tap'
import { codesOf } from '../../../src/store/redis/codes.js'
import fc from '../../fixtures/property.js'

t.test('the codes are those of the text’s characters, however long it is', async (t) => {
  const isRight = (text: string) => {
    const codes = codesOf(text)
    return text.split('').every((_, i) => codes[i] === text.charCodeAt(i))
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), isRight))
  for (const length of [0, 255, 256, 257, 5_000]) t.ok(isRight('پ\ud800'.repeat(length).slice(0, length)), `${length}`)
})
