import t from 'tap'
import { marksOf } from '../fixtures/marks.js'

for (const [what, text, marks] of [
  ['code with a name', '```js x\n*a*\n\n*b*\n```', ['fence 0-20', 'info 3-7', 'code text 8-16']],
  ['an empty line', '~~~\n\n~~~', ['fence 0-8', 'code text 4-5']],
  ['nothing', '```\n```', ['fence 0-7']],
  ['no end', '```\na', ['fence 0-5', 'code text 4-5']],
  [
    'a quote that ends',
    '> ```\n> a\n> b\n\n*c*',
    [
      'fence 2-13',
      'code text 8-10',
      'code text 12-13',
      'emphasis 15-18',
      'quote sign 0-1',
      'quote sign 6-7',
      'quote sign 10-11',
    ],
  ],
  [
    'an empty line of an item',
    '- ```\n  a\n\n  b\n  ```',
    ['item 0-1', 'fence 2-20', 'code text 8-11', 'code text 13-14'],
  ],
  ['signs that do not end it', '````\n```\n    ````\n```` a', ['fence 0-24', 'code text 5-24']],
  ['a tick behind the signs', '``` `a', []],
  ['blanks behind its name', '~~~ js \n~~~', ['fence 0-11', 'info 4-6']],
] as const) {
  t.test(`fences: ${what}`, async (t) => {
    t.strictSame(marksOf(text), marks)
  })
}
