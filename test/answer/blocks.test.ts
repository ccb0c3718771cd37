import t from 'tap'
import { plain } from '../fixtures/markdown.js'

for (const [what, text, expected] of [
  [
    'headings',
    '# One\n\nText\n\n## Two ##\n\nThree\n=====\n\nFour\n---\ntext',
    'One\n\nText\n\nTwo\n\nThree\n\nFour\ntext',
  ],
  ['blanks behind an underline', 'a\n--- \nb', 'a\nb'],
  ['one sign alone, which underlines nothing', 'a\n-\n-\n\n12 + 3\n=\n**15**', 'a\n-\n-\n\n12 + 3\n=\n15'],
  ['a heading of nothing', '#\ntext', 'text'],
  ['signs behind the sign of a heading', '# # #One and #two #\n\n## > ## Three', '#One and #two\n\nThree'],
  ['nothing but signs', `${'## '.repeat(200)}\n${'> # '.repeat(200)}\ntext`, 'text'],
  ['code', 'Use `npm *i*` or `` a`b ``, ` ` and ` x `', 'Use npm *i* or a`b,   and x'],
  [
    'code in a block',
    'So:\n\n```js\nconst a = b * c * d\n\n  # no title\n```\nend',
    'So:\n\nconst a = b * c * d\n\n  # no title\nend',
  ],
  ['an empty block of code', 'a\n\n```\n```\n\nb', 'a\n\n\n\nb'],
  ['words behind a fence', '```see https://a.b\nx\n```\n\n```*a*```\n\n~~~*a*', 'see https://a.b\nx\n\n*a*\n\n*a*'],
  ['no code behind tildes that more of them follow', '~~~~a~~~~ **b**\n*c*', 'a b\nc'],
  ['code without an end', '```\n**x**', '**x**'],
  ['code in a quote', '> ```\n> *a*\n> *b*\n> ```', '*a*\n*b*'],
  ['code in a list', '- ```\n  *a*\n  ```', '• *a*'],
  ['code by its indent', 'a\n\n    *b* & c', 'a\n\n    *b* & c'],
  ['code that loses its indent', '>     *b* & c\n\nd', 'b & c\n\nd'],
  ['quotes', '> a\n> b\n>\n>c\n> > d', 'a\nb\n\nc\nd'],
] as const) {
  t.test(`headings, quotes and code: ${what}`, async (t) => {
    t.equal(plain(text), expected)
  })
}
