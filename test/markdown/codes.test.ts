import t from 'tap'
import {
  codesOf,
  endOfLine,
  pastBlanks,
  pastRun,
  placeOf,
  placeOfWord,
  readsAs,
  startsWith,
} from '../../src/markdown/codes.js'
import { STAR, TICK } from '../../src/markdown/signs.js'

t.test('a text is an array of the codes of its characters, with 0 behind the last', async (t) => {
  t.strictSame([...codesOf('aس😀\ud83d')], [97, 0x633, 0xd83d, 0xde00, 0xd83d, 0])
  t.strictSame([...codesOf('')], [0])
})

t.test('blanks, runs and lines end', async (t) => {
  t.strictSame([pastBlanks(codesOf('a  b'), 1, 4), pastBlanks(codesOf('a  b'), 1, 2)], [3, 2])
  t.strictSame([pastRun(codesOf('``a'), 0, TICK, 3), pastRun(codesOf('``'), 0, TICK, 1)], [2, 1])
  t.equal(pastRun(codesOf('a'), 0, TICK, 1), 0)
  t.strictSame([endOfLine(codesOf('ab\nc'), 1), endOfLine(codesOf('ab\nc'), 3)], [2, 4])
})

t.test('signs and words are found', async (t) => {
  t.strictSame([placeOf(codesOf('a*b*'), STAR, 2, 4), placeOf(codesOf('a*b*'), STAR, 2, 3)], [3, 3])
  const word = codesOf('ab')
  t.ok(startsWith(codesOf('xab'), word, 1))
  t.notOk(startsWith(codesOf('xAb'), word, 1))
  t.notOk(startsWith(codesOf('xa'), word, 1))
  t.ok(readsAs(codesOf('xAb'), word, 1))
  t.notOk(readsAs(codesOf('x!"'), word, 1))
  t.strictSame([placeOfWord(codesOf('aab'), word, 0, 3), placeOfWord(codesOf('aab'), word, 0, 2)], [1, -1])
})
