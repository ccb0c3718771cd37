import t from 'tap'
import { budgetOf } from '../../src/markdown/budget.js'
import { parseMarkdown } from '../../src/markdown/parse.js'

t.test('a paragraph without a mark is read once, in however many passes', async (t) => {
  const budget = budgetOf(1_000)
  const text = 'a [b](c d'
  parseMarkdown(text, budget)
  t.ok(budget.markless.has('2 * 3') === false && budget.steps < 1_000)
  parseMarkdown('2 * 3\n\n*a*', budget)
  t.strictSame([...budget.markless], ['2 * 3'], 'what has a mark is none of them')
  t.match(parseMarkdown('2 * 3\n\n*a*', budget), { marks: [{ is: 'emphasis', from: 7, to: 10 }] })
})
