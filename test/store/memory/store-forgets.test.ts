import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { dueAt } from '../../../src/conversation/next-step.js'
import { DEAD_LETTER_LIFE_MS, keepUntil, POST_LIFE_MS } from '../../../src/conversation/state/lifetimes.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { ANSWER_WINDOW_MS, type Conversation, type Flag, NOT_ASKING } from '../../../src/conversation/state/state.js'
import type { Change } from '../../../src/engine/ports.js'
import { bytesOf } from '../../../src/store/memory/history.js'
import type { MemoryLimits } from '../../../src/store/memory/limits.js'
import { TURNS } from '../../../src/store/memory/upkeep.js'
import { conversation, HOUR, MINUTE, message, part, policy, run, SECOND } from '../../fixtures/conversation.js'
import { DAY, type OpenedMemory, openMemory } from '../../fixtures/memory-store.js'
import { change, idOf, numbered, said } from '../../fixtures/store-contract.js'

const NOTHING = { key: null, find: null }

interface Asked extends OpenedMemory {
  /** Commits to the conversation as it is now. */
  put(user: number, change: Change): Promise<string>
  /** One more message. */
  say(user: number, changes?: Partial<Change>): Promise<string>
  /** A state without messages. */
  note(user: number, changes?: Partial<Change>, state?: Partial<Conversation>): Promise<string>
  seqs(user: number): Promise<readonly number[]>
  isThere(user: number): Promise<boolean>
  /** Of so many users, those that are there. */
  there(most: number): Promise<readonly number[]>
  wait(ms: number): void
}

function opened(limits: Partial<MemoryLimits> = {}): Asked {
  const memory = openMemory(limits)
  const { store, clock, sweepAll } = memory
  const put = async (user: number, change: Change) => {
    const { version } = await store.loadFresh(idOf(user), NOTHING)
    return store.commit(idOf(user), version, change)
  }
  const isThere = async (user: number) => (await store.read(idOf(user))) !== null
  return {
    ...memory,
    put,
    async say(user, changes = {}) {
      const before = await store.read(idOf(user))
      return put(user, { ...said(store.now(), idOf(user), (before?.seq ?? 0) + 1), ...changes })
    },
    note: (user, changes = {}, state = {}) =>
      put(user, change({ state: conversation({ id: idOf(user), promptAt: 1, ...state }), ...changes })),
    async seqs(user) {
      const page = { before: null, after: null, limit: 10_000, historyTtlMs: FOREVER }
      return (await store.history(idOf(user), page)).map(({ seq }) => seq)
    },
    isThere,
    async there(most) {
      const all = await Promise.all(Array.from({ length: most }, (_, user) => isThere(user)))
      return all.flatMap((is, user) => (is ? [user] : []))
    },
    wait(ms) {
      clock.advance(ms)
      sweepAll()
    },
  }
}

t.test('a silent conversation is forgotten after an hour', async (t) => {
  const { note, say, isThere, wait } = opened()
  await note(1)
  await note(2, {}, { closedAt: 1 })
  await note(3, {}, { causes: [{ until: 1, reason: 'api', at: 0, seq: 0, note: null }] })
  await say(4)
  wait(HOUR - 1)
  t.equal(await isThere(1), true)
  wait(1)
  t.equal(await isThere(1), false)
  for (const user of [2, 3, 4]) t.equal(await isThere(user), true, `${user} is not silent`)
})

t.test('other conversations are kept as long as their history, and a week at least', async (t) => {
  for (const [historyTtlMs, life] of [
    [0, 7 * DAY],
    [HOUR, 7 * DAY],
    [30 * DAY, 30 * DAY],
    [30 * DAY + 1, 30 * DAY + 1000],
    [FOREVER, 50 * 365 * DAY],
  ] as const) {
    const { say, isThere, wait } = opened()
    await say(1, { historyTtlMs })
    wait(life - 1)
    t.equal(await isThere(1), true, `with a history of ${historyTtlMs}`)
    wait(1)
    t.equal(await isThere(1), historyTtlMs === FOREVER)
  }
})

t.test('every event counts anew', async (t) => {
  const { say, note, isThere, wait } = opened()
  await say(1)
  for (let i = 0; i < 5; i++) {
    wait(6 * DAY)
    await say(1)
  }
  for (let i = 0; i < 5; i++) {
    await note(2)
    wait(HOUR - 1)
  }
  t.equal(await isThere(1), true)
  t.equal(await isThere(2), true)
})

t.test('a conversation that must be kept stays to the millisecond, however idle', async (t) => {
  const { note, say, isThere, wait, store } = opened()
  const end = store.now() + 40 * DAY + 1
  await note(1, { keepUntil: end })
  await say(2, { keepUntil: end })
  await say(3, { keepUntil: FOREVER })
  wait(40 * DAY)
  t.equal(await isThere(1), true)
  t.equal(await isThere(2), true)
  wait(1000)
  t.equal(await isThere(1), false)
  t.equal(await isThere(2), false)
  wait(10_000 * DAY)
  t.equal(await isThere(3), true)
})

t.test('a sweep takes a part at a time', async (t) => {
  const { note, there, clock, store } = opened()
  for (let user = 0; user < 300; user++) await note(user)
  clock.advance(HOUR)
  const left: number[] = []
  for (let i = 0; i < TURNS; i++) {
    store.sweep()
    left.push((await there(300)).length)
  }
  const taken = left.map((count, i) => (i === 0 ? 300 : left[i - 1]!) - count)
  t.ok(Math.max(...taken) <= 1)
  t.equal(left.at(-1), 0)
})

t.test('a message goes when its time is over, its conversation stays', async (t) => {
  const { say, seqs, isThere, wait } = opened()
  for (let i = 0; i < 3; i++) {
    await say(1, { historyTtlMs: 2 * DAY })
    wait(DAY)
  }
  t.strictSame(await seqs(1), [2, 3])
  wait(DAY)
  t.strictSame(await seqs(1), [3])
  wait(DAY)
  t.strictSame(await seqs(1), [])
  t.equal(await isThere(1), true)
  await say(1, { historyTtlMs: 2 * DAY })
  t.strictSame(await seqs(1), [4])
})

t.test('a channel that keeps no history any more loses what it has', async (t) => {
  const { say, seqs, wait } = opened()
  await say(1)
  await say(1, { historyTtlMs: 0 })
  wait(1)
  t.strictSame(await seqs(1), [])
})

t.test('a forgotten conversation is not woken', async (t) => {
  const { say, store, clock, wait, isThere } = opened()
  const dueAt = store.now() + 30 * DAY
  await say(1, { dueAt })
  await say(2, { dueAt: dueAt + 1, keepUntil: dueAt + 1 })
  wait(8 * DAY)
  t.equal(await isThere(1), false)
  t.equal(store.nextDue(), dueAt + 1)
  clock.advance(30 * DAY)
  t.strictSame(await store.claimDue(10, HOUR), [idOf(2)])
})

t.test('a conversation that was forgotten under a lease is not woken', async (t) => {
  const { say, store, wait } = opened()
  await say(1, { dueAt: store.now() })
  t.strictSame(await store.claimDue(10, 9 * DAY), [idOf(1)])
  wait(8 * DAY)
  t.equal(store.nextDue(), FOREVER)
  wait(8 * DAY)
  t.strictSame(await store.claimDue(10, HOUR), [])
})

t.test('a conversation at rest lets go of the texts of its last moments, and its version stays good', async (t) => {
  const { put, isThere, store, wait } = opened()
  const now = store.now()
  const dated = { message: message(), at: now }
  const causes = [{ until: FOREVER, reason: 'human_echo', at: now, seq: 1, note: null }] as const
  const state = conversation({ id: idOf(1), seq: 1, causes })
  await put(1, change({ state: { ...state, unclaimed: [dated], setAside: [dated] }, keepUntil: FOREVER }))
  const { version } = await store.loadFresh(idOf(1), NOTHING)
  wait(HOUR - 1)
  t.strictSame((await store.read(idOf(1)))?.unclaimed, [dated])
  wait(1)
  t.strictSame(await store.loadFresh(idOf(1), NOTHING), {
    state,
    version,
    known: { isSeen: false, isOurs: false, message: null },
    isFresh: true,
  })
  t.equal(await isThere(1), true)
  t.equal(await store.commit(idOf(1), version, said(now, idOf(1), 2)), 'committed')
})

t.test('a full store forgets the oldest first', async (t) => {
  const { say, there } = opened({ conversations: 20 })
  for (let user = 0; user < 20; user++) await say(user)
  await say(0)
  t.equal((await there(20)).length, 20)
  t.equal(await say(20), 'committed')
  const left = await there(21)
  t.ok(left.includes(0) && left.includes(20), 'neither one that just spoke nor the new one')
  t.strictSame(
    left.slice(1),
    Array.from({ length: left.length - 1 }, (_, i) => i + 22 - left.length),
  )
  for (let user = 21; user < 150; user++) {
    await say(user)
    const { length } = await there(user + 1)
    if (length > 20 || length < 18) t.fail(`${length} after ${user}`)
  }
})

t.test('a conversation that must be kept is not evicted as long as it must', async (t) => {
  const { say, there, store, clock } = opened({ conversations: 20 })
  const end = store.now() + MINUTE
  for (let user = 0; user < 20; user++) await say(user, { keepUntil: user % 2 === 0 ? end : 0 })
  for (let user = 20; user < 100; user++) await say(user)
  const held = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]
  t.strictSame((await there(20)).join(), held.join())
  clock.advance(MINUTE)
  for (let user = 100; user < 200; user++) await say(user)
  t.strictSame(await there(100), [])
})

t.test(
  'when those alone fill it, it takes no new one, serves the old ones, and recovers with the first end',
  async (t) => {
    const { say, there, store, clock } = opened({ conversations: 20 })
    const now = store.now()
    for (let user = 0; user < 20; user++) await say(user, { keepUntil: now + MINUTE + user * 1000 })
    for (const user of [20, 21]) {
      await t.rejects(say(user, { key: 'mid-1', ownId: 'own', dueAt: now }), { code: 'store_full' })
      const question = { key: 'mid-1', find: { is: 'ours', mid: 'own' } } as const
      t.match(await store.loadFresh(idOf(user), question), { state: null, known: { isSeen: false, isOurs: false } })
    }
    t.strictSame(await store.claimDue(10, 1000), [])
    t.equal(await say(7, { keepUntil: now + HOUR }), 'committed')
    t.equal((await there(20)).length, 20)
    clock.advance(MINUTE)
    t.equal(await say(20, { keepUntil: now + HOUR }), 'committed')
    t.equal((await there(21)).length, 20)
    await t.rejects(say(21, { keepUntil: now + HOUR }), { code: 'store_full' })
    clock.advance(1000)
    t.equal(await say(21), 'committed')
  },
)

t.test('an event that creates nothing is taken by a full store', async (t) => {
  const { say, put } = opened({ conversations: 1 })
  await say(0, { keepUntil: FOREVER })
  t.equal(await put(1, change({ key: 'k' })), 'committed')
  await t.rejects(say(1), { code: 'store_full' })
})

t.test(
  'in a large store no commit waits for the whole search for room, and none is refused that has room',
  async (t) => {
    const { say, there, store } = opened({ conversations: 3000 })
    for (let user = 0; user < 2800; user++) await say(user, { keepUntil: FOREVER })
    for (let user = 2800; user < 4500; user++) await say(user)
    const left = await there(4500)
    t.ok(left.length <= 3000)
    t.strictSame(left.slice(0, 2800).at(-1), 2799, 'all that must be kept are there')
    t.equal(left.at(-1), 4499)
    for (let i = 0; i < 3; i++) store.sweep()
    t.ok((await there(4500)).length <= 3000)
  },
)

t.test('a sweep makes room for a store that refuses', async (t) => {
  const { say, there, store, clock, sweepAll } = opened({ conversations: 3000 })
  for (let user = 0; user < 3000; user++) await say(user, { keepUntil: store.now() + MINUTE })
  await t.rejects(say(3000), { code: 'store_full' })
  clock.advance(MINUTE)
  sweepAll()
  t.equal((await there(3000)).length, 2850)
})

t.test('a conversation that was forgotten between load and commit is a conflict', async (t) => {
  const { say, store, isThere } = opened({ conversations: 5 })
  await say(0)
  const { version } = await store.loadFresh(idOf(0), NOTHING)
  for (let user = 1; user < 10; user++) await say(user)
  t.equal(await isThere(0), false)
  t.equal(await store.commit(idOf(0), version, said(store.now(), idOf(0), 2)), 'conflict')
  await say(0)
  t.equal(await store.commit(idOf(0), version, said(store.now(), idOf(0), 2)), 'conflict')
})

t.test('histories above the limit are evicted, of the longest silent conversation first', async (t) => {
  const { say, seqs, isThere, store } = opened({ historyBytes: 10 * bytesOf(numbered(0, 1)) })
  for (let round = 0; round < 2; round++) for (let user = 0; user < 5; user++) await say(user)
  for (let user = 0; user < 5; user++) t.strictSame(await seqs(user), [1, 2])
  await say(3)
  t.strictSame(await seqs(0), [])
  t.strictSame(await seqs(1), [1, 2])
  t.strictSame(await seqs(3), [1, 2, 3])
  t.equal(await isThere(0), true)
  await say(0)
  t.strictSame(await seqs(0), [3], 'it goes on with the next message')
  t.strictSame(await seqs(1), [1, 2])
  await say(0)
  t.strictSame(await seqs(1), [])
  t.strictSame((await store.read(idOf(1)))?.seq, 2)
})

t.test('a single history above the limit is evicted as a whole, and begins anew', async (t) => {
  const { say, seqs } = opened({ historyBytes: 3 * bytesOf(numbered(0, 1)) })
  for (let i = 0; i < 3; i++) await say(1)
  t.strictSame(await seqs(1), [1, 2, 3])
  await say(1)
  t.strictSame(await seqs(1), [])
  for (let seq = 5; seq <= 7; seq++) await say(1)
  t.strictSame(await seqs(1), [5, 6, 7])
  await say(1)
  t.strictSame(await seqs(1), [])
})

t.test('a change of a message that went this way does not hold up those that come', async (t) => {
  const { say, put, seqs, store } = opened({ historyBytes: 3 * bytesOf(numbered(0, 1)) })
  for (let i = 0; i < 4; i++) await say(1)
  const state = await store.read(idOf(1))
  await put(
    1,
    change({ state: { ...state!, promptAt: 5 }, records: [numbered(store.now(), 2, { status: 'skipped' })] }),
  )
  t.strictSame(await seqs(1), [])
  await say(1)
  await say(1)
  t.strictSame(await seqs(1), [5, 6])
})

t.test('texts of open work have a limit of their own', async (t) => {
  const { put, say, store, isThere } = opened({ openBytes: 10 * bytesOf(numbered(0, 1)) })
  const now = store.now()
  const waiting = (user: number, count: number) => {
    const state = conversation({
      id: idOf(user),
      seq: 9,
      waiting: Array.from({ length: count }, () => numbered(now, 1)),
    })
    return change({ state, keepUntil: count > 0 ? FOREVER : 0, key: `${user} ${count}`, dueAt: now })
  }
  t.equal(await put(1, waiting(1, 4)), 'committed')
  t.equal(await put(2, waiting(2, 6)), 'committed')
  for (const [user, count] of [
    [1, 5],
    [2, 10],
    [3, 1],
  ] as const) {
    await t.rejects(put(user, waiting(user, count)), { code: 'store_full' })
    t.equal((await store.loadFresh(idOf(user), { key: `${user} ${count}`, find: null })).known.isSeen, false)
  }
  t.equal((await store.read(idOf(1)))?.waiting.length, 4)
  t.equal(await isThere(3), false)
  t.equal(await say(4), 'committed', 'what adds nothing is taken')
  t.equal(await put(2, waiting(2, 5)), 'committed')
  t.equal(await put(1, waiting(1, 5)), 'committed')
  await t.rejects(put(3, waiting(3, 1)), { code: 'store_full' })
  t.equal(await put(2, waiting(2, 0)), 'committed')
  t.equal(await put(3, waiting(3, 5)), 'committed')
})

t.test('open work that has expired does not fill the store for ever', async (t) => {
  const { put, store, wait } = opened({ openBytes: 3 * bytesOf(numbered(0, 1)) })
  const reported = (user: number) => {
    const until = store.now() + MINUTE
    const state = conversation({ id: idOf(user), seq: 1, sent: [{ message: numbered(0, 1), until }] })
    return put(user, change({ state, keepUntil: until + 15 * MINUTE }))
  }
  for (const user of [1, 2, 3]) await reported(user)
  await t.rejects(reported(4), { code: 'store_full' })
  wait(59 * MINUTE)
  await t.rejects(reported(4), { code: 'store_full' })
  wait(MINUTE)
  for (const user of [4, 5, 6]) t.equal(await reported(user), 'committed')
})

t.test('flags for a text weigh as much as their text', async (t) => {
  const { note, store, wait } = opened({ openBytes: 60_000 })
  const flag: Flag = {
    at: store.now(),
    until: store.now() + MINUTE,
    left: 1,
    text: 'x'.repeat(20_000),
    idempotencyKey: null,
    parameters: '[1]',
  }
  t.equal(await note(1, { keepUntil: flag.until }, { flags: [flag] }), 'committed')
  await t.rejects(note(2, { keepUntil: flag.until }, { flags: [flag] }), { code: 'store_full' })
  t.equal(await note(2, { keepUntil: flag.until }, { flags: [{ ...flag, text: null }] }), 'committed')
  wait(HOUR)
  t.equal(await note(2, { keepUntil: flag.until }, { flags: [flag] }), 'committed')
})

/** Conversations with something on its way, and for how long at the least nobody may forget it. */
function underWay(now: number) {
  const question = message({ arrivedAt: now })
  const answer = part({ message: message({ arrivedAt: now, type: 'AI', status: 'queued' }), at: now + MINUTE })
  const letter = { seq: 1, reason: 'refused', code: '100', at: now, parts: [answer] } as const
  const post = { key: 'key', body: 'digest', at: now, seq: 1, reason: null }
  return [
    [
      'a run',
      { asking: { ...NOT_ASKING, run: run({ messages: [question], leaseUntil: now + MINUTE }) } },
      ANSWER_WINDOW_MS,
    ],
    ['a part', { outbox: { ...NO_OUTBOX, parts: [answer] } }, MINUTE + ANSWER_WINDOW_MS],
    ['a dead letter', { outbox: { ...NO_OUTBOX, dead: [letter] } }, DEAD_LETTER_LIFE_MS],
    ['a key', { outbox: { ...NO_OUTBOX, posts: [post] } }, POST_LIFE_MS],
  ] as const
}

/** As the engine commits it. */
function worked(user: number, changes: Partial<Conversation>): Change {
  const state = conversation({ id: idOf(user), seq: 1, ...changes })
  return change({ state, keepUntil: keepUntil(state, policy()), dueAt: dueAt(state, policy()), historyTtlMs: 0 })
}

t.test('a full store keeps what is on its way, what died and what was keyed, for as long as it counts', async (t) => {
  for (const [what, changes, life] of underWay(opened().store.now())) {
    const { put, say, clock, there } = opened({ conversations: 20 })
    await put(0, worked(0, changes))
    clock.advance(life - SECOND)
    for (let user = 1; user < 100; user++) await say(user)
    t.ok((await there(100)).includes(0), `${what} is there`)
    clock.advance(2 * SECOND)
    for (let user = 100; user < 200; user++) await say(user)
    t.notOk((await there(200)).includes(0), `${what} had its time`)
  }
})

t.test('a conversation with a run or parts comes up at its time, whatever the store does meanwhile', async (t) => {
  for (const [what, changes] of underWay(opened().store.now()).slice(0, 2)) {
    const { put, say, note, store, clock, sweepAll } = opened({ conversations: 20 })
    await put(0, worked(0, changes))
    t.equal(store.nextDue(), store.now() + MINUTE, what)
    for (let user = 1; user < 100; user++) await say(user)
    clock.advance(MINUTE)
    sweepAll()
    for (let lease = 0; lease < 3; lease++) {
      t.strictSame(store.claimDue(9, 8 * SECOND), [idOf(0)], what)
      t.equal(store.nextDue(), store.now() + 8 * SECOND)
      t.strictSame(store.claimDue(9, 8 * SECOND), [])
      clock.advance(8 * SECOND)
      for (let user = 100; user < 200; user++) await note(user)
    }
    // Long enough to be at rest.
    clock.advance(12 * HOUR)
    sweepAll()
    t.strictSame(store.claimDue(9, 8 * SECOND), [idOf(0)], what)
    t.match(await store.read(idOf(0)), changes)
  }
})

t.test('open work at rest keeps its due time while old texts are dropped', async (t) => {
  const { put, store, wait } = opened()
  const now = store.now()
  const [[, asked], [, queued]] = underWay(now)
  const asideOf = { setAside: [{ part: part(), at: now }], parts: queued.outbox.parts }
  for (const [user, changes] of [
    [1, { ...asked, asked: [{ text: 'hi', arrivedAt: now }] }],
    [2, { outbox: { ...NO_OUTBOX, ...asideOf } }],
  ] as const) {
    const { state, ...rest } = worked(user, changes)
    await put(user, { ...rest, state, dueAt: now + 10 * HOUR + user })
  }
  wait(9 * HOUR)
  t.strictSame((await store.read(idOf(1)))?.asked, [])
  t.strictSame((await store.read(idOf(2)))?.outbox, queued.outbox)
  t.equal(store.nextDue(), now + 10 * HOUR + 1)
  wait(2 * HOUR)
  t.strictSame(store.claimDue(9, SECOND), [idOf(1), idOf(2)])
})

t.test('from question to answer the texts are counted once, and in the end not at all', async (t) => {
  const weight = bytesOf(numbered(0, 1))
  const { put, store } = opened({ openBytes: 2 * weight })
  const now = store.now()
  const [one, two] = [numbered(now, 1), numbered(now, 2)]
  const parts = [one, two].map((each) => part({ message: each }))
  const dead = [{ seq: 1, reason: 'refused', code: '100', at: now, parts }] as const
  const full = async () => {
    await t.rejects(put(2, worked(2, { waiting: [one] })), { code: 'store_full' })
  }
  for (const changes of [
    { waiting: [one, two] },
    { asking: { ...NOT_ASKING, run: run({ messages: [one, two] }) } },
    { outbox: { ...NO_OUTBOX, parts } },
    { outbox: { ...NO_OUTBOX, setAside: parts.map((each) => ({ part: each, at: now })) } },
    { outbox: { ...NO_OUTBOX, dead } },
  ]) {
    t.equal(await put(1, worked(1, changes)), 'committed', Object.keys(changes).join())
    await full()
  }
  t.equal(await put(1, worked(1, {})), 'committed')
  t.equal(await put(2, worked(2, { waiting: [one, two] })), 'committed', 'all of it is free again')
})

t.test('expired dead letters and keys weigh nothing at rest', async (t) => {
  const { put, store, wait, isThere } = opened({ openBytes: 3 * bytesOf(numbered(0, 1)) })
  const causes = [{ until: FOREVER, reason: 'api', at: 0, seq: 0, note: null }] as const
  const now = store.now()
  const dead = [1, 2, 3].map((seq) => {
    const lost = part({ message: numbered(now, 1) })
    return { seq, reason: 'refused', code: '100', at: now, parts: [lost] } as const
  })
  await put(1, worked(1, { causes, outbox: { ...NO_OUTBOX, dead } }))
  wait(DEAD_LETTER_LIFE_MS - SECOND)
  await t.rejects(put(2, worked(2, { waiting: [numbered(now, 1)] })), { code: 'store_full' })
  wait(SECOND)
  t.equal(await put(2, worked(2, { waiting: [1, 2, 3].map(() => numbered(now, 1)) })), 'committed')
  t.equal(await isThere(1), true)
  t.equal((await store.read(idOf(1)))?.outbox, NO_OUTBOX)
})

t.test('a handled event is known for 48 hours, and forgotten after twice that', async (t) => {
  const { store, say, wait } = opened()
  const isSeen = async () => (await store.load(idOf(1), { key: 'm-1', find: null })).known.isSeen
  await say(1, { key: 'm-1' })
  wait(48 * HOUR - 1)
  t.equal(await isSeen(), true)
  wait(1)
  wait(48 * HOUR)
  t.equal(await isSeen(), false)
})
