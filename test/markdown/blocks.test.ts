import t from 'tap'
import { marksOf } from '../fixtures/marks.js'

for (const [what, text, marks] of [
  [
    'headings',
    '# a #\n\n##\nb\n===\nc\n---',
    [
      'heading 0-5',
      'heading sign 0-1',
      'heading sign 4-5',
      'heading 7-9',
      'heading sign 7-9',
      'heading 10-15',
      'heading sign 12-15',
      'heading 16-21',
      'heading sign 18-21',
    ],
  ],
  ['what is no heading', '#a\n\n####### b\n\na\n\n    # b\n#\\#', ['escape 27-29']],
  ['rules', '---\n\n* * *\n\n___', ['rule 0-3', 'rule 5-10', 'rule 12-15']],
  ['code by its indent', '    *a*\n\n    *b*\n*c*', ['emphasis 17-20']],
  ['an indent in a paragraph', 'a\n    *b*', ['emphasis 6-9']],
  ['a definition', '[a]: b "c"\nd *e*', ['emphasis 13-16', 'definition 0-10 0-3 5-6']],
  ['a definition before code', '[a]: b\n    *c*', ['definition 0-6 0-3 5-6']],
  ['definitions alone', '[a]: b\n[c]: <d>\n"e"', ['definition 0-6 0-3 5-6', 'definition 7-19 7-10 12-15']],
  ['tasks', '- [ ] *a*\n- [x](b)', ['item 0-1', 'emphasis 6-9', 'item 10-11', 'link 12-18 13-14 (16-17)']],
  ['what begins no list in a paragraph', 'a\n2. b\n-\n10. c\n14 d', ['heading 0-8', 'heading sign 7-8', 'item 9-12']],
  [
    'lists behind a paragraph',
    'a\n1. b\n2. c\n\nd\n- e\n-\n\nf\n* g',
    ['item 2-4', 'item 7-9', 'item 15-16', 'item 19-20', 'item 24-25'],
  ],
  [
    'what ends a paragraph',
    'a\n# b\nc\n> d\n\ne\n```\n```\nf\n<p>\n\ng\n***\nh\n<b>',
    ['heading 2-5', 'heading sign 2-3', 'fence 15-22', 'html block 25-28', 'rule 32-35', 'tag 38-41', 'quote sign 8-9'],
  ],
  [
    'HTML',
    '<div>\n*a*\n\n*b*\n\n<!-- c\n\nd -->\n\n<? e ?>\n<script>\n*f*\n</script>\n*g*',
    ['html block 0-9', 'emphasis 11-14', 'comment block 16-29', 'html block 39-61', 'emphasis 62-65'],
  ],
  [
    'HTML in a quote',
    '> <div>\n>\n> *a*\n\n> <!--\nb',
    [
      'html block 2-7',
      'emphasis 12-15',
      'comment block 19-23',
      'quote sign 0-1',
      'quote sign 8-9',
      'quote sign 10-11',
      'quote sign 17-18',
    ],
  ],
  [
    'an underline in a quote',
    '> a\n> ---\nb\n---',
    ['heading 2-9', 'heading sign 6-9', 'heading 10-15', 'heading sign 12-15', 'quote sign 0-1', 'quote sign 4-5'],
  ],
  [
    'words over several lines of a quote',
    '> *a\n> b* [c\n> d](e)',
    ['emphasis 2-9', 'link 10-20 11-16 (18-19)', 'quote sign 0-1', 'quote sign 5-6', 'quote sign 13-14'],
  ],
] as const) {
  t.test(`blocks: ${what}`, async (t) => {
    t.strictSame(marksOf(text), marks)
  })
}
