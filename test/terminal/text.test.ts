import t from 'tap'
import { columns, padded, printable, shortened, wrapped } from '../../src/terminal/text.js'

t.test('lines break at blanks, and no line is longer than the room', async (t) => {
  t.same(wrapped('one two three', 7), ['one two', 'three'])
  t.same(wrapped('', 7), [''])
  const text = `${'word '.repeat(30)}${'x'.repeat(100)} 🤖🤖🤖`
  for (const width of [5, 20, 50]) {
    const lines = wrapped(text, width)
    t.ok(
      lines.every((line) => columns(line) <= width),
      `${width}`,
    )
    t.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
  }
  t.same(wrapped('🤖🤖🤖', 5), ['🤖🤖', '🤖'])
  t.same(wrapped('🤖', 1), ['🤖'], 'what fits nowhere stands alone')
})

t.test('what is cut says so, and what is short is filled up', async (t) => {
  t.equal(shortened('abcdef', 6), 'abcdef')
  t.equal(shortened('abcdefg', 6), 'abcde…')
  t.equal(padded('🤖', 4), '🤖  ')
  t.equal(padded('long', 2), 'long')
})

t.test('what somebody wrote does not steer the terminal', async (t) => {
  t.equal(printable('a\r\nb\u001b[2J'), 'a ⏎ b�[2J')
})
