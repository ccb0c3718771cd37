import t from 'tap'
import { createActivityOrder } from '../../../src/store/memory/activity.js'
import { createConversations } from '../../../src/store/memory/conversations.js'
import { type Entry, openBytesOf } from '../../../src/store/memory/entry.js'
import { bytesOf, putMessage } from '../../../src/store/memory/history.js'
import type { MemoryLimits } from '../../../src/store/memory/limits.js'
import { createSeconds } from '../../../src/store/memory/seconds.js'
import type { Sums } from '../../../src/store/memory/sums.js'
import { createTable, HISTORY_TTL, KEEP_UNTIL, LIST, type Slot, TOUCHED_AT } from '../../../src/store/memory/table.js'
import { createUpkeep, TURNS } from '../../../src/store/memory/upkeep.js'
import { conversation, MINUTE, message, START } from '../../fixtures/conversation.js'
import { idOf } from '../../fixtures/store-contract.js'

const PLENTY: MemoryLimits = { conversations: 1e6, historyBytes: 1e9, openBytes: 1e9, seenIds: 1e6 }

/** So many conversations, the first one the oldest, each with one message; what was done to which of them is noted. */
function opened(count: number, limits: Partial<MemoryLimits> = {}) {
  let time = START
  const now = () => time
  const table = createTable()
  const clock = createSeconds(now)
  const order = createActivityOrder(table)
  const restsAfter = () => 60
  const sums: Sums = { conversations: count, historyBytes: 0, openBytes: 0, withDeadLetters: 0 }
  const all = createConversations({ table, clock, sums, seed: 1, restsAfter })
  const forgotten: Slot[] = []
  const put: (readonly [slot: Slot, asked: number])[] = []
  const upkeep = createUpkeep({
    table,
    all,
    order,
    clock,
    now,
    limits: { ...PLENTY, ...limits },
    sums,
    restsAfter,
    forget(slot) {
      forgotten.push(slot)
      sums.conversations -= 1
      order.remove(slot)
      all.remove(slot)
    },
    put(entry: Entry, state) {
      put.push([entry.slot, state.asked.length])
      entry.state = state
    },
  })
  const slots = Array.from({ length: count }, (_, user) => {
    const asked = user === 0 ? [{ text: 'hi', arrivedAt: START }] : []
    const entry = all.add(conversation({ id: idOf(user), seq: 1, asked }))
    putMessage(entry, message({ seq: 1, arrivedAt: START }), 0)
    sums.historyBytes += entry.historyBytes
    table.setVersion(entry.slot, 1)
    table.set(entry.slot, LIST, 0)
    table.set(entry.slot, HISTORY_TTL, 1_000_000)
    order.toFront(entry.slot)
    return entry.slot
  })
  return {
    upkeep,
    all,
    table,
    sums,
    slots,
    forgotten,
    put,
    wait(ms: number) {
      time += ms
    },
    sweepAll() {
      for (let i = 0; i < TURNS; i++) upkeep.sweep()
    },
  }
}

t.test('the oldest go where there are almost too many, but none with open work', async (t) => {
  const { upkeep, table, slots, forgotten, sums } = opened(100, { conversations: 100 })
  table.set(slots[1]!, KEEP_UNTIL, 1_000)
  upkeep.makeRoom()
  t.strictSame(
    forgotten,
    [0, 2, 3, 4, 5].map((user) => slots[user]),
  )
  t.equal(sums.conversations, 95)
  upkeep.makeRoom()
  t.equal(forgotten.length, 5, 'there is room')
})

t.test('the oldest histories are cleared until they fit, at rest or awake', async (t) => {
  const one = bytesOf(message({ seq: 1, arrivedAt: START }))
  const { upkeep, all, sums, slots, wait } = opened(4, { historyBytes: 2 * one })
  wait(MINUTE)
  all.sweep()
  all.entryOf(slots[1]!)
  upkeep.clearHistories()
  t.strictSame(
    slots.map((slot) => all.historyBytesOf(slot)),
    [0, 0, one, one],
  )
  t.equal(sums.historyBytes, 2 * one)
})

t.test('a sweep leaves those at rest alone until they have something to drop', async (t) => {
  const { all, slots, sums, put, wait, sweepAll } = opened(2)
  all.setOpenBytes(slots[0]!, openBytesOf(all.stateOf(slots[0]!)))
  wait(10_000)
  all.sweep()
  sweepAll()
  t.strictSame(put, [])
  t.ok(sums.openBytes > 0)
  t.ok(slots.every((slot) => all.isAtRest(slot)))
  wait(MINUTE)
  sweepAll()
  t.equal(sums.openBytes, 0, 'what no rule looks back to is no open work any more')
  t.ok(all.isAtRest(slots[0]!))
  wait(20 * MINUTE)
  sweepAll()
  t.strictSame(put, [[slots[0], 0]])
  t.ok(all.isAtRest(slots[1]!))
})

t.test('old messages are dropped, and who is silent for too long is forgotten', async (t) => {
  const { upkeep, all, table, sums, slots, forgotten, wait, sweepAll } = opened(2)
  const before = sums.historyBytes
  table.set(slots[0]!, HISTORY_TTL, 10)
  table.set(slots[1]!, TOUCHED_AT, -8 * 24 * 3600)
  table.set(slots[1]!, HISTORY_TTL, 60)
  wait(11_000)
  sweepAll()
  t.equal(all.historyBytesOf(slots[0]!), 0)
  t.equal(sums.historyBytes, before / 2)
  t.strictSame(forgotten, [slots[1]])
  upkeep.dropOld(all.entryOf(slots[0]!), START)
  t.equal(sums.historyBytes, before / 2, 'there is nothing left to drop')
})

t.test('a row of young messages is not read to look for old ones', async (t) => {
  const { upkeep, all, slots, wait } = opened(1)
  wait(10_000)
  all.sweep()
  const entry = all.entryOf(slots[0]!)
  upkeep.dropOld(entry, START - 1)
  t.equal(entry.messages.length, 0)
  upkeep.dropOld(entry, START)
  t.equal(entry.messages.length, 1)
})
