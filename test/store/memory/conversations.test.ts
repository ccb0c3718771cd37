import t from 'tap'
import type { Message } from '../../../src/conversation/state/message.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import { type Conversations, createConversations } from '../../../src/store/memory/conversations.js'
import { openBytesOf } from '../../../src/store/memory/entry.js'
import { bytesOf, NOTHING_EARLIER, putMessage } from '../../../src/store/memory/history.js'
import { createSeconds, NEVER } from '../../../src/store/memory/seconds.js'
import {
  createTable,
  HISTORY_TTL,
  LIST,
  NOWHERE,
  OPEN_BYTES,
  REST_BYTES,
  type Slot,
  type Table,
  TIDY_AT,
  TOUCHED_AT,
} from '../../../src/store/memory/table.js'
import { conversation, MINUTE, message, SECOND, START } from '../../fixtures/conversation.js'
import { idOf } from '../../fixtures/store-contract.js'

type Three = [Message, Message, Message]

interface Opened {
  readonly all: Conversations
  readonly table: Table
  readonly sums: { openBytes: number }
  add(user: number, state?: Partial<Conversation>): Slot
  wait(ms: number): void
  /** Those at rest, of so many users. */
  resting(most: number): number
}

function opened(): Opened {
  let time = START
  const table = createTable()
  const sums = { openBytes: 0 }
  const all = createConversations({ table, clock: createSeconds(() => time), sums, seed: 1, restsAfter: () => 60 })
  return {
    all,
    table,
    sums,
    add: (user, state = {}) => all.add(conversation({ id: idOf(user), ...state })).slot,
    wait(ms) {
      time += ms
    },
    resting: (most) =>
      Array.from({ length: most }, (_, user) => all.find(idOf(user))).filter((slot) => all.isAtRest(slot)).length,
  }
}

t.test('a conversation without an event for two seconds goes to rest, and wakes as it was', async (t) => {
  const { all, table, add, wait } = opened()
  const slot = add(1, { seq: 3 })
  // Rounded up: the event came within the first second.
  table.set(slot, TOUCHED_AT, 1)
  const entry = all.entryOf(slot)
  const before = entry.state
  putMessage(entry, message({ seq: 2 }), 1)
  putMessage(entry, message({ seq: 3, text: 'last' }), 2)
  const isAtRest = [2, 1].map((seconds) => {
    wait(seconds * SECOND)
    all.sweep()
    return all.isAtRest(slot)
  })
  t.strictSame(isAtRest, [false, true])
  t.strictSame(all.stateOf(slot), before)
  t.strictSame(all.lastMessageOf(slot), message({ seq: 3, text: 'last' }))
  t.equal(all.historyBytesOf(slot), bytesOf(message({ seq: 2 })) + bytesOf(message({ seq: 3, text: 'last' })))
  t.equal(all.idOf(slot), idOf(1))
  t.equal(all.find(idOf(1)), slot)
  t.ok(all.isAtRest(slot), 'a look does not wake it')
  t.match(all.entryOf(slot), { slot, id: idOf(1), state: before, historyBytes: entry.historyBytes })
  t.notOk(all.isAtRest(slot))
  t.equal(all.lastMessageOf(slot)?.text, 'last')
})

t.test('a message that waits is one object, and at rest one text', async (t) => {
  const { all, table, add, wait } = opened()
  const [first, second, third] = [1, 2, 3].map((seq) => message({ seq, text: `text ${seq}` })) as Three
  for (const { waiting, earlier } of [
    { waiting: [second, third], earlier: [1] },
    { waiting: [first, second, third], earlier: [] },
    { waiting: [first, third], earlier: [1, 2] },
    { waiting: [first, second], earlier: [1, 2, 3] },
    { waiting: [message({ seq: 3, text: 'other' })], earlier: [1, 2, 3] },
    { waiting: [], earlier: [1, 2, 3] },
  ]) {
    const slot = add(waiting.length * 10 + earlier.length)
    for (const setting of [HISTORY_TTL, LIST] as const) table.set(slot, setting, 100)
    const entry = all.entryOf(slot)
    for (const each of [first, second, third]) putMessage(entry, each, each.seq - 1)
    entry.state = { ...entry.state, seq: 3, waiting }
    for (const round of [1, 2]) {
      wait(MINUTE)
      all.sweep()
      t.ok(all.isAtRest(slot))
      t.equal(table.get(slot, TIDY_AT), 100, 'by the time of the oldest message')
      t.strictSame(all.lastMessageOf(slot), third)
      const woken = all.entryOf(slot)
      t.strictSame(woken.state.waiting, waiting)
      t.strictSame(
        woken.earlier.read().map(({ seq }) => seq),
        earlier,
        `round ${round}`,
      )
      t.strictSame(woken.messages, [first, second, third].slice(earlier.length))
      for (const each of woken.messages) t.ok(woken.state.waiting.includes(each))
    }
    wait(MINUTE)
    all.sweep()
    all.clearHistory(slot)
    t.match(all.entryOf(slot), { messages: [], earlier: NOTHING_EARLIER, state: { waiting } })
  }
})

t.test('an event puts the rest off, and so does waking', async (t) => {
  const { all, table, add, wait } = opened()
  const slot = add(1)
  wait(2 * SECOND)
  table.set(slot, TOUCHED_AT, 2)
  const isAtRest = [1, 1, 1].map((seconds) => {
    wait(seconds * SECOND)
    all.sweep()
    return all.isAtRest(slot)
  })
  t.strictSame(isAtRest, [false, false, true])
  all.entryOf(slot)
  all.sweep()
  t.notOk(all.isAtRest(slot))
})

t.test('a clock that is set back keeps nobody awake', async (t) => {
  const { all, add, wait } = opened()
  const slot = add(1)
  wait(-400 * 24 * 60 * MINUTE)
  all.sweep()
  t.ok(all.isAtRest(slot))
})

t.test('one that was removed is not found, and its place in the queue harms nobody', async (t) => {
  const { all, add, wait } = opened()
  const [removed, atRest] = [add(1), add(2)]
  all.remove(removed)
  const again = add(3)
  t.equal(again, removed, 'its slot is free')
  wait(MINUTE)
  all.sweep()
  t.ok(all.isAtRest(atRest))
  t.ok(all.isAtRest(again))
  all.remove(atRest)
  t.equal(all.find(idOf(1)), NOWHERE)
  t.equal(all.find(idOf(2)), NOWHERE)
  t.equal(all.find(idOf(3)), again)
})

t.test('each new one puts two others to rest, and a sweep some hundreds', async (t) => {
  const { all, add, wait, resting } = opened()
  for (let user = 0; user < 4_000; user++) add(user)
  wait(MINUTE)
  add(4_000)
  t.equal(resting(4_001), 2)
  all.sweep()
  t.equal(resting(4_001), 202)
  for (let sweep = 0; sweep < 20; sweep++) all.sweep()
  t.equal(resting(4_001), 4_000)
})

t.test('a long conversation stays awake, whose row would take long to read', async (t) => {
  const { all, table, add, wait } = opened()
  const [long, open, row] = [
    add(1),
    add(2),
    add(3, { asking: { ...conversation().asking, assistantId: 'x'.repeat(2_000_000) } }),
  ]
  const entry = all.entryOf(long)
  for (let seq = 1; seq <= 100; seq++) putMessage(entry, message({ seq, text: 'x'.repeat(2_000) }), seq - 1)
  table.set(open, OPEN_BYTES, 200_000)
  wait(MINUTE)
  all.sweep()
  for (const slot of [long, open, row]) t.notOk(all.isAtRest(slot))
})

t.test('when the sweep has something to drop is known at rest', async (t) => {
  const { all, table, add, wait } = opened()
  const sent = [{ message: message(), until: START }]
  const slots = [add(1), add(2, { sent }), add(3, { asked: [{ text: 'hi', arrivedAt: START }] }), add(4), add(5)]
  for (const slot of slots.slice(0, 4)) {
    table.set(slot, LIST, 0)
    table.set(slot, HISTORY_TTL, 100)
  }
  putMessage(all.entryOf(slots[0]!), message({ seq: 1, arrivedAt: START + 7 * SECOND }), 0)
  wait(MINUTE)
  all.sweep()
  t.strictSame(
    slots.map((slot) => table.get(slot, TIDY_AT)),
    [107, 1_200, 1_200, NEVER, NEVER],
  )
})

t.test('a history is cleared at rest as it is awake', async (t) => {
  const { all, add, wait } = opened()
  const slots = [add(1), add(2), add(3)]
  for (const slot of slots.slice(0, 2)) putMessage(all.entryOf(slot), message({ seq: 1 }), 0)
  all.clearHistory(slots[0]!)
  wait(MINUTE)
  all.sweep()
  all.clearHistory(slots[1]!)
  all.clearHistory(slots[2]!)
  for (const slot of slots) {
    t.equal(all.historyBytesOf(slot), 0)
    t.equal(all.lastMessageOf(slot), null)
    t.match(all.entryOf(slot), { messages: [], historyBytes: 0 })
  }
  putMessage(all.entryOf(slots[1]!), message({ seq: 2 }), 1)
  t.equal(all.lastMessageOf(slots[1]!)?.seq, 2)
})

t.test('open work that no rule looks back to weighs nothing after a while, and again when it wakes', async (t) => {
  const { all, table, sums, add, wait } = opened()
  const slot = add(1, { asked: [{ text: 'hi', arrivedAt: START }], waiting: [message()] })
  all.setOpenBytes(slot, openBytesOf(all.stateOf(slot)))
  const whole = sums.openBytes
  wait(10_000)
  all.sweep()
  t.ok(all.isAtRest(slot))
  t.equal(sums.openBytes, whole)
  t.equal(table.get(slot, REST_BYTES), bytesOf(message()))
  all.setOpenBytes(slot, table.get(slot, REST_BYTES))
  t.equal(sums.openBytes, bytesOf(message()))
  all.entryOf(slot)
  t.equal(sums.openBytes, whole)
})
