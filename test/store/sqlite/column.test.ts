import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { columnOf, fitsColumn, isoColumn } from '../../../src/store/sqlite/column.js'

t.test('a text that a column cannot hold exactly is recognised, and shortened for reading', async (t) => {
  for (const [text, column] of [
    ['', ''],
    ['پست 👩‍👩‍👧 "\\ \n', 'پست 👩‍👩‍👧 "\\ \n'],
    ['a\0b\0', 'ab'],
    ['a\ud83dz', 'a\ufffdz'],
  ] as const) {
    t.equal(columnOf(text), column)
    t.equal(fitsColumn(text), text === column)
  }
  t.equal(columnOf(null), null)
})

t.test('times are ISO texts in UTC; never and endless are null', async (t) => {
  t.equal(isoColumn(Date.UTC(2026, 0, 1, 0, 0, 0, 7), FOREVER), '2026-01-01T00:00:00.007Z')
  t.equal(isoColumn(0, FOREVER), null)
  t.equal(isoColumn(FOREVER, FOREVER), null)
})
