import t from 'tap'
import { isDigitAt, isDigitBefore, isOfPriceBefore } from '../../src/answer/digits.js'

t.test('digits of any script are told, and what stands at prices', async (t) => {
  const text = '1۲𝟛$€%a'
  const places = [...text].map((each) => text.indexOf(each))
  t.strictSame(
    places.map((at) => isDigitAt(text, at)),
    [true, true, true, false, false, false, false],
  )
  t.strictSame(
    places.map((at) => isDigitBefore(text, at)),
    [false, true, true, true, false, false, false],
  )
  t.strictSame(
    places.map((at) => isOfPriceBefore(text, at)),
    [false, true, true, true, true, true, true],
  )
  t.notOk(isDigitAt(text, text.length))
  t.notOk(isOfPriceBefore(text, text.length))
})
