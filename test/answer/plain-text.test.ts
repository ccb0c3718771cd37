import t from 'tap'
import { keptText } from '../../src/answer/plain-text.js'
import { answerText, LINKS, markdown, plain } from '../fixtures/markdown.js'
import fc, { RUNS } from '../fixtures/property.js'

const BASE = 'https://dify.example/v1'

for (const [what, text, expected] of [
  ['emphasis', '**bold**, __bold__, *it*, _it_, ***both***, ~~gone~~', 'bold, bold, it, it, both, gone'],
  ['a part of a word', 'un*frigging*believable', 'unfriggingbelievable'],
  ['line breaks', 'a\\\nb  \nc', 'a\nb  \nc'],
  ['a mark in a mark', '**# a**\n\n_- b_', 'a\n\n• b'],
  ['a title over a table', '**| a |**', '| a |'],
] as const) {
  t.test(`plain: ${what}`, async (t) => {
    t.equal(plain(text), expected)
  })
}

for (const text of [
  '2 * 3 * 4 = 24',
  '10*20*30 cm, 2**3**4',
  '10 €*, 12 €*, 50%* (*) 3*, 4*',
  'snake_case_name and __init',
  'Price: 10 €*, 12 €* (*incl. VAT)',
  'قیمت: ۱۲۰٬۰۰۰ تومان* است؟ «سلام»، خوبی؟',
  '۱۰*۲۰*۳۰',
  'السعر: ١٠٠ ريال، شكراً!',
  'می\u200cخواهم \u200fx\u200e',
  '+ 49 30 123456',
  'Call +49 30 123456 - or #1',
  '-',
  '😀 👨‍👩‍👧 ❤️',
  'a\n\n\n\nb   c\td',
  'Mo-Fr: 9-17\nSa: 10-14',
  'A & B | C > D < E ~ F ^ G = H',
  '"quoted" \'single\' (brackets) {braces}',
  '...!?,;:',
]) {
  t.test(`untouched: ${JSON.stringify(text)}`, async (t) => {
    t.equal(plain(text), text)
  })
}

t.test('a text without Markdown comes out to the letter', async (t) => {
  const word = fc.stringMatching(/^[\p{L}\p{N}\p{Extended_Pictographic}،؛؟٬«».,;:!?'"%€$()/]{1,12}$/u)
  const blank = fc.constantFrom(' ', ' ', ' ', '\n', '\n\n', '  ', '\u200c', ' - ', ' * ', ' & ', '_')
  const words = fc.array(fc.tuple(word, blank), { minLength: 1, maxLength: 30 })
  const text = words
    .map((pairs) => pairs.flat().join('').trim())
    .filter((each) => !/^ *\d+[.)] /m.test(each) && !/_[^\p{L}\p{N}]|[^\p{L}\p{N}]_|:\/\//u.test(each))
  fc.assert(
    fc.property(text, (each) => {
      t.equal(plain(each), each)
    }),
    { numRuns: RUNS },
  )
})

t.test('plain text stays as it is when made plain again, and keeps every link', async (t) => {
  fc.assert(
    fc.property(markdown, (text) => {
      const once = answerText(text)
      t.equal(answerText(once), once, text)
    }),
    { numRuns: Math.max(RUNS, 2_000) },
  )
  const words = fc.constantFrom('a', '**b**', '\n', '\n\n', ' ', '- ', '# ', '| a | b |', '> ', '1. ', 'سلام')
  fc.assert(
    fc.property(fc.array(fc.tuple(words, fc.constantFrom(...LINKS)), { maxLength: 12 }), (pairs) => {
      const shown = answerText(pairs.map(([word, [link]]) => `${word} ${link} `).join(''))
      for (const [, [, address]] of pairs) t.ok(shown.includes(address), `${address} in ${shown}`)
    }),
    { numRuns: RUNS },
  )
})

t.test('any text is made plain within moments', async (t) => {
  const LENGTH = 20_000
  const slow: string[] = []
  for (const piece of HOSTILE) {
    const text = piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH)
    plain(text)
    const before = process.cpuUsage().user
    for (let i = 0; i < 3; i += 1) plain(text)
    const ms = (process.cpuUsage().user - before) / 3_000
    // Time of the process, of which it takes less than one at rest; coverage and a busy machine's caches make it more.
    if (ms > 25) slow.push(`${JSON.stringify(piece)}: ${ms} ms`)
  }
  t.strictSame(slow, [])
})

const HOSTILE = [
  ...['*a ', '**a', '*a_ ', 'a**b_c__d*', '[', '[a](', '![', '[a](b', '(', '> ', '>', '- ', '1. ', '`', '` ', '`` ` '],
  ...['<a ', '<!--', '<', '|a', '|a|b|\n', 'a|', '_a __b ', '~~a', '\\*', '&amp;', '[a]: b\n', '[a][b] ', ']', '[]'],
  ...['http://a.b/', 'www.', 'a@', 'a.', '<![CDATA[', '<?', '<div>\n', ' ', '\n', '\t- ', 'plain words ', '```\n', '*'],
  ...[
    '*a **b ',
    '[x](http://a.b/c) ',
    '![x](http://a.b/c) ',
    '\n    - a',
    '•',
    '• a\n',
    '#',
    '# a\n',
    'a\n===\n',
    '\\',
  ],
  ...[
    '<a href="x">',
    '<img src="a">',
    '<b',
    '<b "',
    "<b '",
    '|-',
    '**a:**b',
    '[a]: <',
    '[^1]: a\n',
    '- a\n  - b\n',
    'x\n===\n\n',
    'a\n---\n',
  ],
]

t.test('a text with too many marks stays as it is', async (t) => {
  for (const text of [
    '**a**'.repeat(2_000),
    `${'> '.repeat(20)}**a**`,
    `a ${'*b '.repeat(500)}**c**`,
    '- **a**\n'.repeat(700),
  ]) {
    t.equal(plain(text), text.trim())
  }
  const lines = '[a](b) *c* '.repeat(50)
  const text = new Array(12).fill(lines).join('\n\n').trim()
  t.equal(plain(text), text, 'many paragraphs at the edge of it')
  t.equal(plain('- - - - - - - - - - - -\n\n**a**'), 'a', 'a rule is none of it')
})

t.test('with MARKDOWN=keep only pictures are taken out, and links are completed', async (t) => {
  const kept = keptText('# **a** [b](/c) [d](https://e.f) [g]\n\n![p](/p.png "t") `![q](/q.png)`', BASE)
  t.equal(kept.text, '# **a** [b](https://dify.example/c) [d](https://e.f) [g]\n\n\n\ufdd00\n\n`![q](/q.png)`')
  t.strictSame(kept.pictures, [{ url: 'https://dify.example/p.png', title: 'p', isInRow: false }])
  t.strictSame(keptText('plain', null), { text: 'plain', pictures: [] })
  t.equal(keptText(`[a](/b)${'*'.repeat(5_000)}`, BASE).text, `[a](/b)${'*'.repeat(5_000)}`)
})
