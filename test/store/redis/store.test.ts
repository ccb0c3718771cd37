import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'ioredis'
import t, { type Test } from 'tap'
import { type Channel, FOREVER } from '../../../src/conversation/channel.js'
import type { Store } from '../../../src/engine/ports.js'
import { createReceive } from '../../../src/engine/receive.js'
import { REAL_TIMERS } from '../../../src/engine/timers.js'
import { createWake } from '../../../src/engine/wake.js'
import { connect } from '../../../src/store/redis/connect.js'
import { createKeys } from '../../../src/store/redis/keys.js'
import { createRedisStore } from '../../../src/store/redis/store.js'
import { channelWith } from '../../fixtures/channel.js'
import { customerMessage, echo, ID, mark, report } from '../../fixtures/conversation.js'
import { createManualTimers } from '../../fixtures/manual-timers.js'
import { startRedis } from '../../fixtures/redis-servers.js'
import { type OpenedRedis, openRedis, ready, SILENT } from '../../fixtures/redis-store.js'
import { pagesOf } from '../../fixtures/store-contract/list-pages.js'
import { change, idOf, numbered, said, storeContract } from '../../fixtures/store-contract.js'

const server = await startRedis()
t.teardown(() => server.stop())

const NOTHING = { key: null, find: null }
const PAGE = { before: null, after: null, limit: 500, historyTtlMs: FOREVER }

async function open(t: Test, options: Parameters<typeof openRedis>[2] = {}): Promise<OpenedRedis> {
  const opened = await openRedis(server.url, [server.client], options)
  t.teardown(() => opened.close())
  return opened
}

const CHANNEL = channelWith({ hasAssistant: false })
const receiveWith = (store: Store, channel = CHANNEL) => {
  const receive = createReceive({ store, onCommit: () => {} })
  return async (event: Parameters<typeof receive>[2], key: string | null = null) => receive(ID, channel, event, key)
}

t.test('the Redis store keeps the contract of every store', async (t) => {
  storeContract(t, () => openRedis(server.url, [server.client]))
})

t.test('the last committed state is cached, and an unseen conversation taken for a new one', async (t) => {
  const { store, another } = await open(t)
  const id = idOf(1)
  const guess = { state: null, version: null, known: { isSeen: false, isOurs: false, message: null }, isFresh: false }
  t.strictSame(await store.load(id, NOTHING), guess)
  await store.commit(id, null, { ...said(store.now(), id, 1), key: 'mid-1' })
  t.match(await store.load(id, { key: 'mid-1', find: { is: 'ours', mid: 'mid-1' } }), {
    state: { seq: 1 },
    known: { isSeen: false },
    isFresh: false,
  })
  t.match(await store.load(id, { key: null, find: { is: 'recent', mid: 'mid-1' } }), { isFresh: true })
  const { store: other } = await another()
  t.strictSame(await other.load(id, NOTHING), guess)
})

t.test('a wrong guess is a conflict, and known to be wrong from then on', async (t) => {
  const { store, another } = await open(t)
  const { store: other } = await another()
  const id = idOf(1)
  await store.commit(id, null, said(store.now(), id, 1))
  t.equal(await other.commit(id, null, said(store.now(), id, 1)), 'conflict')
  const { state, version } = await other.load(id, NOTHING)
  t.equal(state?.seq, 1)
  t.equal(await other.commit(id, version, said(store.now(), id, 2)), 'committed')
  t.equal((await store.load(id, NOTHING)).state?.seq, 1, 'this one has not heard of it')
  t.equal((await store.read(id))?.seq, 2, 'but shows it')
  t.equal((await store.loadFresh(id, NOTHING)).state?.seq, 2)
  t.equal((await store.load(id, NOTHING)).state?.seq, 2)
})

t.test('after one that was wrongly taken for new the next one is read before it is decided about', async (t) => {
  const { store, another } = await open(t)
  const { store: other } = await another()
  const [first, second, third] = [idOf(1), idOf(2), idOf(3)]
  for (const id of [first, second]) await store.commit(id, null, said(store.now(), id, 1))
  t.equal(await other.commit(first, null, said(store.now(), first, 1)), 'conflict')
  const read = await other.load(second, NOTHING)
  t.match(read, { state: { seq: 1 }, isFresh: false })
  t.equal(await other.commit(second, read.version, said(store.now(), second, 2)), 'committed')
  t.match(await other.load(third, NOTHING), { state: null, version: null })
  t.equal(await other.commit(third, null, said(store.now(), third, 1)), 'committed', 'a new one is read once')
  const guess = other.load(idOf(4), NOTHING)
  t.notOk(guess instanceof Promise, 'and the next taken for new')
})

t.test('after a repeated event the conversation is read from the server once', async (t) => {
  const { store, another } = await open(t)
  const { store: other } = await another()
  const id = idOf(1)
  await store.commit(id, null, change({ key: 'k', ownId: 'o' }))
  for (const doubtful of [change({ key: 'k' }), change({ notOurs: 'o' })]) {
    t.equal(await other.commit(id, null, doubtful), 'conflict')
    t.equal((await other.load(id, { key: 'k', find: null })).known.isSeen, true)
    t.equal((await other.load(id, { key: 'k', find: null })).isFresh, false)
  }
})

t.test('a commit that was cut off leaves nothing wrong behind in the memory', async (t) => {
  const frozen = await startRedis()
  const opened = await openRedis(frozen.url, [frozen.client])
  t.teardown(async () => {
    await opened.close()
    await frozen.stop()
  })
  const { store } = opened
  const id = idOf(1)
  await store.commit(id, null, said(store.now(), id, 1))
  const { version } = await store.load(id, NOTHING)
  frozen.freeze()
  await t.rejects(async () => store.commit(id, version, said(store.now(), id, 2)), { code: 'store_unavailable' })
  t.strictSame((await store.load(id, NOTHING)).version, null)
  frozen.thaw()
  await ready(store)
  // The server had it in its socket: it has happened after all.
  for (let tries = 0; (await store.read(id))?.seq !== 2 && tries < 200; tries++) await sleep(10)
  const receive = createReceive({ store, onCommit: () => {} })
  const { state } = await receive(id, CHANNEL, customerMessage({ mid: 'next' }), 'next')
  t.equal(state.seq, 3)
  t.same(
    (await store.history(id, PAGE)).map(({ seq }) => seq),
    [1, 2, 3],
  )
})

t.test('a commit that the client sent twice has happened once, and is told as done', async (t) => {
  const { store, client } = await open(t)
  const send = client.sendCommand.bind(client)
  client.sendCommand = async (command: Command) => {
    if (!command.name.startsWith('eval')) return send(command)
    const first = new Command(command.name, [...command.args], { replyEncoding: 'utf8' })
    await Promise.allSettled([send(first)])
    return send(command)
  }
  const receive = receiveWith(store)
  t.match((await receive(report({ text: 'hi' }))).verdict, { outcome: 'accepted', matched: false })
  t.match((await receive(echo({ mid: 'e', text: 'bye' }), 'e')).verdict, { outcome: 'accepted', author: 'human' })
  t.match((await receive(mark({ count: 2 }))).verdict, { flag: 'set' })
  const state = await store.read(ID)
  t.match(state, { seq: 2, causes: { length: 1 }, flags: { length: 1 } })
  t.strictSame((await store.load(ID, NOTHING)).state, state)
})

t.test('a process that remembers more than the server cannot bring it back', async (t) => {
  const { store, another, prefix } = await open(t)
  const { store: other } = await another()
  const keys = createKeys(prefix)
  const [mine, others] = [receiveWith(store), receiveWith(other)]
  await mine(customerMessage({ mid: 'a' }), 'a')
  const [state, history] = [keys.conversation(ID), keys.history(ID)]
  const before = await Promise.all([state, history].map((key) => server.client.dumpBuffer(key)))
  await mine(echo({ mid: 'lost' }), 'lost')
  t.equal((await store.load(ID, NOTHING)).state?.causes.length, 1)

  // The master died before its replica heard of the echo; another process goes on with what the replica has.
  for (const [i, key] of [state, history].entries()) await server.client.restore(key, 0, before[i]!, 'REPLACE')
  await others(customerMessage({ mid: 'b' }), 'b')
  const { verdict, state: now } = await mine(customerMessage({ mid: 'c' }), 'c')
  t.match(verdict, { reason: 'no_assistant' }, 'decided upon what is there now')
  t.match(now, { seq: 3, causes: [] })
  t.same(
    (await store.history(ID, PAGE)).map(({ mid }) => mid),
    ['a', 'b', 'c'],
  )

  await server.client.flushall()
  t.match(await mine(mark({ onlyIfOn: true })), { isNew: true, state: { seq: 0 } })
  t.match(await others(customerMessage({ mid: 'd' }), 'd'), { isNew: true, state: { seq: 1 } })
})

t.test('another number of partitions under the same prefix is refused, and other prefixes do not matter', async (t) => {
  const opened = await open(t)
  await server.client.set(`${opened.prefix}:layout`, '32')
  const client = connect(server.url, SILENT)
  t.teardown(() => client.disconnect())
  while (client.status !== 'ready') await sleep(5)
  const foreign: string[] = []
  const later = createRedisStore({
    client,
    prefix: opened.prefix,
    processId: '123456789',
    now: Date.now,
    timers: REAL_TIMERS,
    feedLifeMs: 1_000,
    onForeign: (message) => foreign.push(message),
  })
  t.teardown(() => later.close())
  t.ok(later.nextDue() > later.now(), 'nobody is asked before there can be a connection')
  const refused = { code: 'store_unavailable', message: /32 partitions.*64.*REDIS_PREFIX/ }
  await t.rejects(async () => later.check(), refused)
  t.match(foreign, [refused.message])
  await t.rejects(async () => later.load(idOf(1), NOTHING), refused)
  await t.rejects(async () => later.loadFresh(idOf(1), NOTHING), refused)
  await t.rejects(async () => later.commit(idOf(1), null, said(0, idOf(1), 1)), refused)
  await t.rejects(async () => later.claimDue(10, 1000), refused)
  await server.client.set(`${opened.prefix}:layout`, '64')
  await later.check()
  t.equal(await later.commit(idOf(1), null, said(later.now(), idOf(1), 1)), 'committed')
})

t.test('a store that cannot be written to is not ready', async (t) => {
  const { store } = await open(t)
  await store.check()
  await server.client.config('SET', 'min-replicas-to-write', '1')
  t.teardown(() => server.client.config('SET', 'min-replicas-to-write', '0'))
  await t.rejects(async () => store.check(), { code: 'store_unavailable' })
  await server.client.config('SET', 'min-replicas-to-write', '0')
  await store.check()
})

t.test('a full store is not ready', async (t) => {
  const { store } = await open(t)
  await server.client.config('SET', 'maxmemory', '1mb')
  t.teardown(() => server.client.config('SET', 'maxmemory', '0'))
  await t.rejects(async () => store.check(), { code: 'store_full' })
  await server.client.config('SET', 'maxmemory', '0')
  await store.check()
})

t.test('a user who may not publish, or run scripts, writes nothing until they may', async (t) => {
  for (const [missing, given] of [
    ['resetchannels', 'allchannels'],
    ['-evalsha', '+evalsha'],
  ] as const) {
    await server.client.acl('SETUSER', 'router', 'reset', 'on', '>pw', '~*', 'allchannels', '+@all', missing)
    t.teardown(() => server.client.acl('DELUSER', 'router'))
    const { store, prefix, close } = await openRedis(server.url.replace('//', '//router:pw@'), [server.client], {
      isReady: false,
    })
    const id = idOf(1)
    const refused = { code: 'store_unavailable', cause: { message: /NOPERM|publish/ } }
    await t.rejects(async () => ready(store, 500), refused, missing)
    await t.rejects(async () => store.commit(id, null, said(0, id, 1)), refused)
    t.equal(await server.client.exists(createKeys(prefix).conversation(id)), 0)
    await server.client.acl('SETUSER', 'router', given)
    await store.check()
    t.equal(await store.commit(id, null, said(store.now(), id, 1)), 'committed')
    await close()
  }
})

t.test('a process that knows no channel of a conversation leaves it to one that does, at once', async (t) => {
  const { store, another } = await open(t)
  const { store: others } = await another()
  const woken: string[] = []
  const wakeOf = (of: Store, channel: Channel | undefined) =>
    createWake({
      store: of,
      takeStep: async (id) => void woken.push(id),
      channelOf: () => channel,
      log: SILENT,
      timers: REAL_TIMERS,
    })
  const [mine, theirs] = [wakeOf(store, undefined), wakeOf(others, CHANNEL)]
  await store.commit(ID, null, { ...said(store.now(), ID, 1), dueAt: store.now() })
  const released = t.capture(store, 'release', store.release)
  mine.start()
  while (released().length === 0) await sleep(5)
  const begun = performance.now()
  theirs.start()
  while (woken.length === 0) await sleep(5)
  t.ok(performance.now() - begun < 4_000, 'long before the lease is over')
  await Promise.all([mine.stop(), theirs.stop()])
  t.strictSame(woken, [ID])
})

t.test('releasing fails while the server is unreachable, and loses nothing', async (t) => {
  const lonely = await startRedis()
  t.teardown(() => lonely.stop())
  const opened = await openRedis(lonely.url, [lonely.client])
  t.teardown(() => opened.close())
  const { store } = opened
  await store.commit(idOf(1), null, { ...said(store.now(), idOf(1), 1), dueAt: store.now() - 10 })
  t.strictSame(await store.claimDue(10, 300), [idOf(1)])
  await lonely.client.config('SET', 'min-replicas-to-write', '1')
  await t.rejects(async () => store.release(idOf(1)), { code: 'store_unavailable' })
  await lonely.client.config('SET', 'min-replicas-to-write', '0')
  t.strictSame(await store.claimDue(10, 300), [])
  await sleep(350)
  t.strictSame(await store.claimDue(10, 300), [idOf(1)])
})

t.test('a lease holds between processes whose clocks differ', async (t) => {
  const { another, store } = await open(t)
  const LEASE_MS = 600
  const apart = await Promise.all([-5000, 0, 5000].map((off) => another(() => Date.now() + off)))
  const stores = apart.map((each) => each.store)
  for (const each of stores) t.ok(Math.abs(each.now() - store.now()) < 50, 'they go by the same clock')
  const id = idOf(1)
  await stores[0]!.commit(id, null, { ...said(store.now(), id, 1), dueAt: store.now() + 100 })
  const given: number[] = []
  const begun = performance.now()
  while (performance.now() - begun < 3 * LEASE_MS) {
    for (const each of stores) if ((await each.claimDue(10, LEASE_MS)).length > 0) given.push(performance.now() - begun)
    await sleep(5)
  }
  t.ok(given.length >= 2, 'it is given again when the lease is over')
  t.ok(given[0]! >= 50)
  for (const [i, at] of given.slice(1).entries()) t.ok(at - given[i]! > LEASE_MS - 60, `${at - given[i]!} ms apart`)
})

t.test('an expired conversation leaves the list when it is met there', async (t) => {
  const { store, prefix } = await open(t)
  const keys = createKeys(prefix)
  for (const user of [1, 2]) await store.commit(idOf(user), null, said(store.now(), idOf(user), 1))
  await server.client.del(keys.conversation(idOf(1)))
  t.same(await pagesOf(store), [[2]])
  const partition = keys.partitionOf(idOf(1))
  t.equal(await server.client.exists(keys.list(partition, 0), keys.terms(partition), keys.names(partition)), 0)
})

t.test(
  'an expired conversation leaves the list in time even if nobody reads it, and an unreachable server is tried again',
  async (t) => {
    let time = 0
    const timers = createManualTimers(() => time)
    const pass = (ms: number): void => {
      time += ms
      timers.run()
    }
    const { store, prefix, client } = await open(t, { timers })
    const keys = createKeys(prefix)
    const list = keys.list(keys.partitionOf(idOf(1)), 5)
    const isGone = async () => (await server.client.exists(list)) === 0
    await server.client.zadd(list, 1, idOf(1))
    while (!(await isGone())) {
      pass(5_000)
      await sleep(5)
    }
    client.disconnect()
    pass(5_000)
    await t.rejects(async () => store.check(), { code: 'store_unavailable' })
  },
)

t.test('messages are shown for as long as the history is kept', async (t) => {
  const { store } = await open(t)
  const id = idOf(1)
  const now = store.now()
  const records = [10_000, 0].map((age, i) => numbered(now, i + 1, { arrivedAt: now - age }))
  await store.commit(id, null, { ...said(now, id, 2), records, historyTtlMs: FOREVER })
  const shown = async (historyTtlMs: number) => (await store.history(id, { ...PAGE, historyTtlMs })).length
  t.same([await shown(FOREVER), await shown(5_000)], [2, 1])
})

t.test('the feed is read by the server’s clock, also where nothing was asked before', async (t) => {
  const { store, prefix } = await open(t)
  const cursors: string[] = []
  const stop = await store.listen({ entry: ({ cursor }) => cursors.push(cursor), broken() {} })
  await store.commit(idOf(1), null, { ...said(store.now(), idOf(1), 1), records: [], notices: [{ is: 'status' }] })
  while (cursors.length === 0) await sleep(5)
  stop()
  const client = connect(server.url, SILENT)
  const fresh = createRedisStore({
    client,
    prefix,
    processId: 'z'.repeat(9),
    now: () => Date.now() + 1_000 * 24 * 3_600_000,
    timers: REAL_TIMERS,
    feedLifeMs: 24 * 3_600_000,
    onForeign: () => {},
  })
  t.teardown(() => fresh.close())
  while (client.status !== 'ready') await sleep(5)
  t.strictSame(await fresh.readFeed(cursors[0]!, idOf(1), 9), { entries: [], isTooOld: false, isCut: false })
  t.ok(Math.abs(fresh.now() - Date.now()) < 1_000)
})
