import t from 'tap'
import { budgetOf } from '../../src/markdown/budget.js'
import { NONE, pastLabel, pastTitle, pastUrl, targetAt, UNFINISHED } from '../../src/markdown/targets.js'

const budget = budgetOf(1_000_000)

t.test('a label ends at its bracket', async (t) => {
  t.equal(pastLabel('[a\\]b]', 0, budget, true), 6)
  t.equal(pastLabel('[ ]', 0, budget, true), NONE, 'blanks are none')
  t.equal(pastLabel('[ ]', 0, budget, false), 3)
  t.equal(pastLabel('[a[b]]', 0, budget, false), NONE)
  t.equal(pastLabel('[a', 0, budget, false), UNFINISHED)
  t.equal(pastLabel(`[${'a'.repeat(1_000)}]`, 0, budget, false), UNFINISHED, 'a thousand characters at the most')
})

t.test('an address ends at a blank or the bracket around it', async (t) => {
  t.equal(pastUrl('a(b)c) d', 0, budget), 5)
  t.equal(pastUrl('a\\)b c', 0, budget), 4)
  t.equal(pastUrl('a\\ b', 0, budget), 2)
  t.equal(pastUrl(') a', 0, budget), NONE)
  t.equal(pastUrl('a\\', 0, budget), 2)
  t.equal(pastUrl('', 0, budget), UNFINISHED)
  t.equal(pastUrl('<a b\\>c> d', 0, budget), 8)
  t.equal(pastUrl('<a\nb>', 0, budget), NONE)
  t.equal(pastUrl('<a\\\nb>', 0, budget), NONE)
  t.equal(pastUrl('<a<b>', 0, budget), NONE)
  t.equal(pastUrl('<a', 0, budget), UNFINISHED)
})

t.test('a title ends as it began', async (t) => {
  t.equal(pastTitle('"a\\"b" c', 0, budget), 6)
  t.equal(pastTitle("'a\nb'", 0, budget), 5)
  t.equal(pastTitle('(a) b', 0, budget), 3)
  t.equal(pastTitle('a', 0, budget), NONE)
  t.equal(pastTitle('"a', 0, budget), UNFINISHED)
})

t.test('a target is an address, with a title or without', async (t) => {
  t.strictSame(targetAt('(a "b" )', 0, budget), { to: 8, from: 1, urlTo: 2 })
  t.strictSame(targetAt('( a )', 0, budget), { to: 5, from: 2, urlTo: 3 })
  t.match(targetAt('()', 0, budget), { to: 2 })
  t.equal(targetAt('(a"b")', 0, budget)?.to, 6, 'what stands at an address is part of it')
  t.equal(targetAt('(a b)', 0, budget), null)
  t.equal(targetAt('(a "b)', 0, budget), null)
})

t.test('what is looked at is taken from the budget', async (t) => {
  const left = budgetOf(100)
  pastUrl('a'.repeat(50), 0, left)
  t.equal(left.steps, 50)
})
