import t from 'tap'
import { marksOf } from '../fixtures/marks.js'

for (const [what, text, marks] of [
  [
    'rows',
    '| a | *b* |\n|---|:-:|\n| c |\nd',
    [
      'table 0-29',
      'table rule 12-21',
      'row 0-11',
      'bar 0-1',
      'bar 4-5',
      'bar 10-11',
      'row 22-27',
      'bar 22-23',
      'bar 26-27',
      'row 28-29',
      'emphasis 6-9',
    ],
  ],
  ['bars only between', 'a|b\n-|-', ['table 0-7', 'table rule 4-7', 'row 0-3', 'bar 1-2']],
  ['blanks behind the rule', '|a|\n|-| ', ['table 0-8', 'table rule 4-8', 'row 0-3', 'bar 0-1', 'bar 2-3']],
  ['a paragraph before it', 'x\n|a|\n|-|\n', ['table 2-9', 'table rule 6-9', 'row 2-5', 'bar 2-3', 'bar 4-5']],
  [
    'a quote around it',
    '> x\n> |a|\n> |-|',
    [
      'table 6-15',
      'table rule 12-15',
      'row 6-9',
      'bar 6-7',
      'bar 8-9',
      'quote sign 0-1',
      'quote sign 4-5',
      'quote sign 10-11',
    ],
  ],
  ['an escaped bar', '|a\\|b|\n|-|', ['table 0-10', 'table rule 7-10', 'row 0-6', 'bar 0-1', 'bar 5-6', 'escape 2-4']],
  [
    'a head without words',
    '| |\n|-|\n|\\',
    ['table 0-10', 'table rule 4-7', 'row 0-3', 'bar 0-1', 'bar 2-3', 'row 8-10', 'bar 8-9'],
  ],
  ['as many cells as its head', '|a|b|\n|-|\n\nx\na|b\n|-|\n\na\\|b\n-|-', ['escape 23-25']],
  ['no rule', 'a|b\nc|d\n\nx\na|b', []],
] as const) {
  t.test(`tables: ${what}`, async (t) => {
    t.strictSame(marksOf(text), marks)
  })
}
