import t from 'tap'
import { budgetOf } from '../../src/markdown/budget.js'
import { codesOf } from '../../src/markdown/codes.js'
import { DefinitionReader } from '../../src/markdown/definition.js'

function read(...pieces: readonly string[]): string {
  const before = 'x'.repeat(10)
  const reader = new DefinitionReader(codesOf(before + pieces.join('')), before.length, budgetOf(1_000_000))
  let end = before.length
  for (const [line, piece] of pieces.entries()) {
    end += piece.length
    const found = reader.add(end)
    if (found) return `line ${line}: ${found.from}-${found.to} ${found.label.to} ${found.url.from}-${found.url.to}`
  }
  const found = reader.finish()
  return found ? `end: ${found.from}-${found.to} ${found.label.to} ${found.url.from}-${found.url.to}` : 'none'
}

for (const [what, pieces, expected] of [
  ['alone', ['[a]: b'], 'end: 10-16 13 15-16'],
  ['with a title', ['[a]: b "c"  '], 'end: 10-22 13 15-16'],
  ['over several lines', ['[a', '\nb]:', '\n<c>', '\n"d"'], 'end: 10-24 15 17-20'],
  ['with a title over several lines', ['[a]: b "c', '\nd"', '\ne'], 'line 2: 10-22 13 15-16'],
  ['before something else', ['[a]: b', '\nc'], 'line 1: 10-16 13 15-16'],
  ['before a title that goes on', ['[a]: b', '\n"c', '\nd"'], 'line 1: 10-16 13 15-16'],
  ['with words behind', ['[a]: b c'], 'none'],
  ['with words behind its title', ['[a]: b "c" d', '\ne'], 'none'],
  ['without a colon', ['[a] b', '\nc'], 'none'],
  ['without a label', ['[ ]: b'], 'none'],
  ['without an address', ['[a]:'], 'none'],
  ['with half an address', ['[a]: <b', '\nc>'], 'none'],
] as const) {
  t.test(`a definition ${what}`, async (t) => {
    t.equal(read(...pieces), expected)
  })
}
