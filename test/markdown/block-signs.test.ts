import t from 'tap'
import {
  columnOfItem,
  hasBar,
  isRule,
  pastBullet,
  pastFence,
  pastHashes,
  pastNumber,
  pastUnderline,
} from '../../src/markdown/block-signs.js'
import { codesOf } from '../../src/markdown/codes.js'
import { Line } from '../../src/markdown/line.js'

function lineOf(text: string): Line {
  const line = new Line(codesOf(text))
  line.read(0)
  return line
}

for (const [what, read, ends] of [
  ['fences', pastFence, { '```': 3, '~~~~a': 4, '``': -1, '```a`': -1, '~~~a~': -1, 'a```': -1, ' ~~~`': 4 }],
  ['bullets', pastBullet, { '- a': 1, '+': 1, '*\ta': 1, '-a': -1, a: -1, '': -1 }],
  ['numbers', pastNumber, { '1. a': 2, '123456789)': 10, '1234567890.': -1, '1.a': -1, '12': -1, '1-': -1, '.': -1 }],
  ['titles', pastHashes, { '#': 1, '###### a': 6, '#######': -1, '#a': -1, 'a#': -1 }],
  ['underlines', pastUnderline, { '---': 3, '=': 1, '== ': 2, '--a': -1, '=-': -1, '    ---': -1, '+': -1 }],
] as const) {
  t.test(`${what} are told by their signs`, async (t) => {
    for (const [text, end] of Object.entries(ends)) t.equal(read(lineOf(text)), end, text)
  })
}

t.test('a rule is three signs of one kind and nothing else', async (t) => {
  for (const text of ['---', '* * *', '___ ', ' - - - -']) t.ok(isRule(lineOf(text)), text)
  for (const text of ['--', '--*', '--- a', '===', '']) t.notOk(isRule(lineOf(text)), text)
})

t.test('an escaped bar divides nothing', async (t) => {
  t.ok(hasBar(codesOf('a|b'), 0, 3))
  t.notOk(hasBar(codesOf('a\\|b'), 0, 4))
  t.notOk(hasBar(codesOf('a|b'), 2, 3))
})

t.test('the words of an item begin behind the blanks, unless they are code', async (t) => {
  for (const [text, column] of [
    ['- a', 2],
    ['-   a', 4],
    ['-     a', 2],
    ['-', 2],
    ['-\ta', 4],
    ['  - a', 4],
  ] as const) {
    const line = lineOf(text)
    t.equal(columnOfItem(line, line.pos + 1), column, text)
  }
})
