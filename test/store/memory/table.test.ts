import t from 'tap'
import {
  BLOCK,
  createTable,
  DUE_PLACE,
  type Field,
  HISTORY_BYTES,
  HISTORY_TTL,
  KEEP_UNTIL,
  LIST,
  NEWER,
  NOWHERE,
  OFFSET,
  OLDER,
  OPEN_BYTES,
  TIDY_AT,
  TOUCHED_AT,
} from '../../../src/store/memory/table.js'

const PLACES: readonly Field[] = [NEWER, OLDER, DUE_PLACE, BLOCK, LIST]
const NUMBERS: readonly Field[] = [OFFSET, KEEP_UNTIL, TOUCHED_AT, HISTORY_TTL, OPEN_BYTES, HISTORY_BYTES, TIDY_AT]

t.test('each field of each slot holds its own number, over many pieces', async (t) => {
  const table = createTable()
  const slots = Array.from({ length: 10_000 }, () => table.take())
  t.equal(table.size(), 10_000)
  t.equal(new Set(slots).size, 10_000)
  const fields = [...PLACES, ...NUMBERS]
  for (const slot of slots) {
    for (const field of fields) table.set(slot, field, slot * 100 + field)
    table.setVersion(slot, 2 ** 40 + slot)
    table.setActivity(slot, 2 ** 41 + slot)
  }
  for (const slot of slots) {
    const isRight = fields.every((field) => table.get(slot, field) === slot * 100 + field)
    const isBoth = table.version(slot) === 2 ** 40 + slot && table.activity(slot) === 2 ** 41 + slot
    if (!isRight || !isBoth) t.fail(`slot ${slot}`)
  }
})

t.test('a free slot has no version, is taken again before a new one, and begins empty', async (t) => {
  const table = createTable()
  const [, one] = [table.take(), table.take(), table.take()]
  for (const field of [...PLACES, ...NUMBERS]) table.set(one, field, 7)
  table.setVersion(one, 7)
  table.setActivity(one, 7)
  table.free(one)
  t.equal(table.version(one), 0)
  t.equal(table.take(), one)
  t.equal(table.size(), 3)
  t.equal(table.version(one), 0)
  t.equal(table.activity(one), 0)
  for (const field of PLACES) t.equal(table.get(one, field), NOWHERE)
  for (const field of NUMBERS) t.equal(table.get(one, field), 0)
})
