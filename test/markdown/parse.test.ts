import t from 'tap'
import { budgetOf } from '../../src/markdown/budget.js'
import { codesOf } from '../../src/markdown/codes.js'
import { parseMarkdown } from '../../src/markdown/parse.js'
import { lezerMarksOf, marksOf } from '../fixtures/marks.js'
import fc, { RUNS } from '../fixtures/property.js'

const PIECES = [
  ...[
    'hello',
    'سلام',
    'a',
    'x',
    '2',
    '😀',
    ',',
    '.',
    ':',
    '(',
    ')',
    ' ',
    ' ',
    ' ',
    '  ',
    '%',
    '$',
    '^',
    '10',
    ';',
    '/',
    '=',
  ],
  ...['*', '**', '_', '__', '~', '~~', '~~~', '[', '](', '] [', ']', '!', '![', '#', '##', '>', '> ', '-', '- ', '+ '],
  ...[
    '1.',
    '1. ',
    '2)',
    '2) ',
    '|',
    '|---|',
    '---',
    '===',
    '***',
    '    ',
    '\t',
    '\n',
    '\n',
    '\n',
    '\n\n',
    '\n   ',
    '\n\t',
  ],
  ...[
    '\n- ',
    '\n  - ',
    '\n> ',
    '\n# ',
    '\n| a | b |\n|-|-|\n',
    '\n=\n',
    '\n-\n',
    '[ ] ',
    '[x] ',
    '•',
    '"',
    "'",
    '{',
    '}',
  ],
  ...['<b>', '</b>', '<br>', '<a href="https://h.h">', '<div>', '<li>', '\n<p>\n', '<!--', '-->', '<?', '?>', '<'],
  ...[
    '<![CDATA[',
    ']]>',
    'https://u.u/p',
    'www.w.w',
    'a@b.c',
    'mailto:',
    'http://',
    '[a](https://l.l)',
    '<https://q.q>',
  ],
  ...[
    '![p](i.png "t")',
    '[r][1]',
    '\n\n[1]: https://r.r\n\n',
    '[a]: b',
    '[a]:',
    '`',
    '``',
    '```',
    '\n```\n',
    '\n~~~\n',
  ],
  ...['\\', '\\*', '\\|', '&amp;', '&', '&#x20;'],
] as const

/**
 * Where it loses the `>` of a heading's underline, ends no HTML before a quote's empty line, wants no blank behind a table's
 * rule, counts a tab behind an item's sign as one column, takes `[a][b]` in `[a][b](c)` for a link,
 * wants blanks around two stars at a sign in any script, and begins code with a fence that more tildes follow.
 */
function isReadOtherwise(text: string): boolean {
  if (/~{3}[^~\n]+~/.test(text)) return true
  if (/(?:[-+*]|\d[.)])(?:[ \t]*$|[ \t]*\t)/m.test(text)) return true
  if (/\]\[[^\]]*\]\(|\p{Script=Arabic}\*{2,}[\p{P}\p{S}]|[\p{P}\p{S}]\*{2,}\p{Script=Arabic}/u.test(text)) return true
  const hasQuote = /(?:^|[^a-z"\-?\]])>/m.test(text)
  return (hasQuote && /<|^[>\s]*[-=]+[ \t]*$/m.test(text)) || /[-|:][ \t]+$/m.test(text)
}

/** It takes `[b]` in `[a [b]](c)` for a link that no other may hold, though no such label need be defined. */
function holdsLinks(marks: readonly string[]): boolean {
  const links = marks.flatMap((mark) => {
    const [, from, to] = /^link (\d+)-(\d+) /.exec(mark) ?? []
    return from === undefined ? [] : [[Number(from), Number(to)] as const]
  })
  return links.some(([from, to]) => links.some((other) => from < other[0] && other[1] < to))
}

t.test('marks are found where the parser of an editor finds them, in any text', async (t) => {
  const text = fc
    .array(fc.constantFrom(...PIECES), { maxLength: 40 })
    .map((pieces) => pieces.join(''))
    .filter((each) => !isReadOtherwise(each))
  fc.assert(
    fc.property(text, (each) => {
      const marks = marksOf(each)
      fc.pre(!holdsLinks(marks))
      t.strictSame(marks.toSorted(), lezerMarksOf(each).toSorted(), each)
    }),
    { numRuns: RUNS },
  )
})

t.test('a text that is made to be costly is not read', async (t) => {
  const isRead = (text: string): boolean => parseMarkdown(codesOf(text), budgetOf(250_000)) !== null
  t.notOk(isRead('> '.repeat(17)), 'quotes in quotes')
  t.notOk(isRead('>- '.repeat(10_000)), 'lists in quotes')
  t.notOk(isRead('[a]('.repeat(5_000)), 'addresses without an end')
  t.ok(isRead('*a_ '.repeat(5_000)), 'marks without partners')
  t.ok(isRead(`*a* www.${'a'.repeat(15_000)}.b`), 'a long name of a host')
  t.ok(isRead(`*a* http://a.b/${'&amp;'.repeat(4_000)}`), 'a bare link with a long end')
  t.ok(isRead('*a* '.repeat(5_000)), 'many pairs')
  t.ok(isRead('- a\n'.repeat(5_000)), 'many items')
  t.ok(isRead('> '.repeat(16)), 'what may just be read')
})

t.test('the searches take from the budget, in proportion to the text where it is meant to be read', async (t) => {
  const stepsFor = (piece: string, times: number): number => {
    const budget = budgetOf(1_000_000_000)
    parseMarkdown(codesOf(piece.repeat(times)), budget)
    return 1_000_000_000 - budget.steps
  }
  for (const piece of [
    '**a _b_ ~~c~~** ',
    '[a](b) ',
    '[a][b] ',
    '![a](b "c") ',
    '- a\n',
    'https://a.b/c ',
    '<a:b> ',
    '`a` ``',
    '*a b_ ',
    '*a**b_c~~ ',
    'x,__<https://q.q>',
  ]) {
    t.ok(stepsFor(piece, 1_000) <= 3 * piece.length * 1_000, piece)
  }
  for (const piece of ['[a](', '[a](b (', '[http://a.b/(']) {
    t.ok(stepsFor(piece, 1_000) > 20 * stepsFor(piece, 100), piece)
  }
})
