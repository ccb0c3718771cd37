import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from 'ioredis'
import t, { type Test } from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { type ConversationId, conversationIdOf } from '../../../src/conversation/ids.js'
import type { Message } from '../../../src/conversation/state/message.js'
import { RouterError } from '../../../src/engine/ports.js'
import { createReceive } from '../../../src/engine/receive.js'
import { createLine, type Line } from '../../../src/store/redis/connect.js'
import { createKeys, PARTITIONS } from '../../../src/store/redis/keys.js'
import { channelWith } from '../../fixtures/channel.js'
import { customerMessage } from '../../fixtures/conversation.js'
import { type RedisServer, startCluster } from '../../fixtures/redis-servers.js'
import { type OpenedRedis, openRedis, SILENT } from '../../fixtures/redis-store.js'
import { EVERYTHING } from '../../fixtures/store-contract/list-pages.js'
import { said, storeContract } from '../../fixtures/store-contract.js'

const cluster = await startCluster()
t.teardown(() => cluster.stop())

const LEASE_MS = 1_000
const CHANNEL = channelWith({ hasAssistant: false })
const keys = createKeys('mr')

const openHere = (log = SILENT) =>
  openRedis(
    cluster.url,
    cluster.masters.map(({ client }) => client),
    { log },
  )
async function open(t: Test, log = SILENT): Promise<OpenedRedis> {
  const opened = await openHere(log)
  t.teardown(() => opened.close())
  return opened
}

/** One conversation for each partition. */
const ids: ConversationId[] = []
for (let user = 1; ids.filter(Boolean).length < PARTITIONS; user++) {
  const id = conversationIdOf('1', `${user}`)
  ids[keys.partitionOf(id)] = id
}

async function slotOf(key: string): Promise<number> {
  return Number(await cluster.masters[0]!.client.cluster('KEYSLOT', key))
}

/** The master that a partition lies on, by the borders that the cluster was made with. */
const ownerOf = (slot: number): RedisServer => cluster.masters[slot < 5_461 ? 0 : slot < 10_923 ? 1 : 2]!

t.test('the Redis store keeps the contract of every store on a cluster, too', async (t) => {
  storeContract(t, () => openHere())
})

t.test('conversations are spread over all masters, and found on each of them', async (t) => {
  const { store } = await open(t)
  const receive = createReceive({ store, onCommit: () => {} })
  for (const mid of ['a', 'b']) {
    await Promise.all(ids.map(async (id) => receive(id, CHANNEL, customerMessage({ mid }), mid)))
  }
  const states = await Promise.all(ids.map(async (id) => store.read(id)))
  t.ok(states.every((state) => state?.seq === 2))
  const slots = await Promise.all(ids.map((_, partition) => slotOf(keys.due(partition))))
  const shares = cluster.masters.map((master) => slots.filter((slot) => ownerOf(slot) === master).length)
  t.ok(Math.min(...shares) >= PARTITIONS / 6, `${shares}`)
})

t.test('a commit that succeeds while its partition moves to another master is stored', async (t) => {
  const { store, prefix } = await open(t)
  const receive = createReceive({ store, onCommit: () => {} })
  const id = ids[0]!
  const slot = await slotOf(createKeys(prefix).conversation(id))
  const from = ownerOf(slot)
  const to = cluster.masters.find((master) => master !== from)!
  const taken: string[] = []
  const refused = new Set<unknown>()
  let isOver = false

  async function talk(): Promise<void> {
    for (let i = 0; !isOver; i++) {
      const mid = `m${i}`
      for (;;) {
        try {
          await receive(id, CHANNEL, customerMessage({ mid }), mid)
          break
        } catch (error) {
          refused.add(error instanceof RouterError ? error.code : error)
        }
      }
      taken.push(mid)
    }
  }

  async function move(source: RedisServer, target: RedisServer): Promise<void> {
    const [sourceId, targetId] = await Promise.all([source, target].map(({ client }) => client.cluster('MYID')))
    await target.client.cluster('SETSLOT', slot, 'IMPORTING', String(sourceId))
    await source.client.cluster('SETSLOT', slot, 'MIGRATING', String(targetId))
    // As long as the tool takes that moves slots.
    await sleep(150)
    for (;;) {
      const some = (await source.client.cluster('GETKEYSINSLOT', slot, 1)) as string[]
      if (some.length === 0) break
      await source.client.migrate('127.0.0.1', target.port, '', 0, 1000, 'KEYS', ...some)
      await sleep(20)
    }
    for (const { client } of [target, source, ...cluster.masters]) {
      await client.cluster('SETSLOT', slot, 'NODE', String(targetId))
    }
  }

  const talking = talk()
  await move(from, to)
  const half = taken.length
  while (taken.length < half + 20) await sleep(5)
  await move(to, from)
  const before = taken.length
  while (taken.length < before + 20) await sleep(5)
  isOver = true
  await talking
  t.same(
    [...refused].filter((code) => code !== 'store_unavailable'),
    [],
  )
  const kept: Message[] = []
  for (let isAll = false; !isAll; ) {
    const page = { before: null, after: kept.length, limit: 500, historyTtlMs: FOREVER }
    const messages = await store.history(id, page)
    kept.push(...messages)
    isAll = messages.length < 500
  }
  t.same(
    kept.map(({ mid, seq }) => [mid, seq]),
    taken.map((mid, i) => [mid, i + 1]),
    'each once, in order',
  )
})

t.test('a subscription ends when its server leaves the cluster', async (t) => {
  const { client } = await open(t)
  const [node] = (client as Cluster).nodes('master')
  for (let lines = 0; lines < 20; lines++) {
    const line = createLine(client)!
    line.on('error', () => {})
    await line.connect()
    line.disconnect()
    await once(line, 'end')
  }
  t.equal(node!.listenerCount('end'), 1, 'and leaves nothing behind')
  const all = (client as Cluster).nodes('master').map((each) => each.options.port)
  const lines = new Map<number | undefined, Line>()
  while (lines.size < all.length) {
    const line = createLine(client)!
    if (lines.has(line.options.port)) continue
    lines.set(line.options.port, line)
    await line.connect()
  }
  const ended = once(lines.get(node!.options.port)!, 'end')
  // As the client does it when the slots are on other servers.
  node!.disconnect()
  await ended
  t.same(
    all.filter((port) => lines.get(port)!.status !== 'ready'),
    [node!.options.port],
  )
  for (const line of lines.values()) line.disconnect()
})

t.test('a master that hangs does not affect the conversations of the others', async (t) => {
  const told: { readonly redis: string; readonly message: string }[] = []
  const note = ({ redis }: { readonly redis: string }, message: string): void => void told.push({ redis, message })
  const { store, prefix } = await open(t, { ...SILENT, info: note, warn: note })
  const its = createKeys(prefix)
  const slots = await Promise.all(ids.map((id) => slotOf(its.conversation(id))))
  const frozen = cluster.masters[1]!
  const [there, gone] = [
    ids.filter((_, i) => ownerOf(slots[i]!) !== frozen),
    ids.filter((_, i) => ownerOf(slots[i]!) === frozen),
  ]
  for (const id of ids) await store.commit(id, null, { ...said(store.now(), id, 1), dueAt: store.now() + 300 })
  const timed = async (work: () => Promise<unknown>) => {
    const begun = performance.now()
    const outcome = await work().catch((error: RouterError) => error.code)
    return { outcome, ms: performance.now() - begun }
  }
  await sleep(300)
  frozen.freeze()
  try {
    const [given, listed, refused, ...done] = await Promise.all([
      timed(async () => store.claimDue(200, LEASE_MS)),
      timed(async () => store.list(EVERYTHING)),
      timed(async () => store.read(gone[0]!)),
      ...there.map((id) => timed(async () => store.read(id))),
    ])
    t.same(new Set(given!.outcome as string[]), new Set(there), 'what is due with them is given out')
    t.equal(listed!.outcome, 'store_unavailable', 'no list with holes')
    t.equal(refused!.outcome, 'store_unavailable')
    for (const { ms } of [given!, listed!, refused!]) t.ok(ms < 2_000, `${ms} ms`)
    t.ok(
      done.every(({ ms }) => ms < 1_000),
      'nobody else waits for it',
    )
  } finally {
    frozen.thaw()
  }
  // It may have given them out to nobody when it came back: then they come again with the end of the lease.
  const missing = new Set(gone)
  while (missing.size > 0) {
    for (const id of await store.claimDue(200, LEASE_MS)) missing.delete(id)
    await sleep(50)
  }
  t.equal(missing.size, 0, 'the rest when it is back')
  const redis = `127.0.0.1:${frozen.port}`
  t.match(
    told.filter((each) => each.redis === redis),
    [
      { message: 'cannot reach a server of the cluster, trying again' },
      { message: 'connected to the server of the cluster again' },
    ],
  )
})
