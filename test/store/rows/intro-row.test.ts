import t from 'tap'
import { NO_INTRO } from '../../../src/conversation/state/state.js'
import { introOf, introRow } from '../../../src/store/rows/intro-row.js'

t.test('an intro is read as it was written', async (t) => {
  t.strictSame(introRow({ seq: 3, hasLeft: false, personSeq: 0 }), [3])
  for (const intro of [
    { seq: 3, hasLeft: false, personSeq: 0 },
    { seq: 3, hasLeft: true, personSeq: 0 },
    { seq: 3, hasLeft: false, personSeq: 9 },
  ]) {
    t.strictSame(introOf(introRow(intro)), intro)
  }
})

t.test('a state without one has no row for it', async (t) => {
  t.equal(introRow(NO_INTRO), null)
  t.equal(introOf(null), NO_INTRO)
  t.equal(introOf(undefined), NO_INTRO)
})
