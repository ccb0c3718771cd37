import t from 'tap'
import { marksOf } from '../fixtures/marks.js'

for (const [what, text, marks] of [
  ['quotes', '> a\n>b\nc\n\nd', ['quote sign 0-1', 'quote sign 4-5']],
  ['a quote in a quote', '> > *a*\n> b', ['emphasis 4-7', 'quote sign 0-1', 'quote sign 2-3', 'quote sign 8-9']],
  ['lists', '- a\n- b\n* c\n1. d\n2) e', ['item 0-1', 'item 4-5', 'item 8-9', 'item 12-14', 'item 17-19']],
  ['a list in a list', '- a\n  - *b*\n\n    c\n- d', ['item 0-1', 'item 6-7', 'emphasis 8-11', 'item 19-20']],
  [
    'an item that begins with an empty line',
    '-\n  a\n\n  *b*\n\n-\n\n  *c*\n1.   \n\n   *d*',
    ['item 0-1', 'emphasis 9-12', 'item 14-15', 'emphasis 19-22', 'emphasis 33-36'],
  ],
  ['a rule between items', '- a\n---\n- b\n* * *', ['item 0-1', 'rule 4-7', 'item 8-9', 'rule 12-17']],
  [
    'a paragraph that goes on without its sign',
    '> *a\nb*\n\n- *c\nd*',
    ['emphasis 2-7', 'item 9-10', 'emphasis 11-16', 'quote sign 0-1'],
  ],
  ['signs without a blank', '-a\n1.b\n12345678901. c\n1', []],
  ['tabs', '-\ta\n\n\t*b*\n>\t*c*', ['item 0-1', 'emphasis 6-9', 'emphasis 12-15', 'quote sign 10-11']],
  [
    'a sign that is too far in',
    '- a\n\n      - *b*\n\n    - c\n 1. d\n     e',
    ['item 0-1', 'item 22-23', 'item 27-29'],
  ],
  ['an indent less than that of a wide sign', '1234567. a\n\n     *b*\n\n  *c*', ['item 0-8', 'emphasis 24-27']],
] as const) {
  t.test(`quotes and lists: ${what}`, async (t) => {
    t.strictSame(marksOf(text), marks)
  })
}
