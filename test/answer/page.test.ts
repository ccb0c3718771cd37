import t from 'tap'
import { lineEnd, lineStart, pastBlanks } from '../../src/answer/page.js'
import { plain } from '../fixtures/markdown.js'

for (const [what, text, expected] of [
  ['rules', 'a\n\n---\n\nb\n***\nc\n\n___', 'a\n\nb\n\nc'],
  ['a rule first', '---\na', 'a'],
  ['a rule in a quote', '> a\n>\n> ---\n>\n> b', 'a\n\n\n\nb'],
] as const) {
  t.test(`lines are dropped: ${what}`, async (t) => {
    t.equal(plain(text), expected)
  })
}

t.test('positions in a text are found', async (t) => {
  const text = 'ab\n  cd\n'
  t.strictSame([lineStart(text, 0), lineStart(text, 3), lineStart(text, 6)], [0, 3, 3])
  t.strictSame([lineEnd(text, 0), lineEnd(text, 4), lineEnd(text, 9)], [2, 7, 8])
  t.strictSame([pastBlanks(text, 3), pastBlanks(text, 0), pastBlanks(' \t', 0)], [5, 0, 2])
})
