import t from 'tap'
import { createPaper } from '../../src/demo/paper.js'

const paper = createPaper(false)

t.test('a message and its decision are printed in columns', async (t) => {
  t.equal(paper.row({ who: 'customer', text: 'hi' }), '  customer  hi')
  const beside = paper.row({ who: 'bot', text: 'hi 🤖', decision: 'sent' })
  t.equal(beside, `       bot  hi 🤖${' '.repeat(35)}sent`)
  const right = paper.row({ who: 'bot', text: '', decision: 'sent', isRight: true })
  t.equal(right.indexOf('✓ sent'), 52)
  const wrong = paper.row({ who: 'bot', text: '', decision: 'sent', isRight: false, must: 'silence' })
  t.match(wrong, /✗ sent — must be: silence$/)
  t.equal(paper.row({ who: 'bot', text: 'wrong', isRight: false, must: 'right', decision: '' }).includes('✗'), true)
})

t.test('a long text is broken, and the decision goes below it', async (t) => {
  const text = `${'word '.repeat(30)}${'x'.repeat(100)}`
  const lines = paper.row({ who: 'customer', text, decision: 'fine', isRight: true }).split('\n')
  t.ok(lines.length >= 4)
  t.ok(lines.every((line) => line.length <= 98))
  t.match(lines.at(-1), /^ {52}✓ fine$/)
})

t.test('control characters in a message do not reach the terminal', async (t) => {
  t.equal(paper.row({ who: 'customer', text: 'a\nb\u001b[2J' }), '  customer  a ⏎ b�[2J')
})

t.test('colours are used only where wanted', async (t) => {
  for (const make of [paper.title, paper.note, paper.problem]) t.equal(make('x'), 'x')
  t.equal(createPaper(true).title('x'), '\u001b[1mx\u001b[0m')
  t.match(createPaper(true).row({ who: 'bot', text: 'x', decision: 'y' }), '\u001b[2my\u001b[0m')
})
