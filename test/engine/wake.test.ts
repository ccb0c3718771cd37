import t, { type Test } from 'tap'
import { type Channel, FOREVER } from '../../src/conversation/channel.js'
import { type ConversationId, conversationIdOf, pageOf } from '../../src/conversation/ids.js'
import type { Ask } from '../../src/engine/ask.js'
import { type Log, type Receive, RouterError, type Store } from '../../src/engine/ports.js'
import { createReceive } from '../../src/engine/receive.js'
import { createTakeStep } from '../../src/engine/steps.js'
import { createUnderWay } from '../../src/engine/under-way.js'
import { createWake, type Wake } from '../../src/engine/wake.js'
import { channelWith } from '../fixtures/channel.js'
import { echo, ID, MINUTE, SECOND } from '../fixtures/conversation.js'
import { createManualTimers, settled } from '../fixtures/manual-timers.js'
import { openMemory } from '../fixtures/memory-store.js'
import { createNotedMeter } from '../fixtures/meter.js'
import { slowly } from '../fixtures/slow-store.js'

interface Line {
  readonly level: string
  readonly message: string
  readonly facts: { readonly conversation_id?: string; readonly err?: Error }
}

interface Given {
  readonly store?: (store: Store) => Partial<Store>
  readonly receive?: (receive: Receive) => Receive
  readonly pauseMs?: number
}

const NOT_ASKED: Ask = {
  readiness: () => ({ assistantFreeAt: 0, isAssistantDown: false }),
  begin() {},
  lookUp() {},
  has: () => false,
  compare() {},
  drain() {},
  isDraining: false,
  openCircuits: () => 0,
}

/** Timers and the store's clock go on together, and only when told to. */
function engine(t: Test, given: Given = {}) {
  const { store: memory, clock } = openMemory()
  const timers = createManualTimers(memory.now)
  const claimedAt: number[] = []
  const lines: Line[] = []
  const channels = new Map<string, Channel>([['1', channelWith({ pauseMs: given.pauseMs ?? 10 * SECOND })]])
  const write = (level: string) => (facts: object, message: string) => void lines.push({ level, facts, message })
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  const begun = memory.now()
  const watched: Store = {
    ...memory,
    claimDue(limit, leaseMs) {
      claimedAt.push(memory.now() - begun)
      return memory.claimDue(limit, leaseMs)
    },
  }
  const store: Store = { ...watched, ...given.store?.(watched) }
  const receive = createReceive({ store, onCommit: (_state, at) => wake.hint(at) })
  const takeStep = createTakeStep({
    store,
    receive: given.receive?.(receive) ?? receive,
    ask: NOT_ASKED,
    send: async () => {},
    log,
    meter: createNotedMeter(),
    underWay: createUnderWay(),
    timers,
  })
  const wake: Wake = createWake({
    store,
    takeStep,
    channelOf: (id) => channels.get(pageOf(id)),
    log,
    timers,
  })
  t.teardown(() => wake.stop())
  return {
    memory,
    wake,
    receive,
    channels,
    claimedAt,
    lines,
    now: () => memory.now() - begun,
    /** A person takes the conversation for as long as the channel says. */
    async takeOver(id: ConversationId = ID) {
      const count = (await memory.read(id))?.seq ?? 0
      await receive(id, channels.get('1')!, echo({ mid: `e${count}` }), `e${count}`)
    },
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 50) {
        clock.advance(50)
        timers.run()
        await settled()
      }
    },
    isPaused: async (id: ConversationId = ID) => ((await memory.read(id))?.causes.length ?? 0) > 0,
  }
}

t.test('a pause ends by itself when its time is over, and the log says so once', async (t) => {
  const { wake, takeOver, pass, isPaused, lines } = engine(t)
  wake.start()
  await takeOver()
  await pass(10 * SECOND - 50)
  t.equal(await isPaused(), true)
  t.strictSame(lines, [])
  await pass(50)
  t.equal(await isPaused(), false)
  await pass(20 * SECOND)
  t.match(lines, [{ level: 'info', message: /pause is over/, facts: { conversation_id: ID } }])
  t.equal(lines.length, 1)
})

t.test('due conversations are woken over an asynchronous store too', async (t) => {
  const { wake, takeOver, pass, isPaused } = engine(t, { store: (store) => slowly(store, 3) })
  wake.start()
  await takeOver()
  await pass(9 * SECOND)
  t.equal(await isPaused(), true)
  await pass(SECOND + 100)
  t.equal(await isPaused(), false)
})

t.test('a pause that began before the start ends as well', async (t) => {
  const { wake, takeOver, pass, isPaused } = engine(t)
  await takeOver()
  await pass(15 * SECOND)
  t.equal(await isPaused(), true)
  wake.start()
  await pass(50)
  t.equal(await isPaused(), false)
})

t.test('a pause that was made longer is not ended by its first end', async (t) => {
  const { wake, takeOver, pass, isPaused, lines } = engine(t)
  wake.start()
  await takeOver()
  await pass(6 * SECOND)
  await takeOver()
  await pass(9 * SECOND)
  t.equal(await isPaused(), true)
  t.strictSame(lines, [])
  await pass(SECOND)
  t.equal(await isPaused(), false)
  t.equal(lines.length, 1)
})

t.test('a conversation that was claimed but is still silent is not announced', async (t) => {
  const { wake, takeOver, pass, isPaused, lines } = engine(t, {
    store: () => ({ claimDue: async () => [ID], nextDue: () => FOREVER }),
  })
  await takeOver()
  wake.start()
  await pass(5 * SECOND)
  t.equal(await isPaused(), true)
  t.strictSame(lines, [])
})

t.test('the store is asked at the time that is due next, and every second in any case', async (t) => {
  const due = [300, FOREVER, FOREVER, 2350]
  const { wake, pass, claimedAt, memory } = engine(t, {
    store: () => ({ nextDue: () => begun + (due.shift() ?? FOREVER) }),
  })
  const begun = memory.now()
  wake.start()
  await pass(4 * SECOND)
  t.strictSame(claimedAt, [300, 1300, 2300, 2350, 3350])
})

t.test('a hint for an earlier time is heeded, a later one has nothing to say', async (t) => {
  const { wake, pass, claimedAt, memory } = engine(t)
  wake.start()
  const begun = memory.now()
  wake.hint(begun + 800)
  wake.hint(begun + 500)
  wake.hint(begun + 600)
  wake.hint(FOREVER)
  await pass(SECOND)
  t.strictSame(claimedAt, [500])
  wake.hint(begun)
  await pass(50)
  t.strictSame(claimedAt, [500, 1050])
})

t.test('a due time committed during a claim is not missed', async (t) => {
  let isFirst = true
  const { wake, pass, takeOver, isPaused, claimedAt } = engine(t, {
    pauseMs: 200,
    store: (store) => ({
      async claimDue(limit, leaseMs) {
        const ids = await store.claimDue(limit, leaseMs)
        if (isFirst) await takeOver()
        isFirst = false
        return ids
      },
    }),
  })
  wake.start()
  await pass(1200)
  t.equal(await isPaused(), false)
  t.strictSame(claimedAt, [1000, 1200])
})

t.test('a store that fails is asked again soon, and the log says so once', async (t) => {
  let isAway = true
  let cause: unknown
  const { wake, pass, takeOver, isPaused, lines, claimedAt } = engine(t, {
    store: (store) => ({
      claimDue(limit, leaseMs) {
        const ids = store.claimDue(limit, leaseMs)
        if (isAway) throw new RouterError('store_unavailable', 'away', { cause })
        return ids
      },
    }),
  })
  await takeOver()
  wake.start()
  await pass(2500)
  t.strictSame(claimedAt, [1000, 1500, 2000, 2500])
  t.match(lines, [{ level: 'warn', message: /trying again/, facts: { reason: 'RouterError: away' } }])
  isAway = false
  await pass(500)
  isAway = true
  cause = new Error('NOPERM')
  await pass(2 * SECOND)
  t.match(lines[1]?.facts, { reason: 'Error: NOPERM' }, 'with what the server said')
  t.equal(lines.length, 2, 'and again when it fails anew')
  isAway = false
  await pass(20 * SECOND)
  t.equal(await isPaused(), false)
})

t.test('a conversation that cannot be woken holds up no other, and is tried again', async (t) => {
  const ids = ['2', '3', '4'].map((user) => conversationIdOf('1', user))
  const broken = new Set(ids.slice(0, 2))
  const { wake, takeOver, pass, isPaused, lines } = engine(t, {
    receive: (receive) => (id, channel, event, key) => {
      if (id === ids[0] && broken.has(id)) throw new Error('at once')
      return broken.has(id) ? Promise.reject(new Error('later')) : receive(id, channel, event, key)
    },
  })
  for (const id of ids) await takeOver(id)
  wake.start()
  await pass(10 * SECOND)
  t.strictSame(await Promise.all(ids.map((id) => isPaused(id))), [true, true, false])
  const warnings = lines.filter(({ level }) => level === 'warn')
  t.strictSame(warnings.map(({ facts }) => `${facts.conversation_id} ${facts.err?.message}`).toSorted(), [
    `${ids[0]} at once`,
    `${ids[1]} later`,
  ])
  broken.clear()
  await pass(8 * SECOND)
  t.strictSame(await Promise.all(ids.map((id) => isPaused(id))), [false, false, false])
})

t.test('a conversation whose channel is gone is left alone until the channel is back', async (t) => {
  const { wake, takeOver, pass, isPaused, channels, lines } = engine(t)
  await takeOver()
  const channel = channels.get('1')!
  channels.clear()
  wake.start()
  await pass(30 * SECOND)
  t.equal(await isPaused(), true)
  t.strictSame(lines, [])
  channels.set('1', channel)
  await pass(8 * SECOND)
  t.equal(await isPaused(), false)
})

t.test('a conversation of an unknown channel is given back once, and then left to its lease', async (t) => {
  const claimed: ConversationId[] = []
  const released: ConversationId[] = []
  const { wake, takeOver, pass, channels, lines } = engine(t, {
    store: (store) => ({
      async claimDue(limit, leaseMs) {
        const ids = await store.claimDue(limit, leaseMs)
        claimed.push(...ids)
        return ids
      },
      release: (id) => void released.push(id),
    }),
  })
  const other = conversationIdOf('1', '3')
  await takeOver()
  await takeOver(other)
  channels.clear()
  wake.start()
  await pass(30 * SECOND)
  t.strictSame(released.toSorted(), [ID, other].toSorted())
  t.strictSame(claimed.toSorted(), [ID, ID, ID, other, other, other].toSorted(), 'once in a lease')
  t.strictSame(lines, [])
})

t.test('a store that is away while a conversation is given back costs a lease, and nothing else', async (t) => {
  const other = conversationIdOf('1', '3')
  const { wake, takeOver, pass, isPaused, channels, lines } = engine(t, {
    store: () => ({
      async release() {
        throw new RouterError('store_unavailable', 'away')
      },
    }),
  })
  await takeOver()
  await takeOver(other)
  const channel = channels.get('1')!
  channels.clear()
  wake.start()
  await pass(10 * SECOND)
  t.match(lines.map(({ level, facts }) => `${level} ${facts.conversation_id}`).toSorted(), [
    `warn ${ID}`,
    `warn ${other}`,
  ])
  channels.set('1', channel)
  await pass(8 * SECOND)
  t.strictSame([await isPaused(), await isPaused(other)], [false, false])
  t.equal(lines.filter(({ level }) => level === 'warn').length, 2)
})

t.test('the memory of strangers’ conversations is bounded', async (t) => {
  const counts = new Map<ConversationId, number>()
  const [first, ...rest] = Array.from({ length: 10_001 }, (_, i) => conversationIdOf('9', `${i}`))
  const rounds = [[first!], [first!], rest, [first!]]
  const { wake, pass } = engine(t, {
    store: (store) => ({
      claimDue: async () => rounds.shift() ?? [],
      nextDue: () => store.now(),
      release: (id) => void counts.set(id, (counts.get(id) ?? 0) + 1),
    }),
  })
  wake.start()
  await pass(100)
  t.equal(counts.get(first!), 1)
  await pass(SECOND)
  t.equal(counts.size, 10_001)
  t.equal(counts.get(first!), 2)
  t.equal(counts.get(rest[0]!), 1)
})

t.test('all of very many due conversations are woken, with turns for other work in between', async (t) => {
  const ids = Array.from({ length: 450 }, (_, i) => conversationIdOf('1', `${i}`))
  const { wake, takeOver, pass, isPaused, claimedAt } = engine(t, { pauseMs: 500 })
  for (const id of ids) await takeOver(id)
  wake.start()
  await pass(500)
  t.strictSame(claimedAt, [500])
  t.equal((await Promise.all(ids.map(isPaused))).filter((is) => is).length, 250, 'one claim at a time')
  await pass(100)
  t.equal((await Promise.all(ids.map(isPaused))).filter((is) => is).length, 0)
  t.strictSame(claimedAt, [500, 550, 600])
})

t.test('stopping waits for the claim under way, and no new one starts', async (t) => {
  let finish = () => {}
  const { wake, takeOver, pass, claimedAt, receive, memory, channels } = engine(t, {
    pauseMs: SECOND,
    receive: (receive) => async (id, channel, event, key) => {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return receive(id, channel, event, key)
    },
  })
  await takeOver()
  wake.start()
  await pass(SECOND)
  let isStopped = false
  const stopping = wake.stop().then(() => {
    isStopped = true
  })
  await pass(5 * SECOND)
  t.equal(isStopped, false)
  finish()
  await stopping
  t.strictSame((await memory.read(ID))?.causes, [])
  await receive(ID, channels.get('1')!, echo({ mid: 'x' }), 'x')
  wake.hint(memory.now())
  await pass(MINUTE)
  t.strictSame(claimedAt, [SECOND])
})

t.test('waking may be stopped before its start, twice, and started again', async (t) => {
  const { wake, pass, claimedAt } = engine(t)
  wake.hint(0)
  await pass(2 * SECOND)
  await wake.stop()
  t.strictSame(claimedAt, [])
  wake.start()
  await pass(SECOND)
  await wake.stop()
  await wake.stop()
  await pass(5 * SECOND)
  t.strictSame(claimedAt, [3 * SECOND])
  wake.start()
  await pass(SECOND)
  t.strictSame(claimedAt, [3 * SECOND, 9 * SECOND])
})
