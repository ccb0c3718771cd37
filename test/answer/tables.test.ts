import t from 'tap'
import { plain } from '../fixtures/markdown.js'

for (const [what, text, expected] of [
  [
    'a table',
    'Prices:\n\n| Item | Price |\n|:---|---:|\n| **Shoe** | 10 € |\n| Shirt | |\n\nend',
    'Prices:\n\nItem | Price\nShoe | 10 €\nShirt | \n\nend',
  ],
  ['a table without edges', 'a | b\n--|--\nc | d', 'a | b\nc | d'],
  ['a table without a head', '| | |\n|---|---|\n| a | b |', 'a | b'],
  ['a bar in a cell', '| a |\n|---|\n| b \\| c |', 'a\nb | c'],
  ['a bar in code in a cell', '| a | `b \\| c` |\n|---|---|\n| ``d` \\| e`` | f |', 'a | b | c\nd` | e | f'],
  ['a line break in a cell', '| a | b |\n|---|---|\n| c<br>d | e |', 'a | b\nc d | e'],
] as const) {
  t.test(`tables: ${what}`, async (t) => {
    t.equal(plain(text), expected)
  })
}
