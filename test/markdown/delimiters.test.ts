import t from 'tap'
import { budgetOf } from '../../src/markdown/budget.js'
import { type Delimiter, delimiterAt, pairUp } from '../../src/markdown/delimiters.js'
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
  ['tildes', '~~a *b~~ c*', ['struck 0-8']],
] as const) {
  t.test(`emphasis: ${what}`, async (t) => {
    t.strictSame(marksOf(text), marks)
  })
}

t.test('a run that is neither end of a pair is none', async (t) => {
  t.equal(delimiterAt('a * b', 2, 3), null)
  t.match(delimiterAt('a* b', 1, 2), { canOpen: false, canClose: true })
})

t.test('no pairs are looked for once the budget is spent', async (t) => {
  const delimiters: Delimiter[] = [delimiterAt('*a*', 0, 1)!, delimiterAt('*a*', 2, 3)!]
  pairUp(delimiters, 0, budgetOf(-1), () => t.fail('a pair'))
  t.equal(delimiters.length, 0)
})
