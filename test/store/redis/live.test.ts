import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { FeedEntry, FeedListener, Store } from '../../../src/engine/ports.js'
import type { Line } from '../../../src/store/redis/connect.js'
import { createLive } from '../../../src/store/redis/live.js'
import { createManualTimers } from '../../fixtures/manual-timers.js'
import { startRedis } from '../../fixtures/redis-servers.js'
import { openRedis } from '../../fixtures/redis-store.js'
import { idOf, said } from '../../fixtures/store-contract.js'

const server = await startRedis()
t.teardown(() => server.stop())

const CHANNEL = 'mr:live'
const settled = (): Promise<void> => new Promise(setImmediate)

/** A connection whose every step the test takes. */
class FakeLine extends EventEmitter {
  readonly subscribed: string[] = []
  pings = 0
  isGivenUp = false
  refuses = false
  async connect() {
    throw new Error('said by the event, too')
  }
  async subscribe(channel: string) {
    this.subscribed.push(channel)
    if (this.refuses) throw new Error('refused')
  }
  async ping() {
    this.pings += 1
    throw new Error('no answer')
  }
  disconnect() {
    this.isGivenUp = true
    this.emit('end')
  }
}

function opened() {
  let now = 0
  const timers = createManualTimers(() => now)
  const lines: FakeLine[] = []
  const away = { isAway: false }
  const live = createLive({
    channel: CHANNEL,
    open() {
      const line = new FakeLine()
      lines.push(line)
      return away.isAway ? null : (line as unknown as Line)
    },
    decode(streamId, text) {
      if (text === '') throw new Error('nothing to see')
      return { cursor: `${streamId} is ${text}` } as FeedEntry
    },
    retryDelay: (times) => times * 100,
    timers,
  })
  /** Millisecond by millisecond, so that a timer which another one sets fires in time. */
  function pass(ms: number): void {
    for (const end = now + ms; now < end; ) {
      now += 1
      timers.run()
    }
  }
  return { live, lines, away, line: () => lines.at(-1)!, pass }
}

function listener(name = ''): FeedListener & { readonly heard: string[] } {
  const heard: string[] = []
  return { heard, entry: ({ cursor }) => heard.push(`${name}${cursor}`), broken: () => heard.push(`${name}broken`) }
}

t.test('all listeners share one connection, which lasts as long as there are any', async (t) => {
  const { live, lines, line, pass } = opened()
  t.equal(lines.length, 0)
  const [a, b] = [listener(), listener()]
  const stops = Promise.all([live.listen(a), live.listen(b)])
  line().emit('ready')
  const [stopA, stopB] = await stops
  t.same([lines.length, line().subscribed], [1, [CHANNEL]])
  line().emit('message', CHANNEL, '5-0 s[1] x')
  stopA()
  line().emit('message', CHANNEL, '5-1 y')
  t.same([a.heard, b.heard], [['5-0 is s[1] x'], ['5-0 is s[1] x', '5-1 is y']])
  t.equal(line().isGivenUp, false)
  stopB()
  stopB()
  t.equal(line().isGivenUp, true)
  pass(60_000)
  t.equal(lines.length, 1, 'it is not opened again for nobody')
  const again = live.listen(a)
  line().emit('ready')
  await again
  t.equal(lines.length, 2)
  t.same(a.heard, ['5-0 is s[1] x'], 'nothing was missed that anybody listened to')
  await live.listen(b)
  t.equal(lines.length, 2)
  live.close()
  t.equal(line().isGivenUp, true)
  live.close()
})

t.test('after a lost connection all listeners are told that they may have missed entries', async (t) => {
  const { live, lines, line, pass } = opened()
  const a = listener()
  const listening = live.listen(a)
  line().emit('ready')
  await listening
  line().emit('error', new Error('reset'))
  line().emit('end')
  pass(99)
  t.equal(lines.length, 1)
  pass(1)
  t.equal(lines.length, 2)
  line().emit('end')
  pass(199)
  t.equal(lines.length, 2)
  pass(1)
  t.same(a.heard, [])
  const late = listener()
  const lateListening = live.listen(late)
  line().emit('ready')
  await lateListening
  t.same([a.heard, late.heard], [['broken'], ['broken']])
  line().emit('end')
  pass(100)
  t.equal(lines.length, 4, 'the wait begins anew')
  live.close()
})

t.test('a connection that does not take the subscription is given up for another one', async (t) => {
  const { live, line, lines, pass } = opened()
  const listening = live.listen(listener())
  line().refuses = true
  line().emit('ready')
  await settled()
  t.equal(line().isGivenUp, true)
  pass(100)
  t.equal(lines.length, 2)
  line().emit('ready')
  await listening
  live.close()
})

t.test('a silent connection is pinged', async (t) => {
  const { live, line, lines, pass } = opened()
  const listening = live.listen(listener())
  line().emit('ready')
  await listening
  pass(12_000)
  t.equal(line().pings, 2)
  line().emit('end')
  pass(10_000)
  t.equal(lines[0]!.pings, 2)
  t.equal(lines.length, 2)
  live.close()
})

t.test(
  'a listener that cannot be served is told within two seconds, and does not keep the connection open',
  async (t) => {
    const { live, line, lines, away, pass } = opened()
    away.isAway = true
    const a = listener()
    const [first, second] = [live.listen(a), live.listen(listener())]
    pass(1_999)
    t.ok(lines.length > 3, 'it is tried again meanwhile')
    pass(1)
    await t.rejects(first, { code: 'store_unavailable' })
    await t.rejects(second, { code: 'store_unavailable' })
    const tries = lines.length
    pass(60_000)
    t.equal(lines.length, tries)
    away.isAway = false
    const third = live.listen(a)
    line().emit('ready')
    await third
    line().emit('message', CHANNEL, '1-0 x')
    t.same(a.heard, ['1-0 is x'])
    live.close()
  },
)

t.test('closing while the connection opens serves nobody, and leaves nothing open', async (t) => {
  const { live, line, pass } = opened()
  const listening = live.listen(listener())
  const first = line()
  first.emit('ready')
  live.close()
  await t.rejects(listening, { code: 'store_unavailable' })
  t.equal(first.isGivenUp, true)
  await settled()
  pass(60_000)
  t.equal(line(), first)
})

t.test('an entry that cannot be parsed is dropped, and a failing listener does not affect the others', async (t) => {
  const { live, line, pass } = opened()
  const failing: FeedListener = {
    entry() {
      throw new Error('entry')
    },
    broken() {
      throw new Error('broken')
    },
  }
  const a = listener()
  const both = Promise.all([live.listen(failing), live.listen(a)])
  line().emit('ready')
  await both
  for (const text of ['1-0 ', '', '2-0 x']) line().emit('message', CHANNEL, text)
  line().emit('end')
  pass(100)
  line().emit('ready')
  await settled()
  t.same(a.heard, ['2-0 is x', 'broken'])
  live.close()
})

async function say(store: Store, user: number): Promise<void> {
  const what = said(store.now(), idOf(user), 1)
  await store.commit(idOf(user), null, {
    ...what,
    notices: what.records.map((each) => ({ is: 'said', message: each })),
  })
}

const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await sleep(10)
}
/** Every subscription of this server, whatever prefix the store got. */
async function subscribers(): Promise<number> {
  const names = (await server.client.pubsub('CHANNELS')) as string[]
  const counts = (await server.client.pubsub('NUMSUB', ...names)).filter((_, i) => i % 2 === 1)
  return counts.reduce<number>((sum, count) => sum + Number(count), 0)
}

t.test('over a real server, entries published during a lost connection are read from the feed', async (t) => {
  const { store, close } = await openRedis(server.url, [server.client])
  t.teardown(close)
  const entries: FeedEntry[] = []
  let breaks = 0
  const stop = await store.listen({
    entry: (entry) => entries.push(entry),
    broken() {
      breaks += 1
    },
  })
  await say(store, 1)
  await until(() => entries.length === 1)
  t.equal(await subscribers(), 1)
  await server.client.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await say(store, 2)
  await until(() => breaks === 1)
  await say(store, 3)
  await until(() => entries.length === 2)
  const users = async () => {
    const page = await store.readFeed(entries[0]!.cursor, null, 10)
    return page.entries.map(({ state }) => state.id)
  }
  t.same(await users(), [2, 3].map(idOf))
  stop()
  await until(async () => (await subscribers()) === 0)
  const stopAgain = await store.listen({ entry: (entry) => entries.push(entry), broken() {} })
  t.equal(await subscribers(), 1)
  await store.close()
  await until(async () => (await subscribers()) === 0)
  stopAgain()
})

t.test('over a real server, its loss is reported in time, and its return found', async (t) => {
  const other = await startRedis()
  t.teardown(() => other.stop())
  const { store, close } = await openRedis(other.url, [other.client])
  t.teardown(close)
  await other.kill()
  const begun = performance.now()
  await t.rejects(async () => store.listen({ entry() {}, broken() {} }), { code: 'store_unavailable' })
  t.ok(performance.now() - begun < 4_000)
  const waiting = store.listen({ entry() {}, broken() {} })
  await other.restart()
  const stop = await waiting
  stop()
})
