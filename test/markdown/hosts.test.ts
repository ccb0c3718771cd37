import t from 'tap'
import { codesOf } from '../../src/markdown/codes.js'
import { pastHost, pastMail, pastPath, pastResource, placeOfUnderscore } from '../../src/markdown/hosts.js'

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

t.test('the place of an underscore in one of the last two names is told', async (t) => {
  for (const [text, place] of Object.entries({
    'a_.b': 1,
    'a.b_': 3,
    'a.b_c.d': 3,
    '_.b_': 3,
    'a.b': -1,
    'a_.b.c': -1,
  }))
    t.equal(placeOfUnderscore(codesOf(text), 0, text.length), place, text)
})
