import t from 'tap'
import { type Codes, codesOf } from '../../src/markdown/codes.js'
import { hasUnderscoreAtEnd, pastHost, pastMail, pastPath, pastResource } from '../../src/markdown/hosts.js'

for (const [what, past, ends] of [
  ['hosts', pastHost, { 'a.b/c': 3, 'a-1._b.c.': 8, 'a.': -1, a: -1, '.a': -1, '': -1, 'a..b': -1 }],
  ['ports and paths', pastPath, { ':80/a b': 5, '/a<b': 2, ':a': 0, ':80': 3, '/': 1, a: 0, '': 0 }],
  [
    'mail',
    pastMail,
    { 'a.+-_@b.c d': 9, 'a@b. c': -1, 'a@b.': -1, 'a@b..c': 6, 'a@b.c.': 6, 'a@b': -1, 'a@.b': -1, '@a.b': -1, a: -1 },
  ],
  ['resources', pastResource, { '/a@b.1-': 6, '/-': 0, a: 0, '/': 0, '': 0 }],
] as const) {
  t.test(`${what} are read to their end`, async (t) => {
    for (const [text, end] of Object.entries(ends)) t.equal(past(codesOf(text), 0, text.length), end, text)
  })
}

t.test('an underscore in one of the last two names is told', async (t) => {
  const has = (text: string): boolean => hasUnderscoreAtEnd(codesOf(text) satisfies Codes, 0, text.length)
  for (const text of ['a_.b', 'a.b_', 'a.b_c.d']) t.ok(has(text), text)
  for (const text of ['a.b', 'a_.b.c']) t.notOk(has(text), text)
})
