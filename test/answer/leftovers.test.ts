import t from 'tap'
import { Apart } from '../../src/answer/apart.js'
import { Leftovers } from '../../src/answer/leftovers.js'
import { codesOf } from '../../src/markdown/codes.js'
import { markdown, plain } from '../fixtures/markdown.js'
import fc, { RUNS } from '../fixtures/property.js'

function leftoversOf(text: string): Leftovers {
  const codes = codesOf(text)
  return new Leftovers(text, codes, new Apart(codes))
}

function mayHoldMarks(text: string): boolean {
  const leftovers = leftoversOf(text)
  leftovers.readBack(0, text.length)
  return leftovers.mayHoldMarks
}

for (const [what, text] of [
  ['emphasis', 'a *b* c'],
  ['bars', '_a_'],
  ['what is struck', 'a~~b~~'],
  ['what is struck behind a third tilde', 'a~*~~~b~~'],
  ['code', '`a`'],
  ['code between more ticks', '`a``b``'],
  ['links', '[a](b'],
  ['definitions', '[a]: b'],
  ['tags', 'a <b>'],
  ['addresses', '<a:b>'],
  ['addresses of mail', '<a@b.c>'],
  ['comments', 'a <!-- b -->'],
  ['instructions', 'a <? b ?>'],
  ['entities', '&amp;'],
  ['escapes', 'a\\*'],
  ['line breaks', 'a\\\nb'],
  ['headings', 'a\n # b'],
  ['underlines', 'a\n=='],
  ['tables', 'a|b\n-|:-'],
  ['other tables', 'a|b\n|-|-'],
  ['quotes', 'a\n>b'],
  ['fences', '~~~a'],
  ['fences of ticks', '```a'],
  ['HTML', '<a'],
  ['rules', '* * *'],
  ['bullets', '- a'],
  ['a telephone number', '+ 49'],
  ['a list in a list', '• - a'],
  ['a number in a list', '1. 2) a'],
  ['a title in a list', '• # a'],
] as const) {
  t.test(`may hold marks: ${what}`, async (t) => {
    t.ok(mayHoldMarks(text))
  })
}

for (const text of [
  ...[
    '',
    'a',
    '*a',
    'a*',
    'a* *b',
    'a_b_c',
    '2 * 3 * 4',
    '~a~',
    'a <: b>',
    'a <a:',
    'a <b =c>',
    '<(a>',
    'a~~ ~~b',
    '`a',
    '``',
    '`a``',
    '~~a',
    ':',
    '|:|',
    '[a] b',
    '[a]',
    'a](b',
    'a < b > c',
    'a > b',
  ],
  ...[
    'a <name>',
    'a & b;',
    'a \\ b',
    'a\\\n\nb',
    'a\\\n• b',
    '\\a',
    '#a',
    'a # b',
    '-a',
    '-- a',
    '+49',
    '=a',
    '|a',
    ':-)',
    'a - b',
    '•',
    '•a',
    '• a',
    '1. a',
  ],
  ...['• 1.a', '12 a', '1 . a', '• *a', 'a\n  • b\n3) c', '*a <b [c `d ~~e'],
]) {
  t.test(`holds no marks: ${JSON.stringify(text)}`, async (t) => {
    t.notOk(mayHoldMarks(text))
  })
}

t.test('what begins a mark counts with what was read behind it, up to where nothing reaches', async (t) => {
  const text = '*a\nb*\n\nc*'
  const leftovers = leftoversOf(text)
  leftovers.readBack(7, 9)
  t.notOk(leftovers.mayHoldMarks)
  leftovers.reset()
  leftovers.readBack(3, 7)
  t.notOk(leftovers.mayHoldMarks)
  leftovers.readBack(0, 3)
  t.ok(leftovers.mayHoldMarks)
})

t.test('what is told to hold no marks stays as it is', async (t) => {
  fc.assert(
    fc.property(markdown, (text) => {
      const given = text.trim()
      if (!mayHoldMarks(given)) t.equal(plain(given), given)
    }),
    { numRuns: RUNS },
  )
})

t.test('the number of an item that stands too far in is written out anew', async (t) => {
  for (const text of ['• a\n   1. b', '• a\n\t1. b', '• a\n  • b\n     1. c', '1. a\n   2. b\n  3. c'])
    t.ok(mayHoldMarks(text), text)
  for (const text of ['• a\n  1. b\n    2. c\n  3. d\n4. e', '   1. a', '• a\n     • b'])
    t.notOk(mayHoldMarks(text), text)
})
