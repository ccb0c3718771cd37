import t from 'tap'
import { budgetOf } from '../../src/markdown/budget.js'
import { codesOf } from '../../src/markdown/codes.js'
import { parseMarkdown } from '../../src/markdown/parse.js'

t.test(
  'searches take from the budget, over all texts that share it, and nothing is read once it is spent',
  async (t) => {
    const budget = budgetOf(20)
    t.not(parseMarkdown(codesOf('[a](<b c'), budget), null)
    t.ok(budget.steps < 20)
    t.equal(parseMarkdown(codesOf('[a](<b c'.repeat(5)), budget), null)
    t.ok(budget.steps < 0)
  },
)
