import t from 'tap'
import { isBlank, isDigit, pastBlanks, pastRun, TICK } from '../../src/markdown/signs.js'

t.test('blanks, digits and runs are told', async (t) => {
  t.strictSame(
    [...' \t\n\ra\u00a0'].map((each) => isBlank(each.charCodeAt(0))),
    [true, true, true, true, false, false],
  )
  t.strictSame(
    [...'09/:'].map((each) => isDigit(each.charCodeAt(0))),
    [true, true, false, false],
  )
  t.strictSame([pastBlanks('a  b', 1), pastBlanks('a  b', 1, 2), pastBlanks('a', 0)], [3, 2, 0])
  t.strictSame([pastRun('``a', 0, TICK), pastRun('``', 0, TICK, 1), pastRun('a', 0, TICK)], [2, 1, 0])
})
