import t from 'tap'
import { createPaper } from '../../src/demo/paper.js'

const paper = createPaper(false, 110)

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
  const text = `${'word '.repeat(30)}${'x'.repeat(120)}`
  const lines = paper.row({ who: 'customer', text, decision: 'fine', isRight: true }).split('\n')
  t.ok(lines.length >= 4)
  t.ok(lines.every((line) => line.length <= 110))
  t.match(lines.at(-1), /^ {52}✓ fine$/)
})

t.test('from 50 columns up no line is longer, and none breaks within a word', async (t) => {
  const text = 'Hi! Is the blue jacket with the large hood still there?'
  const decision = 'bot · evidence message_id: the id of our own send'
  const rows = [
    { who: 'customer', text, decision, isRight: true },
    { who: 'customer', text, decision, isRight: false, must: decision },
    { who: 'router', text: '', decision },
    { who: 'workflow', text },
  ] as const
  for (let width = 50; width <= 120; width += 1) {
    const narrow = createPaper(false, width)
    const shown = [
      ...rows.map(narrow.row),
      ...[narrow.title, narrow.note, narrow.problem].map((as) => as(`  ${text} ${text}`)),
    ]
    const lines = shown.flatMap((each) => each.split('\n'))
    t.same(
      lines.filter((line) => line.length > width),
      [],
      `${width}`,
    )
    const words = new Set(shown.join('\n').split(/\s+/))
    const all = `${text} ${decision}`.split(' ')
    t.ok(all.every((word) => words.has(word)))
  }
})

t.test('an address is kept whole, and what stands in several lines does', async (t) => {
  const address = `https://x.y/${'z'.repeat(100)}`
  t.equal(createPaper(false, 50).plain(`a\n\n${address}\n  ${address}`), `a\n\n${address}\n  ${address}`)
})

t.test('control characters in a message do not reach the terminal', async (t) => {
  t.equal(paper.row({ who: 'customer', text: 'a\nb\u001b[2J' }), '  customer  a ⏎ b�[2J')
})

t.test('colours are used only where wanted', async (t) => {
  for (const make of [paper.title, paper.note, paper.problem]) t.equal(make('x'), 'x')
  t.equal(createPaper(true, 110).title('x'), '\u001b[1mx\u001b[0m')
  t.match(createPaper(true, 110).row({ who: 'bot', text: 'x', decision: 'y' }), '\u001b[2my\u001b[0m')
})
