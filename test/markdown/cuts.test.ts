import t from 'tap'
import { budgetOf } from '../../src/markdown/budget.js'
import { codesOf } from '../../src/markdown/codes.js'
import type { Cut } from '../../src/markdown/cuts.js'
import { parseMarkdown } from '../../src/markdown/parse.js'
import { markdown } from '../fixtures/markdown.js'
import { parsed } from '../fixtures/marks.js'
import fc, { RUNS } from '../fixtures/property.js'

t.test('a text may be cut where a block begins that nothing before it holds', async (t) => {
  const cutsOf = (text: string): readonly number[] => parsed(text).cuts
  t.strictSame(cutsOf(''), [])
  t.strictSame(cutsOf('a\nb\n\n\nc\n# d\ne'), [0, 6, 8, 12])
  t.strictSame(cutsOf('- a\n\n  b\n- c\n  - d\n\ne'), [0, 9, 20], 'also where a list goes on')
  t.strictSame(cutsOf('```\na\n\nb\n```\n> c\nd\n\n> e'), [0, 13, 20])
})

function read(text: string, known: readonly Cut[]): readonly string[] {
  const { marks, cuts } = parseMarkdown(codesOf(text), budgetOf(1_000), known)!
  return [...marks.map(({ is, from }) => `${is} ${from}`), ...cuts.map((at) => `cut ${at}`)]
}

t.test('what is known to hold no marks is left out', async (t) => {
  const cut = (at: number, isPlain: boolean): Cut => ({ at, isPlain })
  const text = '*a*\n\n*b*\n\n*c*\n\n*d*'
  const all = ['cut 0', 'cut 5', 'cut 10', 'cut 15']
  t.strictSame(read(text, [cut(0, true), cut(5, false), cut(10, true), cut(15, true)]), ['emphasis 5', ...all])
  t.strictSame(read(text, [cut(0, false), cut(5, true), cut(10, true), cut(15, false)]), [
    'emphasis 0',
    'emphasis 15',
    ...all,
  ])
  t.strictSame(read(`${text}\n\n`, [cut(0, true)]), ['cut 0'], 'up to the end')
  t.strictSame(read('a\n\n\n*b*', [cut(0, true), cut(2, false)]), ['emphasis 4', 'cut 0', 'cut 4'], 'an empty line')
})

t.test('where something before it goes on, it is read all the same', async (t) => {
  const known = [
    { at: 0, isPlain: false },
    { at: 5, isPlain: true },
  ]
  t.strictSame(read('- a\n\n  *b*', known), ['item 0', 'emphasis 7', 'cut 0'])
  t.strictSame(read('```\n\n*b*', known), ['fence 0', 'cut 0'])
})

t.test('each piece between two cuts holds the same marks by itself', async (t) => {
  fc.assert(
    fc.property(markdown, (text) => {
      const whole = parsed(text)
      const pieces = whole.cuts.flatMap((at, i) => {
        const { marks } = parsed(text.slice(at, whole.cuts[i + 1]))
        return marks.map(({ is, from, to }) => `${is} ${from + at}-${to + at}`)
      })
      t.strictSame(
        pieces,
        whole.marks.map(({ is, from, to }) => `${is} ${from}-${to}`),
        text,
      )
    }),
    { numRuns: RUNS },
  )
})
