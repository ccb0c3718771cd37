import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { type ConversationId, conversationIdOf } from '../../../src/conversation/ids.js'
import { RouterError } from '../../../src/engine/ports.js'
import { createServerClock } from '../../../src/store/redis/clock.js'
import type { Commands } from '../../../src/store/redis/commands.js'
import { createDue } from '../../../src/store/redis/due.js'
import { createKeys, PARTITIONS } from '../../../src/store/redis/keys.js'

const START = 1_000_000_000
const LEASE_MS = 8_000
const PART_MS = 125
const PARTS = 8

/** A due index like the one in Redis, with a clock of its own, partitions that can go away, and a tale of what was asked. */
function index({ serverAhead = 0 } = {}) {
  const keys = createKeys('mr')
  const entries = new Map<string, Map<string, number>>()
  const away = new Set<string>()
  const asked: number[] = []
  let now = START

  async function claim(key: string, limit: number, leaseMs: number, keyStart: string) {
    asked.push(Number(/p(\d+)/.exec(key)![1]))
    t.equal(keyStart.replace('c:', 'due'), key, 'of the same partition')
    await Promise.resolve()
    if (away.has(key)) throw new RouterError('store_unavailable', 'away')
    const due = entries.get(key) ?? new Map<string, number>()
    const time = now + serverAhead
    const first = () => [...due].sort(([, a], [, b]) => a - b)
    const ids = first()
      .filter(([, at]) => at <= time)
      .slice(0, limit)
      .map(([id]) => id)
    for (const id of ids) due.set(id, time + leaseMs)
    return [String(time), String(first()[0]?.[1] ?? ''), ...ids] as [string, string, ...string[]]
  }

  const clock = createServerClock(() => now)
  const due = createDue({ commands: { claim } as Partial<Commands> as Commands, keys, clock, ownTime: () => now })
  /** Whatever is claimed while every partition is looked into once. */
  async function sweep(): Promise<readonly ConversationId[]> {
    const given: ConversationId[] = []
    for (let part = 0; part < PARTS; part++) {
      now += PART_MS
      given.push(...(await due.claim(200, LEASE_MS)))
    }
    return given
  }

  return {
    ...due,
    clock,
    sweep,
    now: () => now,
    pass: (ms: number) => {
      now += ms
    },
    /** By another process, or by this one. */
    put(partition: number, at: number, isOwn = false): ConversationId {
      const id = conversationIdOf(`${partition}`, `${entries.get(keys.due(partition))?.size ?? 0}`)
      entries.set(keys.due(partition), (entries.get(keys.due(partition)) ?? new Map()).set(id, at))
      if (isOwn) due.hint(partition, at)
      return id
    },
    giveBack: (partition: number, id: ConversationId) => void entries.get(keys.due(partition))!.set(id, now),
    setAway: (...partitions: readonly number[]) => {
      away.clear()
      for (const partition of partitions) away.add(keys.due(partition))
    },
    /** The partitions asked since last asked. */
    askedNow: () => asked.splice(0).toSorted((a, b) => a - b),
  }
}

const ALL = Array.from({ length: PARTITIONS }, (_, partition) => partition)

t.test('every partition is looked into at first, and once a second from then on', async (t) => {
  const { claim, askedNow, pass, next, now, sweep } = index()
  t.ok(next() <= now())
  await claim(200, LEASE_MS)
  t.same(askedNow(), ALL)
  t.equal(next(), now() + PART_MS)
  pass(PART_MS - 1)
  await claim(200, LEASE_MS)
  t.same(askedNow(), [])
  pass(1)
  await claim(200, LEASE_MS)
  t.same(askedNow(), [0, 8, 16, 24, 32, 40, 48, 56], 'a part at a time')
  for (let part = 1; part < PARTS; part++) {
    pass(PART_MS)
    await claim(200, LEASE_MS)
    t.equal(askedNow().length, PARTITIONS / PARTS)
  }
  await sweep()
  t.same(askedNow(), ALL)
})

t.test('due times of other processes are found by the next sweep, own ones at their time', async (t) => {
  const { claim, askedNow, pass, put, next, now, sweep } = index()
  await claim(200, LEASE_MS)
  askedNow()
  const others = put(3, now() + 100)
  const own = put(5, now() + 100, true)
  t.equal(next(), now() + 100)
  pass(100)
  t.same(await claim(200, LEASE_MS), [own])
  t.same(askedNow(), [5])
  t.same(await sweep(), [others])
})

t.test('a released conversation is found by the next sweep, however long its lease', async (t) => {
  const { claim, put, giveBack, now, sweep } = index()
  const id = put(3, now() - 1)
  t.same(await claim(200, LEASE_MS), [id])
  giveBack(3, id)
  t.same(await sweep(), [id])
  t.same(await sweep(), [], 'and has a lease of its own again')
})

t.test('the next time is that of the earliest that is known: a lease, or what comes after it', async (t) => {
  const { claim, pass, put, next, now, askedNow } = index()
  put(3, now() - 1)
  put(3, now() + 30)
  await claim(200, 70)
  t.equal(next(), now() + 30)
  pass(30)
  await claim(200, LEASE_MS)
  t.equal(next(), now() + 40)
  askedNow()
  pass(40)
  t.same((await claim(200, LEASE_MS)).length, 1)
  t.same(askedNow(), [3])
})

t.test('a time that is committed while the index is looked into is not lost', async (t) => {
  const { claim, hint, next, now } = index()
  const claimed = claim(200, LEASE_MS)
  hint(7, now() + 50)
  await claimed
  t.equal(next(), now() + 50)
})

t.test('no more conversations are claimed than asked for, and the rest by the next claims', async (t) => {
  for (const partitions of [[1], [1, 2, 3], ALL]) {
    for (const limit of [1, 3, 10, 64, 500]) {
      const { claim, put, now, next } = index()
      const ids = Array.from({ length: 150 }, (_, i) => put(partitions[i % partitions.length]!, now() - i))
      const given: ConversationId[] = []
      for (let claims = 0; given.length < 150 && claims < 200; claims++) {
        t.ok(next() <= now(), 'it says that there is more')
        const some = await claim(limit, LEASE_MS)
        t.ok(some.length <= limit)
        given.push(...some)
      }
      t.same(given.toSorted(), ids.toSorted(), `${limit} at a time from ${partitions.length}`)
    }
  }
})

t.test('a partition out of reach holds up no other, and is asked again by the next sweep', async (t) => {
  const { claim, put, now, setAway, askedNow, next, sweep } = index()
  setAway(3, 4)
  const [lost, found] = [put(3, now() - 1), put(5, now() - 1)]
  t.same(await claim(200, LEASE_MS), [found])
  t.equal(next(), now() + PART_MS, 'nothing turns in circles meanwhile')
  put(4, now(), true)
  t.same(await claim(200, LEASE_MS), [])
  t.same(
    askedNow(),
    [...ALL, 4].toSorted((a, b) => a - b),
  )
  setAway()
  t.same((await sweep()).length, 2)
  t.ok(lost)
})

t.test('a claim fails while all partitions are unreachable, until one answers', async (t) => {
  const { claim, setAway, put, now, next, pass } = index()
  for (const limit of [200, 10]) {
    setAway(...ALL)
    pass(PART_MS)
    await t.rejects(claim(limit, LEASE_MS), { code: 'store_unavailable' })
    t.ok(next() <= now())
    await t.rejects(claim(limit, LEASE_MS), { code: 'store_unavailable' })
    setAway()
    const id = put(9, now())
    t.same(await claim(200, LEASE_MS), [id], 'all are looked into at once then')
  }
})

t.test('the clock follows the server’s: what it gives out as due is due here', async (t) => {
  const { claim, put, now, clock, next } = index({ serverAhead: 5000 })
  const id = put(1, now() + 4_999)
  t.equal(clock.now(), now())
  t.same(await claim(200, LEASE_MS), [id])
  t.ok(clock.now() >= now() + 4_999)
  t.equal(next(), now() + PART_MS)
})

t.test('a server that is behind is not asked without end', async (t) => {
  const { claim, put, now, askedNow } = index({ serverAhead: -5000 })
  put(1, now() - 1, true)
  t.same(await claim(200, LEASE_MS), [])
  t.same(askedNow(), ALL)
})

t.test('without commits nothing is due', async (t) => {
  const { claim, next, pass } = index()
  await claim(200, LEASE_MS)
  pass(1)
  t.same(await claim(200, LEASE_MS), [])
  t.ok(next() < FOREVER)
})
