import t from 'tap'
import { sameTextKey } from '../../../src/conversation/text/text.js'

const ALIKE: readonly (readonly [string, string, string])[] = [
  ['blanks around', 'ok', '  ok\n'],
  ['blanks within, folded', 'a b c', 'a  b\t\n c'],
  ['a no-break space', 'a b', 'a\u00a0b'],
  ['composed and decomposed letters', 'café', 'cafe\u0301'],
  ['a zero-width space at the end', 'ok', 'ok\u200b'],
  ['a word joiner', 'ok', '\u2060ok'],
  ['lines', 'first second', 'first\r\n\r\nsecond'],
  ['Persian with its blanks', 'سلام دوست من', ' سلام   دوست من '],
]

for (const [what, one, other] of ALIKE) {
  t.test(`two texts are the same but for ${what}`, async (t) => {
    t.equal(sameTextKey(one), sameTextKey(other))
  })
}

t.test('case, punctuation and the joiners of Persian distinguish texts', async (t) => {
  t.not(sameTextKey('Ok'), sameTextKey('ok'))
  t.not(sameTextKey('ok!'), sameTextKey('ok'))
  t.not(sameTextKey('می\u200cخواهم'), sameTextKey('میخواهم'))
})

t.test('a plain text is its own key, and a key is a fixed point', async (t) => {
  t.equal(sameTextKey('How much is it?'), 'How much is it?')
  for (const text of ['', ' ', 'a  b', ' cafe\u0301 ', '\u200b', 'x'.repeat(20_000)]) {
    t.equal(sameTextKey(sameTextKey(text)), sameTextKey(text))
  }
})
