import t from 'tap'
import { isAngleLink } from '../../src/markdown/angle-links.js'
import { codesOf } from '../../src/markdown/codes.js'

t.test('addresses between angles', async (t) => {
  const isLink = (text: string): boolean => isAngleLink(codesOf(`<${text}>`), 1, text.length + 1)
  for (const text of ['https://a.b', 'x+y:z', 'a.b@c-d.e', '!#$%&*+/=?^_`{|}~-@1']) t.ok(isLink(text), text)
  for (const text of [
    'a',
    'a:',
    'ab:',
    'b:c',
    '1b:c',
    '@a.b',
    'a@-b.c',
    'a@b-',
    'a@b.',
    'a@',
    'a@b@c',
    'a\u00e4@b',
    '',
  ]) {
    t.notOk(isLink(text), text)
  }
  t.ok(isLink(`a@${'b'.repeat(63)}.c`))
  t.notOk(isLink(`a@${'b'.repeat(64)}.c`), 'a name of more than 63 characters')
})
