import t from 'tap'
import { marksOf } from '../fixtures/marks.js'

for (const [what, text, marks] of [
  ['escapes and line breaks', '\\* \\a \\\nb\\', ['escape 0-2', 'line break 6-8']],
  ['entities', '&amp; &#35; &#x1F; & &a', ['entity 0-5', 'entity 6-11', 'entity 12-18']],
  [
    'links',
    '[a](b) ![c](<d e> "f") [g][h] [i] []() []',
    [
      'link 0-6 1-2 (4-5)',
      'image 7-22 9-10 (12-17)',
      'link 23-29 24-25 26-29',
      'link 30-33 31-32',
      'link 34-38 35-35 ()',
    ],
  ],
  [
    'a link in a link',
    '[a [b](c) ![d [e](f)](g)](h) ]',
    ['link 3-9 4-5 (7-8)', 'image 10-24 12-20 (22-23)', 'link 14-20 15-16 (18-19)'],
  ],
  [
    'brackets in a link',
    '[[1]](a) [b [c][d] e](f) [[g] [h](i)](j) [[k]]',
    [
      'link 0-8 1-4 (6-7)',
      'link 1-4 2-3',
      'link 9-24 10-20 (22-23)',
      'link 12-18 13-14 15-18',
      'link 26-29 27-28',
      'link 30-36 31-32 (34-35)',
      'link 42-45 43-44',
    ],
  ],
  [
    'a label right before a link',
    '[a][b](c) [d][e](f g)',
    ['link 0-3 1-2', 'link 3-9 4-5 (7-8)', 'link 10-16 11-12 13-16'],
  ],
  ['brackets without a target', '[a](b c) [d][[ [e](f', ['link 0-3 1-2', 'link 9-12 10-11', 'link 15-18 16-17']],
  ['marks in a label', '[*a*](b) *[c*](d)', ['link 0-8 1-4 (6-7)', 'emphasis 1-4', 'link 10-17 11-13 (15-16)']],
  ['a picture in a link', '[![a](b)](c)', ['link 0-12 1-8 (10-11)', 'image 1-8 3-4 (6-7)']],
  ['code', '`a` ``b`c`` \\``d` e', ['code 0-3', 'code 4-11', 'escape 12-14']],
  ['tildes', '~~a~~ ~b~ x~~ ~~~c~~', ['struck 0-5', 'struck 15-20']],
  ['what begins no picture', '! a !b', []],
  ['stars in an address', 'https://a.b/*c* *d*', ['emphasis 16-19']],
] as const) {
  t.test(`marks in words: ${what}`, async (t) => {
    t.strictSame(marksOf(text), marks)
  })
}
