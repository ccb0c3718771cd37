import { GFM, parser } from '@lezer/markdown'
import t from 'tap'
import { createLook } from '../../src/answer/inline-cost.js'
import { newBudget, parseMarkdown } from '../../src/answer/markdown.js'
import { markdown } from '../fixtures/markdown.js'
import fc, { RUNS } from '../fixtures/property.js'

t.test('what is skipped changes nothing of what is read', async (t) => {
  const asItIs = parser.configure([GFM])
  const more = fc.array(fc.constantFrom(...'`\\<>!?-&;/:."\'=~*_[]() \na5'), { maxLength: 40 })
  const text = fc
    .tuple(markdown, more)
    .map(([some, signs]) => some + signs.join(''))
    .filter((each) => !each.includes('•'))
  fc.assert(
    fc.property(text, (each) => {
      t.equal(parseMarkdown(each, newBudget())?.toString(), asItIs.parse(each).toString(), each)
    }),
    { numRuns: RUNS },
  )
})

function costOf(text: string): number {
  const budget = { steps: 0 }
  const look = createLook(text, budget)
  for (let at = 0; at < text.length; ) {
    const next = look(at)
    // The parser takes a run of marks and a picture's bracket at once.
    at = next > at ? next : at + Math.max(1, /^(?:\*+|_+|~~|!\[)/.exec(text.slice(at, at + 100))?.[0].length ?? 1)
  }
  return -budget.steps
}

for (const [what, piece, isSquare] of [
  ['pairs', '*a* ', false],
  ['pairs in pairs', '**a _b_ ~~c~~** ', false],
  ['openers', '*a ', false],
  ['sizes that do not go together', 'b*b**', true],
  ['closers', 'a* ', true],
  ['closers of another kind', '*a b_ ', true],
  ['struck out without a beginning', 'a~~ ', true],
  ['leftover stars', '***a* ', false],
  ['leftover stars of a closer', '*a*** ', true],
  ['brackets', '[a] ', true],
  ['closing brackets alone', '*a ] ', false],
  ['addresses without an end', '[a](', true],
  ['labels', '[a][b] ', true],
  ['pictures', '![a] ', true],
  ['tags without an end', '<a ', false],
  ['comments without an end', '<!-- > ', true],
  ['addresses between angles', '<a:b> ', false],
  ['blanks', '          ', false],
  ['line breaks', 'a  \n', false],
  ['code', '`a` ``', false],
  ['three tildes', '~~~a ', false],
] as const) {
  t.test(
    `the cost of ${what} is ${isSquare ? 'the square of their number' : 'in proportion to their number'}`,
    async (t) => {
      const [few, many] = [costOf(piece.repeat(200)), costOf(piece.repeat(2_000))]
      if (isSquare) t.ok(many > few * 50 && few > 0, `${few}, ${many}`)
      else t.ok(many <= (few + 200) * 12, `${few}, ${many}`)
    },
  )
}
