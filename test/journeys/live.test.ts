import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { onFile } from '../fixtures/any-store.js'
import type { Router } from '../fixtures/process.js'
import { startRedis } from '../fixtures/redis-servers.js'
import { API_TOKEN, type Changes } from '../fixtures/settings.js'
import { conversationOf, ID, messagesOf, openShop, type Shop, type Shown, USER, until } from '../fixtures/shop.js'
import { untilReady } from '../fixtures/traffic.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE } from '../fixtures/webhooks.js'

/** Everything that happens, as it happens, on whichever replica somebody looks on. */

const server = await startRedis()
t.teardown(() => server.stop())
let prefixes = 0

async function startReplicas(shop: Shop, count: number, changes: Changes = {}): Promise<readonly Router[]> {
  prefixes += 1
  const settings = { REDIS_URL: server.url, REDIS_PREFIX: `l${prefixes}`, ...changes }
  const routers = await Promise.all(Array.from({ length: count }, () => shop.start(settings)))
  await Promise.all(routers.map(untilReady))
  return routers
}

interface Onlooker {
  readonly frames: Shown[]
  readonly at: number[]
  readonly closed: Promise<number>
  readonly socket: WebSocket
}

async function look(t: Test, router: Router, query = '', headers: object | null = null): Promise<Onlooker> {
  const bearer = { authorization: `Bearer ${API_TOKEN}` }
  const socket = new WebSocket(`ws://127.0.0.1:${router.port}/ws${query}`, { headers: { ...(headers ?? bearer) } })
  t.teardown(() => socket.terminate())
  const frames: Shown[] = []
  const at: number[] = []
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)))
    at.push(performance.now())
  })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve)
    socket.on('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))))
    socket.on('error', reject)
  })
  return { frames, at, closed, socket }
}

const places = ['on another replica', 'on one process over a file'] as const

/** Where it is written, and where somebody looks on. */
async function startAt(t: Test, place: (typeof places)[number], shop: Shop, changes: Changes = {}) {
  const [a, b] = await (place === 'on another replica'
    ? startReplicas(shop, 2, changes)
    : startReplicas(shop, 1, { REDIS_URL: undefined, ...onFile(t), ...changes }))
  shop.listen(a!)
  return [a!, b ?? a!] as const
}

for (const place of places)
  t.test(`a conversation, wherever it was written, ${place}`, async (t) => {
    const shop = await openShop(t)
    const [, b] = await startAt(t, place, shop)
    const one = await look(t, b, `?conversation_id=${ID}`)
    const all = await look(t, b)
    await shop.customer('hi')
    await until(() => shop.sent().length === 1)
    await shop.graph.settled()
    await shop.person('I take over')
    await shop.customer('thanks', '999')
    await until(() => all.frames.some(({ conversation_id }) => conversation_id === `${PAGE}-999`))
    const said = one.frames.filter(({ type }) => type === 'chat_message')
    t.match(said, [
      { conversation_id: ID, data: { message: { type: 'customer', content: 'hi' }, external_send_result: null } },
      { data: { message: { type: 'AI', status: 'queued' }, external_send_result: null } },
      {
        data: {
          message: { type: 'support', content: 'I take over' },
          external_send_result: { success: true, source: 'instagram_direct' },
        },
      },
    ])
    t.equal(said.length, 3, 'each once')
    const statuses = one.frames.filter(({ type }) => type === 'message_status').map(({ data }) => data.message.status)
    t.ok(statuses.includes('processed') && statuses.includes('sending') && statuses.includes('sent'), statuses.join())
    t.match(one.frames.filter(({ type }) => type === 'conversation_status').at(-1), {
      data: { id: ID, bot: { enabled: false, reason: 'human_echo' } },
    })
    const cursors = one.frames.map(({ id }) => id)
    t.same(cursors, [...cursors].sort(), 'in order')
  })

t.test('another replica sends a message’s frame within milliseconds of the webhook’s answer', async (t) => {
  const shop = await openShop(t)
  const none = { DIFY_URL: undefined, DIFY_KEY: undefined, DIFY_APP: undefined }
  const [a, b] = await startReplicas(shop, 2, none)
  const all = await look(t, b!)
  const took: number[] = []
  for (let i = 0; i < 60; i++) {
    await a!.deliver(delivery([fromCustomer(String(100 + i), { mid: newMid(), text: 'hi' })]))
    const answeredAt = performance.now()
    await until(() => all.at.length > i)
    took.push(all.at[i]! - answeredAt)
  }
  const median = took.toSorted((x, y) => x - y)[30]!
  t.ok(median < 10, `${median} ms`)
})

for (const place of places)
  t.test(`a client that drops and reconnects misses nothing, ${place}`, async (t) => {
    const shop = await openShop(t)
    const none = { DIFY_URL: undefined, DIFY_KEY: undefined, DIFY_APP: undefined }
    const [a, b] = await startAt(t, place, shop, none)
    const first = await look(t, a, `?conversation_id=${ID}`)
    const say = (text: string) => a.deliver(delivery([fromCustomer(USER, { mid: newMid(), text })]))
    await say('0')
    await until(() => first.frames.length === 1)
    first.socket.close()
    await first.closed
    for (let i = 1; i <= 1_000; i += 50) {
      const items = Array.from({ length: 50 }, (_, k) => fromCustomer(USER, { mid: newMid(), text: String(i + k) }))
      await a.deliver(delivery(items))
    }
    const back = await look(t, b, `?conversation_id=${ID}&after=${encodeURIComponent(first.frames[0].id)}`)
    await say('1001')
    await until(() => back.frames.length >= 1_001)
    t.same(
      back.frames.map(({ data }) => Number(data.message.content)),
      Array.from({ length: 1_001 }, (_, i) => i + 1),
    )
    await t.rejects(look(t, b, `?conversation_id=${ID}&after=nonsense`), { message: '400' })
  })

t.test('the WebSocket needs credentials, and a ticket is valid once', async (t) => {
  const shop = await openShop(t)
  const [router] = await startReplicas(shop, 1)
  await t.rejects(look(t, router!, '', {}), { message: '401' })
  await t.rejects(look(t, router!, '', { authorization: 'Bearer dify-token-0123456789' }), { message: '403' })
  const { json } = await router!.call('/api/live-tickets', { method: 'POST' })
  const query = `?ticket=${encodeURIComponent(json.ticket)}`
  const onlooker = await look(t, router!, query, {})
  await t.rejects(look(t, router!, query, {}), { message: '401' })
  router!.kill('SIGTERM')
  t.equal(await onlooker.closed, 1001)
  t.match(await router!.exited, { code: 0 })
})

t.test('changes of a message are sent as frames; those of an unknown one are not', async (t) => {
  const shop = await openShop(t)
  const router = await shop.start({ DIFY_URL: undefined, DIFY_KEY: undefined, DIFY_APP: undefined })
  const onlooker = await look(t, router)
  const item = (changes: object) => ({
    sender: { id: USER },
    recipient: { id: PAGE },
    timestamp: Date.now(),
    ...changes,
  })
  await router.deliver(
    delivery([fromCustomer(USER, { mid: 'm1', text: 'hi' }), echoTo(USER, { mid: 'e1', text: 'hello' })]),
  )
  const before = await until(
    () => onlooker.frames.length,
    (count) => count >= 3,
  )
  await router.deliver(
    delivery([
      item({ message_edit: { mid: 'm1', text: 'hi there', num_edit: 1 } }),
      item({ reaction: { mid: 'm1', action: 'react', emoji: '❤' } }),
      item({ read: { mid: 'e1' } }),
      item({ reaction: { mid: 'unknown', action: 'react', emoji: '❤' } }),
      item({ message: { mid: 'm1', is_deleted: true } }),
    ]),
  )
  await until(() => onlooker.frames.length >= before + 4)
  await sleep(100)
  t.match(onlooker.frames.slice(before), [
    { type: 'message_status', data: { message: { content: 'hi there', edited_at: /Z$/ } } },
    { type: 'message_status', data: { message: { reactions: [{ by: 'customer', emoji: '❤' }] } } },
    { type: 'message_status', data: { message: { external_message_id: 'e1', read_at: /Z$/ } } },
    { type: 'message_status', data: { message: { content: null, deleted_at: /Z$/ } } },
  ])
  t.equal(onlooker.frames.length, before + 4)
})

for (const place of places)
  t.test(`a customer is forgotten ${place}, with what is under way`, async (t) => {
    const shop = await openShop(t, { app: { kind: 'chatflow' } })
    const { dify, graph } = shop
    const [a, b] = await startAt(t, place, shop)
    const onlooker = await look(t, a, `?conversation_id=${ID}`)
    await shop.customer('first')
    await until(() => shop.sent().length === 1)
    await graph.settled()
    const cursor = onlooker.frames[0].id
    dify.script({ key: 'app-1', faults: [{ chunkDelayMs: 30_000 }] })
    await sleep(200)
    await shop.customer('remember me')
    await until(() => dify.calls.length === 2)
    await b.call(`/api/mark-bot-response?conversation_id=${ID}`, { method: 'POST' })
    t.match(await b.call(`/api/conversations/${ID}`, { method: 'DELETE' }), { status: 204 })
    for (const router of [a, b]) {
      t.match(await conversationOf(router), { code: 'not_found' })
      t.same(await messagesOf(router), [])
      t.same((await router.call('/api/conversations')).json.conversations, [])
    }
    await until(() => dify.calls[1]!.clientClosedAt !== null)
    const left = a === b ? [] : await Promise.all((await server.client.keys(`l${prefixes}:*`)).map(withValue))
    t.same(
      left.filter((text) => text.includes(ID) || text.includes('remember') || text.includes('first')),
      [],
      'only hashes are left',
    )
    const back = await look(t, b, `?conversation_id=${ID}&after=${encodeURIComponent(cursor)}`)
    await shop.customer('hello again')
    await until(() => back.frames.some(({ data }) => data?.message?.content === 'hello again'))
    t.notOk(back.frames.some(({ data }) => data?.message?.content === 'remember me'))
    t.match((await messagesOf(a)).map(({ content }) => content)[0], 'hello again')
  })

async function withValue(key: string): Promise<string> {
  const { client } = server
  const read: Readonly<Record<string, () => Promise<unknown>>> = {
    string: () => client.get(key),
    hash: () => client.hgetall(key),
    list: () => client.lrange(key, 0, -1),
    set: () => client.smembers(key),
    zset: () => client.zrange(key, '0', '-1'),
    stream: () => client.xrange(key, '-', '+'),
  }
  return `${key} ${JSON.stringify(await read[await client.type(key)]!())}`
}
