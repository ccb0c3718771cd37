import t from 'tap'
import {
  CLOSE_WORD,
  isBlank,
  isDigit,
  isLetter,
  isSpace,
  isWord,
  kindOf,
  SIGN,
  SPACE,
  WORD,
} from '../../src/markdown/signs.js'

const told = (text: string, is: (code: number) => boolean): readonly boolean[] =>
  [...text].map((each) => is(each.charCodeAt(0)))

t.test('blanks, digits, letters and words are told', async (t) => {
  t.strictSame(told(' \t\n\ra\u00a0', isBlank), [true, true, true, true, false, false])
  t.strictSame(told('09/:', isDigit), [true, true, false, false])
  t.strictSame(told('azAZ@[`{', isLetter), [true, true, true, true, false, false, false, false])
  t.strictSame(told('a_9-é', isWord), [true, true, true, false, false])
})

t.test('any character is a space, a sign, or part of a word', async (t) => {
  t.strictSame(
    [...' \u00a0\u2028*،€aé\ud83dس\u200c请'].map((each) => kindOf(each.charCodeAt(0))),
    [SPACE, SPACE, SPACE, SIGN, SIGN, SIGN, WORD, WORD, WORD, CLOSE_WORD, CLOSE_WORD, CLOSE_WORD],
  )
  t.strictSame(told('\u3000 a', isSpace), [true, true, false])
})
