import t from 'tap'
import { budgetOf } from '../../src/markdown/budget.js'
import { codesOf } from '../../src/markdown/codes.js'
import { NONE, pastLabel, pastTitle, pastUrl, targetAt, UNFINISHED } from '../../src/markdown/targets.js'

const budget = budgetOf(1_000_000)
const label = (text: string, needsWords: boolean): number =>
  pastLabel(codesOf(text), 0, text.length, budget, needsWords)
const url = (text: string): number => pastUrl(codesOf(text), 0, text.length, budget)
const title = (text: string): number => pastTitle(codesOf(text), 0, text.length, budget)
const target = (text: string): ReturnType<typeof targetAt> => targetAt(codesOf(text), 0, text.length, budget)

t.test('a label ends at its bracket', async (t) => {
  t.equal(label('[a\\]b]', true), 6)
  t.equal(label('[ ]', true), NONE, 'blanks are none')
  t.equal(label('[ ]', false), 3)
  t.equal(label('[a[b]]', false), NONE)
  t.equal(label('[a', false), UNFINISHED)
  t.equal(label(`[${'a'.repeat(1_000)}]`, false), UNFINISHED, 'a thousand characters at the most')
})

t.test('an address ends at a blank or the bracket around it', async (t) => {
  t.equal(url('a(b)c) d'), 5)
  t.equal(url('a\\)b c'), 4)
  t.equal(url('a\\ b'), 2)
  t.equal(url(') a'), NONE)
  t.equal(url('a\\'), 2)
  t.equal(url(''), UNFINISHED)
  t.equal(url('<a b\\>c> d'), 8)
  t.equal(url('<a\nb>'), NONE)
  t.equal(url('<a\\\nb>'), NONE)
  t.equal(url('<a<b>'), NONE)
  t.equal(url('<a'), UNFINISHED)
})

t.test('a title ends as it began', async (t) => {
  t.equal(title('"a\\"b" c'), 6)
  t.equal(title("'a\nb'"), 5)
  t.equal(title('(a) b'), 3)
  t.equal(title('a'), NONE)
  t.equal(title('"a'), UNFINISHED)
})

t.test('a target is an address, with a title or without', async (t) => {
  t.strictSame(target('(a "b" )'), { to: 8, from: 1, urlTo: 2 })
  t.strictSame(target('( a )'), { to: 5, from: 2, urlTo: 3 })
  t.match(target('()'), { to: 2 })
  t.equal(target('(a"b")')?.to, 6, 'what stands at an address is part of it')
  t.equal(target('(a b)'), null)
  t.equal(target('(a "b)'), null)
})

t.test('what is looked at is taken from the budget', async (t) => {
  const left = budgetOf(100)
  pastUrl(codesOf('a'.repeat(50)), 0, 50, left)
  t.equal(left.steps, 50)
})
