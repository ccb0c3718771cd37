import t from 'tap'
import { type Delimiter, delimiterOf, pairUp } from '../../src/markdown/delimiters.js'
import { kindOf, SPACE, STAR, UNDERSCORE, WORD } from '../../src/markdown/signs.js'
import { marksOf } from '../fixtures/marks.js'

for (const [what, text, marks] of [
  ['stars', '*a* **b** ***c***', ['emphasis 0-3', 'strong 4-9', 'emphasis 10-17', 'strong 11-16']],
  ['bars', '_a_ __b__ a_b_c', ['emphasis 0-3', 'strong 4-9']],
  ['a part of a word', 'a*b*c', ['emphasis 1-4']],
  ['what is left of a run', '**a* *b**', ['emphasis 0-9', 'emphasis 1-4', 'emphasis 5-8']],
  ['one in another', '*a **b** c*', ['emphasis 0-11', 'strong 3-8']],
  ['sizes that do not go together', '*a**b*', ['emphasis 0-6']],
  ['ends that cross', '*a _b* c_', ['emphasis 0-6']],
  ['signs around', '"*a*" *"b"* a*"c"*', ['emphasis 1-4', 'emphasis 6-11']],
  ['a blank that does not break', '*a\u00a0* b*', ['emphasis 0-7']],
  ['blanks within', 'x * a * _ b _ ~~ c ~~', []],
  ['Persian', '*سلام*، _a_؟', ['emphasis 0-6', 'emphasis 8-11']],
  [
    'two stars at signs, without a blank behind them',
    'کفش**«آ»**را **ب:**پ، **«ت»**\u200cها',
    ['strong 3-10', 'strong 13-19', 'strong 22-29'],
  ],
  [
    'the same in Chinese and Korean',
    '**注意：**请看**“这”**的 **"중요"**는',
    ['strong 0-7', 'strong 9-16', 'strong 18-26'],
  ],
  ['the same in Latin letters', 'a**"b"**c **d:**e', []],
  ['the same with one star', 'کفش*«آ»*را', []],
  ['tildes', '~~a *b~~ c*', ['struck 0-8']],
] as const) {
  t.test(`emphasis: ${what}`, async (t) => {
    t.strictSame(marksOf(text), marks)
  })
}

t.test('a run that is neither end of a pair is none', async (t) => {
  t.equal(delimiterOf(STAR, 2, 3, SPACE, SPACE), null)
  t.match(delimiterOf(STAR, 1, 2, WORD, SPACE), { canOpen: false, canClose: true })
})

t.test('a run is looked at once for each kind of end that it does not fit', async (t) => {
  let looks = 0
  const counted = (each: Delimiter): Delimiter =>
    Object.defineProperty(each, 'size', {
      get() {
        looks += 1
        return 1
      },
    })
  const text = `${'*a '.repeat(1_000)}${'b_ '.repeat(1_000)}${'c*d*'.repeat(1_000)}`
  const delimiters: Delimiter[] = []
  for (let at = 0; at < text.length; at += 1) {
    const [sign, before, after] = [at, at - 1, at + 1].map((each) => text.charCodeAt(each))
    const isSign = sign === STAR || sign === UNDERSCORE
    const found = isSign ? delimiterOf(sign, at, at + 1, kindOf(before!), kindOf(after!)) : null
    if (found !== null) delimiters.push(counted(found))
  }
  let pairs = 0
  pairUp(delimiters, 0, () => {
    pairs += 1
  })
  t.equal(pairs, 1_500)
  t.ok(looks < 10 * 4_000, `${looks}`)
  t.equal(delimiters.length, 0)
})
