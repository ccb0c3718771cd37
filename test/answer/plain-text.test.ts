import t from 'tap'
import { keptText } from '../../src/answer/plain-text.js'
import { answerText, LINKS, markdown, nestedMarkdown, plain } from '../fixtures/markdown.js'
import { readByLezer } from '../fixtures/marks.js'
import fc, { RUNS } from '../fixtures/property.js'
import { slowness } from '../fixtures/slowness.js'

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

t.test('what comes to be a definition when its marks are gone leads from where it is referred to', async (t) => {
  const text = '**[a]:** https://b.c\n\nd\n\n*see* [a]\n\ne\n\nand [a]'
  t.equal(plain(text), 'd\n\nsee a: https://b.c\n\ne\n\nand a: https://b.c')
  const costly = '[a]('.repeat(220)
  t.equal(plain(`${costly}\n\nx\n\n${text}`).slice(-9), '\n\nand [a]', 'unless it costs too much to look for that')
})

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
  fc.assert(
    fc.property(nestedMarkdown, (text) => {
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

t.test('marks that each show the next one are all made plain', async (t) => {
  t.equal(plain('~~c~~'.repeat(10)), 'c'.repeat(10))
  t.match(plain('~~c~~'.repeat(4_000)), '~~', 'unless there are more than it is worth to read them all')
})

t.test('empty items stay, as many as there are', async (t) => {
  const text = `• a\n• \n${'- \n'.repeat(20)}b`
  t.equal(plain(text), text)
  t.equal(plain(`- a\n- <br>\n${'- \n'.repeat(20)}b`), text)
})

function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage().user
  work()
  return (process.cpuUsage().user - before) / 1_000
}

function cpuMs(texts: readonly string[]): number {
  return cpuMsOf(() => {
    for (const text of texts) plain(text)
  })
}

const LENGTH = 20_000

function filledWith(piece: string): string {
  return piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH)
}

t.test('any text is made plain within moments', async (t) => {
  const texts = [...[...USUAL, ...HOSTILE].map(filledWith), ...MADE]
  // At rest the worst take 5 ms, which coverage makes five times as much.
  const most = 75 * (await slowness())
  const slow: string[] = []
  for (const text of texts) {
    const ms = cpuMs([text]) > most ? Math.min(cpuMs([text]), cpuMs([text]), cpuMs([text])) : 0
    if (ms > most) slow.push(`${JSON.stringify(text.slice(0, 40))}: ${ms} ms`)
  }
  t.strictSame(slow, [])
})

t.test('a long text takes no longer than its pieces do', async (t) => {
  const PIECES = 16
  for (const piece of [...USUAL, ...HOSTILE]) {
    const text = filledWith(piece)
    const pieces = new Array<string>(PIECES).fill(text.slice(0, LENGTH / PIECES))
    // What takes the square of its length would take sixteen times as long.
    const isInProportion = (): boolean => cpuMs([text]) <= 6 * cpuMs(pieces) + 10
    t.ok([0, 1, 2, 3, 4].some(isInProportion), JSON.stringify(piece))
  }
})

t.test('making a text plain takes little more than it takes the parser of an editor to read it', async (t) => {
  const dense = fc.sample(markdown, 400).join('').slice(0, LENGTH)
  const leastOf = (work: () => void): number => Math.min(...Array.from({ length: 5 }, () => cpuMsOf(work)))
  for (const text of [dense, ...['- **a**: b\n', USUAL.at(-1)!].map(filledWith)]) {
    // On most it takes less; four times as much would be a gross loss.
    const isInProportion = (): boolean => leastOf(() => plain(text)) <= 4 * leastOf(() => readByLezer(text)) + 1
    t.ok([0, 1, 2, 3, 4].some(isInProportion), JSON.stringify(text.slice(0, 40)))
  }
})

/** What answers are made of. */
const USUAL = [
  ...['This is **bold** and a [link](https://a.b/c), then words until the line ends.\n\n', '- **item** one of some\n'],
  ...[
    '- **a**: b\n',
    '1. **Name** costs `5`\n',
    '- a\n  - **b**\n    - c\n',
    '| a | b |\n|---|---|\n| **c** | d |\n\n',
  ],
  ...[
    '**a** ',
    '[a](b) ',
    '[our shop](https://a.b/c) ',
    '> a *b*\n',
    '`a` ',
    '```js\nconst a = b\n```\n',
    '## a\n\nb\n\n',
  ],
  ...['<b>a</b> ', '<p>a <a href="https://a.b">b</a></p>\n', 'a<br>b ', '&amp; a ', 'a \\* b ', '~~a~~ b '],
  '## Sizes\n\nWe have:\n\n1. **Blue**, 49 €\n2. *Red*, 59 €\n\nSee [the shop](https://a.b/c?d=1) or `code`.\n\n> words\n\n',
]

const HOSTILE = [
  ...['*a ', '**a', '*a_ ', 'a**b_c__d*', '[', '[a](', '![', '[a](b', '(', '> ', '>', '- ', '1. ', '`', '` ', '`` ` '],
  ...['<a ', '<!--', '<', '|a', '|a|b|\n', 'a|', '_a __b ', '~~a', '\\*', '&amp;', '[a]: b\n', '[a][b] ', ']', '[]'],
  ...[
    'http://a.b/',
    'www.',
    'www.a_.',
    'a@',
    'a.',
    '<![CDATA[',
    '<?',
    '<div>\n',
    ' ',
    '\n',
    '\t- ',
    'plain words ',
    '```\n',
    '*',
  ],
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
  ...[
    'a* ',
    'a* b_ c~~ ',
    '*a_',
    '**a*b_c~~ ',
    '[a] ',
    '[[a]] ',
    '[a](()',
    '[a](b (',
    'a <!-- >',
    'a <? >',
    '<a:',
    'a]',
  ],
  ...[
    '>- ',
    '- - - - - - - - *a*\n',
    '&a;',
    'b*b**',
    '```` ``` `` ` ',
    'a|b\n-|-\n',
    '<a href=x>',
    '<a href="x"></a></b>',
  ],
]

/** Shapes of which one alone fills the text. */
const MADE = [
  `*a${' '.repeat(19_990)}b*`,
  `*a* www.${'a'.repeat(19_980)}.b.c`,
  `http://a.b/${')'.repeat(19_980)}`,
  `http://a.b/${'&a;'.repeat(6_660)}`,
  `${'*a '.repeat(3_330)}${'a* '.repeat(3_330)}`,
  `${'_a '.repeat(2_220)}${'*b '.repeat(2_220)}${'c_ '.repeat(2_220)}`,
  `${'<a href=x>'.repeat(1_420)}${'</a>'.repeat(1_420)}`,
  `${'!['.repeat(3_330)}${'](b)'.repeat(3_330)}`,
  `${'[a]: b\n'.repeat(1_420)}\n${'[a] '.repeat(2_500)}`,
  Array.from({ length: 198 }, (_, i) => '`'.repeat(i + 1)).join(' '),
  `|${'a|'.repeat(4_990)}\n|${'-|'.repeat(4_990)}`,
]

t.test('an answer of 20,000 characters is made plain however many marks it has', async (t) => {
  const lines = (count: number, line: string): string => new Array(count).fill(line).join('\n')
  for (const [text, expected] of [
    ['**a** '.repeat(3_330), 'a '.repeat(3_330).trim()],
    [lines(1_800, '- **a**: b'), lines(1_800, '• a: b')],
    [lines(900, '1. **Name** costs `5`'), lines(900, '1. Name costs 5')],
    [`|a|b|\n|-|-|\n${lines(1_900, '|**c**|d|')}`, `a | b\n${lines(1_900, 'c | d')}`],
    [lines(1_800, '> a *b*'), lines(1_800, 'a b')],
    ['[a](https://b.c) *d* '.repeat(900), 'a: https://b.c d '.repeat(900).trim()],
    [lines(5_000, '- a'), lines(5_000, '• a')],
    [
      `**a** ${'_a '.repeat(2_000)}${'*b '.repeat(2_000)}${'c_ '.repeat(2_000)}`,
      `a ${'a '.repeat(2_000)}${'*b '.repeat(2_000)}${'c '.repeat(2_000)}`.trim(),
    ],
    [`**a** http://a.b/${')'.repeat(15_000)}`, `a http://a.b/${')'.repeat(15_000)}`],
    [`**a** http://a.b/${'&amp;'.repeat(3_000)}`, `a http://a.b/${'&'.repeat(3_000)}`],
    [`**a** www.${'a'.repeat(15_000)}.b.c`, `a www.${'a'.repeat(15_000)}.b.c`],
    [`**a** ${'*_a '.repeat(4_000)}`, `a ${'*_a '.repeat(4_000)}`.trim()],
    [`**a**\n\n${'x,__<https://q.q>'.repeat(1_000)}`, `a\n\n${'x,https://q.q '.repeat(1_000)}`.trim()],
  ] as const) {
    t.ok(text.length <= 20_000)
    t.equal(plain(text), expected)
  }
})

t.test('a text that is made to be costly stays as it is', async (t) => {
  for (const text of [`${'> '.repeat(20)}**a**`, '[a]('.repeat(5_000)]) {
    t.equal(plain(text), text.trim())
  }
  t.equal(plain('- - - - - - - - - - - -\n\n**a**'), 'a', 'a rule is none of it')
})

t.test('with MARKDOWN=keep only pictures are taken out, and links are completed', async (t) => {
  const kept = keptText('# **a** [b](/c) [d](https://e.f) [g]\n\n![p](/p.png "t") `![q](/q.png)`', BASE)
  t.equal(kept.text, '# **a** [b](https://dify.example/c) [d](https://e.f) [g]\n\n\n\ufdd00\n\n`![q](/q.png)`')
  t.strictSame(kept.pictures, [{ url: 'https://dify.example/p.png', title: 'p', isInRow: false }])
  t.strictSame(keptText('plain', null), { text: 'plain', pictures: [] })
  const costly = `[a](/b)${'[a]('.repeat(5_000)}`
  t.equal(keptText(costly, BASE).text, costly)
})
