import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { CAPS } from '../../../src/conversation/state/caps.js'
import { createRowBlocks, type NewRow, type RowBlocks } from '../../../src/store/memory/row-blocks.js'
import { BLOCK, createTable, NOWHERE, OFFSET, type Slot } from '../../../src/store/memory/table.js'
import fc from '../../fixtures/property.js'

function rowOf(number: number, state = '{}', history = '', goesOn = false): NewRow {
  return { id: `1-${number}`, state, shared: number % 101, oldestAt: number, newest: number + 1, history, goesOn }
}

function readOf(rows: RowBlocks, slot: Slot): Omit<NewRow, 'goesOn'> {
  return { ...rows.get(slot), history: rows.historyOf(slot) }
}

function isThere(rows: RowBlocks, slot: Slot, { goesOn: _, ...row }: NewRow): boolean {
  return isDeepStrictEqual(readOf(rows, slot), row)
}

function opened() {
  const table = createTable()
  return { table, rows: createRowBlocks(table) }
}

t.test('a row comes back as it was written, whatever its letters', async (t) => {
  const { table, rows } = opened()
  for (const text of ['', 'plain', 'Größe', 'سلام', '👋🏽', '\ud800'.toWellFormed(), '\u0000']) {
    const slot = table.take()
    const row = rowOf(slot, `["${text}"]`, text)
    t.ok(rows.put(slot, row))
    t.ok(isThere(rows, slot, row))
    t.equal(rows.idOf(slot), row.id)
    t.ok(rows.isOf(slot, row.id))
    t.notOk(rows.isOf(slot, `2-${slot}`))
    t.notOk(rows.isOf(slot, `1-${slot}0`))
  }
})

t.test('a history is cleared without the state', async (t) => {
  const { table, rows } = opened()
  const slot = table.take()
  rows.put(slot, rowOf(3, 'state', 'history'))
  rows.clearHistory(slot)
  t.strictSame(readOf(rows, slot), { id: '1-3', state: 'state', shared: 0, oldestAt: 3, newest: 0, history: '' })
})

t.test('the longest id, and as many shared messages as ever wait', async (t) => {
  const { table, rows } = opened()
  const slot = table.take()
  const row = { ...rowOf(1), id: `${'1'.repeat(32)}-${'2'.repeat(32)}`, shared: CAPS.waiting }
  rows.put(slot, row)
  t.ok(isThere(rows, slot, row))
  t.equal(rows.idOf(slot), row.id)
})

t.test('a row in place of another one, of which it keeps the history or not', async (t) => {
  const { table, rows } = opened()
  const [slot, other] = [table.take(), table.take()]
  for (const each of [slot, other]) rows.put(each, rowOf(each, 'state', 'Größe,'))
  const place = table.get(slot, OFFSET)
  t.ok(rows.put(slot, rowOf(8, 'a longer state', '👋🏽,', true)))
  t.not(table.get(slot, OFFSET), place)
  t.ok(isThere(rows, slot, rowOf(8, 'a longer state', 'Größe,👋🏽,')))
  t.ok(rows.put(slot, rowOf(9, 'state', '', true)))
  t.ok(isThere(rows, slot, rowOf(9, 'state', 'Größe,👋🏽,')))
  t.notOk(rows.put(slot, rowOf(9, 'state', 'x'.repeat(262_144), true)))
  t.ok(isThere(rows, slot, rowOf(9, 'state', 'Größe,👋🏽,')))
  t.ok(rows.put(slot, rowOf(9, 'state', 'again,')))
  t.ok(isThere(rows, slot, rowOf(9, 'state', 'again,')))
  rows.drop(slot)
  rows.drop(slot)
  t.ok(isThere(rows, other, rowOf(other, 'state', 'Größe,')))
})

t.test('a row that is longer than a block is not taken, and changes nothing', async (t) => {
  const { table, rows } = opened()
  const [one, two] = [table.take(), table.take()]
  rows.put(one, rowOf(1))
  t.notOk(rows.put(two, rowOf(2, 'x'.repeat(262_144))))
  t.equal(table.get(two, BLOCK), NOWHERE)
  t.ok(rows.put(two, rowOf(2, 'x'.repeat(262_000))))
  t.ok(isThere(rows, one, rowOf(1)))
})

t.test('a block of which half was dropped is emptied, and taken for new rows', async (t) => {
  const { table, rows } = opened()
  const long = 'x'.repeat(25_000)
  const slots = Array.from({ length: 40 }, () => table.take())
  for (const slot of slots) rows.put(slot, rowOf(slot, long))
  const blocks = () => new Set(slots.map((slot) => table.get(slot, BLOCK)).filter((block) => block !== NOWHERE))
  t.equal(blocks().size, 4)
  const left = slots.filter((slot) => slot % 5 === 0)
  for (const slot of slots) if (!left.includes(slot)) rows.drop(slot)
  for (let i = 0; i < 4; i++) rows.tidy()
  t.ok(blocks().size <= 2, `${blocks().size} blocks`)
  for (const slot of left) t.ok(isThere(rows, slot, rowOf(slot, long)))
  // As many again, all of them dropped at once, for as often as one likes: the numbers of the blocks stay small.
  for (let round = 0; round < 20; round++) {
    const others = slots.filter((slot) => !left.includes(slot))
    for (const slot of others) rows.put(slot, rowOf(slot, long))
    t.ok(Math.max(...blocks()) <= 6, `${Math.max(...blocks())}`)
    for (const slot of others) rows.drop(slot)
  }
  for (const slot of left) t.ok(isThere(rows, slot, rowOf(slot, long)))
})

t.test('the blocks agree with a plain map, and no two rows overlap', async (t) => {
  const step = fc.record({
    is: fc.constantFrom('put', 'put', 'goOn', 'goOn', 'drop', 'tidy', 'clear'),
    who: fc.nat(30),
    length: fc.constantFrom(0, 10, 8_000, 50_000),
  } as const)
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
        const { table, rows } = opened()
        const slots = Array.from({ length: 31 }, () => table.take())
        const there = new Map<Slot, NewRow>()
        for (const [i, { is, who, length }] of steps.entries()) {
          const slot = slots[who]!
          const known = there.get(slot)
          if (is === 'put' || (is === 'goOn' && known !== undefined)) {
            const row = rowOf(who, `${i}`.padEnd(length, '.'), `${i}`.repeat(3), is === 'goOn')
            rows.put(slot, row)
            there.set(slot, is === 'put' ? row : { ...row, history: known!.history + row.history })
          } else if (is === 'drop' && there.delete(slot)) rows.drop(slot)
          else if (is === 'tidy') rows.tidy()
          else if (is === 'clear' && known !== undefined) {
            rows.clearHistory(slot)
            there.set(slot, { ...known, history: '', newest: 0, shared: 0 })
          }
        }
        const places = new Set([...there.keys()].map((slot) => `${table.get(slot, BLOCK)} ${table.get(slot, OFFSET)}`))
        return places.size === there.size && [...there].every(([slot, row]) => isThere(rows, slot, row))
      }),
      { numRuns: 100 },
    ),
  )
})
