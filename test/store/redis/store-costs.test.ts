import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import type { Event } from '../../../src/conversation/event.js'
import { type ConversationId, conversationIdOf } from '../../../src/conversation/ids.js'
import { NO_NAMES } from '../../../src/conversation/state/state.js'
import { LIST_COUNT } from '../../../src/engine/list-filter.js'
import { SEND_WINDOW_MS, type Store } from '../../../src/engine/ports.js'
import { createReceive } from '../../../src/engine/receive.js'
import { PARTITIONS } from '../../../src/store/redis/keys.js'
import { channelWith } from '../../fixtures/channel.js'
import {
  customerMessage,
  deletion,
  echo,
  edit,
  HOUR,
  mark,
  outgoing,
  reaction,
  read,
  report,
  runEnd,
  send,
  sendResult,
  wake,
} from '../../fixtures/conversation.js'
import { startRedis } from '../../fixtures/redis-servers.js'
import { type OpenedRedis, openRedis } from '../../fixtures/redis-store.js'
import { EVERYTHING } from '../../fixtures/store-contract/list-pages.js'
import { change, idOf, said } from '../../fixtures/store-contract.js'

/** What the store asks of Redis: commands, memory, and that nothing stays for ever. */

const server = await startRedis()
t.teardown(() => server.stop())

const DAY = 24 * HOUR
/** A real clock here and one at the server need not agree to the millisecond. */
const A_BIT = 20
const CHANNEL = channelWith({ hasAssistant: false })
const PAGE_ID = '17841400000000001'
const ID = conversationIdOf(PAGE_ID, '7543210987654321')

async function open(t: Test): Promise<OpenedRedis> {
  await server.client.flushall()
  const opened = await openRedis(server.url, [server.client])
  t.teardown(() => opened.close())
  return opened
}

const receiveWith = (store: Store, channel = CHANNEL) => {
  const receive = createReceive({ store, onCommit: () => {} })
  return async (event: Event, key: string | null = null, id: ConversationId = ID) => receive(id, channel, event, key)
}

/** For each message that those who look on are told of. */
const FED = ['xadd', 'publish']

interface Heard {
  readonly name: string
  /** What a script called. */
  readonly calls: string[]
}

/** All commands that reach the server meanwhile. */
async function listen(work: () => Promise<unknown>): Promise<readonly Heard[]> {
  const monitor = await server.client.monitor()
  const heard: Heard[] = []
  const over = new Promise<void>((resolve) => {
    monitor.on('monitor', (_time: string, [name = '', first]: readonly string[], source: string) => {
      if (first === 'that was all') resolve()
      else if (source === 'lua') heard.at(-1)!.calls.push(name.toLowerCase())
      else heard.push({ name: name.toLowerCase(), calls: [] })
    })
  })
  await work()
  await server.client.echo('that was all')
  await over
  monitor.disconnect()
  await once(monitor, 'end')
  return heard
}

t.test('a new event costs one round trip', async (t) => {
  const { store } = await open(t)
  const receive = receiveWith(store)
  await receive(customerMessage({ mid: 'warm' }), 'warm')
  const heard = await listen(async () => {
    for (let i = 0; i < 10; i++) {
      await receive(customerMessage({ mid: `c${i}` }), `c${i}`)
      await receive(mark({ text: `${i}` }))
      await receive(echo({ mid: `e${i}`, text: `${i}` }), `e${i}`)
    }
  })
  t.same(
    heard.map(({ name }) => name),
    new Array(30).fill('evalsha'),
  )
  t.ok(Math.max(...heard.map(({ calls }) => calls.filter((call) => !FED.includes(call)).length)) <= 10)
  t.ok(Math.max(...heard.map(({ calls }) => calls.length)) <= 10 + FED.length, 'a flag’s end is in the due index')
})

t.test('from question to answer each step is one round trip, and writes only what changed', async (t) => {
  const { store } = await open(t)
  const receive = receiveWith(store, channelWith({ debounceMs: 0, cooldownMs: 0 }))
  const names = { ...NO_NAMES, taskId: 'task', conversationId: 'c-1' }
  const answer = { is: 'answer', text: 'so', conversationId: 'c-1' } as const
  let createdAt = 0
  const steps = (turn: number): readonly (readonly [string, () => Promise<unknown>, readonly string[]])[] => {
    const [asked, answered] = [2 * turn - 1, 2 * turn]
    const sent = () => sendResult({ is: 'sent', mid: `e${turn}` }, { seq: answered, createdAt })
    return [
      [
        'the question comes',
        async () => {
          const { state } = await receive(customerMessage({ mid: `c${turn}`, text: `${turn}` }), `c${turn}`)
          createdAt = state.createdAt
        },
        ['getrange', 'sismember', 'sadd', 'pexpireat', 'set', 'rpush', 'zadd', 'zrem', 'zadd', ...FED],
      ],
      ['it is asked', () => receive(wake()), ['getrange', 'set', 'zadd', 'zscore', 'zrem', 'zadd']],
      [
        'it is still asked',
        () => receive({ is: 'run_beat', runId: 'run-1', names, said: null }),
        ['getrange', 'set', 'zadd'],
      ],
      [
        'the answer is queued',
        () => receive(runEnd(answer)),
        ['getrange', 'set', 'rpush', 'lindex', 'lset', 'zadd', 'zadd', ...FED, ...FED],
      ],
      [
        'it gets its place',
        async () => store.takeSlot('1', 100, 0),
        ['time', 'lindex', 'lindex', 'rpush', 'ltrim', 'pexpireat'],
      ],
      ['it leaves', () => receive(send(0)), ['getrange', 'set', 'llen', 'lindex', 'lset', 'zadd', ...FED]],
      [
        'it has arrived',
        () => receive(sent()),
        // The question is answered now, which its row and the feed say too.
        ['getrange', 'sadd', 'pexpireat', 'set', 'llen', 'lindex', 'lset', 'lset', 'zrem', ...FED, ...FED],
      ],
      // Nothing more: the next question finds it at rest.
      ['the question is read', async () => t.equal((await store.read(ID))?.seq, asked + 1), []],
    ]
  }
  for (const turn of [1, 2]) {
    for (const [what, step, calls] of steps(turn)) {
      const heard = await listen(step)
      // The first time a script's text is sent along.
      if (turn === 1) continue
      const expected = calls.length === 0 ? 'get' : 'evalsha'
      t.same(heard, [{ name: expected, calls }], what)
    }
  }
})

t.test('no command scans all keys, and no script’s cost grows with their number', async (t) => {
  const { store } = await open(t)
  const receive = receiveWith(store)
  const fill = async (from: number, to: number) => {
    for (let user = from; user < to; user++) {
      const id = conversationIdOf(PAGE_ID, `${user}`)
      await Promise.all([receive(echo({ mid: `${user}` }), `${user}`, id), receive(mark(), null, id)])
    }
  }
  const mixed = async (i: number) => {
    const id = conversationIdOf('2', `${i}`)
    await receive(customerMessage({ mid: 'c' }), 'c', id)
    await receive(customerMessage({ mid: 'c' }), 'c', id)
    await receive(mark(), null, id)
    await receive(echo({ mid: 'e' }), 'e', id)
    await receive(report({ mid: 'r' }), null, id)
    for (const event of [edit({ mid: 'c' }), reaction({ mid: 'c' }), deletion({ mid: 'c' }), read({ at: FOREVER })]) {
      await receive(event, null, id)
    }
    await receive({ is: 'bot', enabled: false, forMs: 5, note: null }, null, id)
    await store.claimDue(200, 8_000)
    await receive(wake(), null, id)
    await store.history(id, { before: null, after: null, limit: 50, historyTtlMs: DAY })
    await store.list({ ...EVERYTHING, limit: 50 })
    await store.list({ ...EVERYTHING, bot: 'paused', limit: 50 })
    await store.list({ ...EVERYTHING, q: '1', limit: 50 })
    await store.list({ ...EVERYTHING, q: '200', limit: 50 })
    await store.list({ ...EVERYTHING, page: '2', limit: 50 })
    await store.readFeedBack(null, 50)
    await receive(outgoing({ type: 'support', key: 'k' }), null, id)
    await store.takeSlot('2', 3, 0)
    await receive(send(0), null, id)
    const dead = { is: 'dead', reason: 'refused', code: '100' } as const
    await receive(sendResult(dead, { seq: 4 }), null, id)
    await store.list({ ...EVERYTHING, dead: true, limit: 50 })
    await receive({ is: 'redrive', seq: 4 }, null, id)
    await store.check()
  }
  await fill(1, 1_000)
  // Each script for the first time, when its text is sent along.
  await mixed(0)
  const heard = await listen(() => mixed(1))
  const forbidden = /^(keys|scan|.scan|smembers|flush.*|sort|zunion|zinter|eval|monitor|info)$/
  t.same(
    heard.flatMap(({ name, calls }) => [name, ...calls]).filter((name) => forbidden.test(name)),
    [],
  )
  t.ok(heard.length > 50)
  const isOfList = (name: string): boolean => name === 'zrevrangebyscore' || name === 'zmscore'
  t.ok(Math.max(...heard.map(({ calls }) => calls.filter((name) => !isOfList(name)).length)) <= 15)
  t.ok(Math.max(...heard.map(({ calls }) => calls.filter(isOfList).length)) <= LIST_COUNT, 'a look into each list')
})

t.test('an idle conversation with a flag takes 500 bytes at the most, all told', async (t) => {
  const { store, keys } = await open(t)
  const receive = receiveWith(store)
  const COUNT = 2_000
  const before = await usedMemory()
  for (let i = 0; i < COUNT; i++) {
    await receive(mark(), null, conversationIdOf(PAGE_ID, `${6_543_210_000_000_000 + i}`))
  }
  const each = ((await usedMemory()) - before) / COUNT
  t.ok(each <= 500, `${each} bytes`)
  const own = (await keys()).filter((key) => !key.endsWith(':due'))
  t.equal(own.length, COUNT + 1, 'it is one key, and one for the layout; its end stands in its partition’s due index')
})

t.test('a conversation with messages takes its texts and ids, 100 bytes per message, and 1.5 KiB', async (t) => {
  const { store, keys } = await open(t)
  // As it is when what is kept for the next moments has had its time.
  const receive = receiveWith(store, channelWith({ echoTtlMs: 1, hasAssistant: false }))
  const COUNT = 100
  const ids = Array.from({ length: COUNT }, (_, i) => conversationIdOf(PAGE_ID, `${6_543_210_000_000_000 + i}`))
  const before = await usedMemory()
  let texts = 0
  for (const id of ids) {
    for (let turn = 0; turn < 5; turn++) {
      const [asked, answered] = ['c', 'e'].map((start) => `${start}${turn}`.padEnd(140, 'x'))
      const [question, answer] = ['How much is the blue one?', 'It is 25 dollars, and we have it in all sizes.']
      await receive(customerMessage({ mid: asked!, text: question }), asked!, id)
      await receive(mark({ text: `${turn}` }), null, id)
      await receive(echo({ mid: answered!, text: answer }), answered!, id)
      texts += asked!.length + answered!.length + question.length + answer.length
    }
  }
  await sleep(1_000)
  for (const id of ids) await receive(wake(), null, id)
  // Of all conversations together it holds so many entries and no more.
  for (const key of await keys()) if (key.endsWith(':feed')) await server.client.del(key)
  const each = ((await usedMemory()) - before - texts) / COUNT
  t.ok(each <= 10 * 100 + 1536, `${each} bytes besides ${texts / COUNT} of texts`)
})

async function usedMemory(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await server.client.info('memory'))![1])
}

t.test('only the lists, the feed, the layout and the channels’ times never expire', async (t) => {
  const { store, keys } = await open(t)
  const receive = receiveWith(store)
  await receive(customerMessage({ mid: 'c' }), 'c')
  await receive(echo({ mid: 'e' }), 'e')
  await receive(report({ mid: 'r' }))
  await receive({ is: 'bot', enabled: false, forMs: HOUR, note: null })
  await receive(mark(), null, conversationIdOf('1', '3'))
  await receive(outgoing({ type: 'support', key: 'k' }), null)
  await receive(send(0))
  const { seq } = (await store.read(ID))!.outbox.parts[0]!.message
  await receive(sendResult({ is: 'dead', reason: 'refused', code: '100' }, { seq }))
  store.noteChannel('1', 'echo', 1)
  store.noteTrouble('1', { at: 1, code: '190' })
  await store.takeSlot('1', 3, 0)
  await store.check()
  const names = (await keys()).map((key) =>
    key
      .replace(/^[^:]*:/, '')
      .replace(/\{p\d+\}:/, '')
      .replace(/^list:\d+$/, 'list:'),
  )
  const ends = await Promise.all((await keys()).map((key) => server.client.pttl(key)))
  const lasting = names.filter((_, i) => ends[i] === -1)
  t.same([...new Set(lasting)].toSorted(), ['due', 'feed', 'layout', 'list:', 'terms', '{ch:1}:times'])
  t.ok(names.filter((name) => name === 'feed').length <= PARTITIONS, 'which is tidied by the clock')
  for (const [i, name] of names.entries()) {
    if (name.startsWith('c:1-3')) t.ok(ends[i]! <= HOUR + A_BIT)
    else if (name === '{ch:1}:slots') t.ok(ends[i]! > SEND_WINDOW_MS && ends[i]! <= 2 * SEND_WINDOW_MS + A_BIT)
    else if (!lasting.includes(name)) t.ok(ends[i]! > 48 * HOUR && ends[i]! <= 30 * DAY + HOUR + A_BIT, name)
  }
})

t.test('a pause without end stays until somebody ends it', async (t) => {
  const { store, keys } = await open(t)
  const receive = receiveWith(store)
  const ends = async () => server.client.pttl((await keys()).find((key) => key.includes('c:'))!)
  await receive({ is: 'bot', enabled: false, forMs: FOREVER, note: null })
  t.equal(await ends(), -1)
  await receive(customerMessage({ mid: 'c' }), 'c')
  t.equal(await ends(), -1)
  await receive({ is: 'bot', enabled: true, forMs: 0, note: null })
  t.ok((await ends()) > 29 * DAY)
})

t.test('flags and pauses expire by themselves', async (t) => {
  const { store, keys } = await open(t)
  const receive = receiveWith(store, channelWith({ flagTtlMs: 100, pauseMs: 100, historyTtlMs: 0 }))
  await receive(mark())
  await receive(echo({ mid: 'e' }), 'e', idOf(2))
  const [flagged, paused] = ['c:17841400000000001-7543210987654321', 'c:17841400000000001-2']
  const ttl = async (of: string) => server.client.pttl((await keys()).find((key) => key.endsWith(of))!)
  t.ok((await ttl(flagged)) <= HOUR + A_BIT)
  t.ok((await ttl(paused)) <= 7 * DAY + A_BIT)
  const until = store.now() + 300
  await store.commit(idOf(3), null, change({ ...said(store.now(), idOf(3), 0), keepUntil: until }))
  await server.client.pexpire((await keys()).find((key) => key.endsWith('001-3'))!, 50)
  while ((await store.read(idOf(3))) !== null) await new Promise(setImmediate)
  t.strictSame((await store.loadFresh(idOf(3), { key: null, find: null })).version, null)
})
