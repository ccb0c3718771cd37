import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { onFile } from '../fixtures/any-store.js'
import { type Router, startRouter } from '../fixtures/process.js'
import { type Receiver, startReceiver, type Taken } from '../fixtures/receiver.js'
import { startRedis } from '../fixtures/redis-servers.js'
import type { Changes } from '../fixtures/settings.js'
import { openShop, until } from '../fixtures/shop.js'
import { untilReady } from '../fixtures/traffic.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE } from '../fixtures/webhooks.js'

/** What happens is told to whoever wants to know, also when they or the router were away for a while. */

const server = await startRedis()
t.teardown(() => server.stop())

const types = (receiver: Receiver) => receiver.distinct().map(({ event }) => event.type)
const textOf = ({ event }: Taken) => event.data.message.content
const userOf = ({ event }: Taken) => event.data.conversation.user_id

t.test('a conversation is told as it goes on, signed, and without secrets in the log', async (t) => {
  const receiver = await startReceiver(t)
  const shop = await openShop(t, { settings: { ...receiver.settings, NOTIFY_EVENTS: '*', HANDOFF_WORDS: 'agent' } })
  const router = await shop.start()
  await shop.customer('hello')
  await until(
    () => types(receiver),
    (seen) => seen.includes('message.sent'),
  )
  await shop.customer('agent')
  const put = (path: string, body: object) =>
    router.call(`/api/conversations/${PAGE}-2001/${path}`, { method: 'PUT', body })
  await put('bot', { enabled: true })
  await put('state', { state: 'closed' })
  await put('state', { state: 'open' })
  await shop.person('I am here')
  await until(
    () => types(receiver),
    (seen) => seen.length === 10,
  )
  t.strictSame(types(receiver), [
    'message.received',
    'message.sent',
    'message.received',
    'conversation.paused',
    'conversation.handoff',
    'conversation.resumed',
    'conversation.closed',
    'conversation.opened',
    'message.sent',
    'conversation.paused',
  ])
  const [first] = receiver.distinct()
  t.match(first!.event, {
    type: 'message.received',
    timestamp: /^\d{4}-\d\d-\d\dT/,
    data: { conversation: { id: `${PAGE}-2001` }, message: { content: 'hello', type: 'customer' } },
  })
  t.match(first!.headers, { 'content-type': 'application/json', 'user-agent': /^message-router\// })
  const shown = await router.call(`/api/conversations/${PAGE}-2001`)
  const last = receiver.distinct().at(-1)!
  t.strictSame(last.event.data.conversation, shown.json)
  const { json } = await router.call(`/api/conversations/${PAGE}-2001/messages`)
  t.strictSame(receiver.distinct().at(-2)!.event.data.message, json.messages.at(-1))
  t.match((await router.call('/metrics')).text, /message_router_notifications_total\{outcome="delivered"\} 1\d/)
  t.notMatch(router.output(), /hidden-token|whsec_/)
})

t.test('a wrong secret is noticed by the receiver, and the router tries again', async (t) => {
  const receiver = await startReceiver(t)
  const other = `whsec_${Buffer.alloc(32, 'x').toString('base64')}`
  const router = await startRouter(t, { ...receiver.settings, NOTIFY_SECRET: other })
  await person(router, '5', 'hello')
  await until(() => receiver.requests.length === 1)
  t.equal(receiver.requests[0]!.event, null)
  await until(() => router.log.some(({ msg, code }) => /notification not taken/.test(msg) && code === '401'))
  t.strictSame(receiver.taken, [])
})

t.test(
  'a receiver that is killed under load gets all, each at least once, in order within a conversation',
  async (t) => {
    const receiver = await startReceiver(t)
    const router = await start(t, { ...receiver.settings, ...onFile(t) })
    const sent = talk(router, { users: 20 })
    await until(() => receiver.taken.length > 50)
    await receiver.kill()
    await sleep(1_500)
    await receiver.restart()
    await sleep(500)
    const said = await sent.stop()
    // Those that failed are tried again after 5 s, and when the others get through.
    await arrived(t, receiver, said)
  },
)

t.test('the replica that delivers is killed, and another one goes on', async (t) => {
  const receiver = await startReceiver(t)
  const prefix = 'takeover'
  const first = await start(t, { ...receiver.settings, REDIS_PREFIX: prefix })
  await until(() => first.log.some(({ msg }) => /delivers the notifications/.test(msg)))
  const second = await start(t, { ...receiver.settings, REDIS_PREFIX: prefix })
  const sent = talk(second, { users: 10 })
  await until(() => receiver.taken.length > 50)
  t.notOk(second.log.some(({ msg }) => /delivers the notifications/.test(msg)))
  first.kill('SIGKILL')
  await first.exited
  await sleep(300)
  const said = await sent.stop()
  await arrived(t, receiver, said)
  t.ok(second.log.some(({ msg }) => /delivers the notifications/.test(msg)))
})

for (const store of ['Redis', 'a file'] as const) {
  t.test(`a stop hands the rest over at once, and a start takes up what is left, on ${store}`, async (t) => {
    const receiver = await startReceiver(t)
    const named = store === 'Redis' ? { REDIS_PREFIX: 'stop' } : onFile(t)
    receiver.answer(503)
    const first = await start(t, { ...receiver.settings, ...named })
    await person(first, '1', 'one')
    await person(first, '1', 'two')
    await until(() => receiver.requests.length > 0)
    first.kill('SIGTERM')
    await first.exited
    const held = store === 'Redis' ? await server.client.exists('stop:notifying') : 0
    t.equal(held, 0, 'nobody waits for its lease to end')
    receiver.answer(200)
    await start(t, { ...receiver.settings, ...named })
    await until(() => receiver.distinct().length === 2)
    t.strictSame(receiver.distinct().map(textOf), ['one', 'two'])
  })
}

t.test('a 410 switches a target off until a reload, and the other targets go on', async (t) => {
  const receiver = await startReceiver(t)
  const router = await startRouter(t, receiver.settings)
  receiver.answer(410)
  await person(router, '1', 'one')
  await until(() => router.log.some(({ msg }) => /410/.test(msg)))
  receiver.answer(200)
  await person(router, '2', 'two')
  await sleep(300)
  t.equal(receiver.requests.length, 1)
  router.child.kill('SIGHUP')
  await until(() => router.log.some(({ msg }) => /settings read again/.test(msg)))
  await person(router, '3', 'three')
  await until(() => receiver.taken.length === 1)
  t.equal(userOf(receiver.taken[0]!), '3')
})

async function start(t: Test, changes: Changes): Promise<Router> {
  const redis = changes['DATA_DIR'] === undefined ? { REDIS_URL: server.url, REDIS_PREFIX: 'load' } : {}
  const router = await startRouter(t, { NOTIFY_EVENTS: 'message.*', ...redis, ...changes })
  await untilReady(router)
  return router
}

async function person(router: Router, user: string, text: string): Promise<void> {
  const { status } = await router.deliver(delivery([echoTo(user, { mid: newMid(), text })]))
  if (status !== 200) throw new Error(`the webhook was answered ${status}`)
}

/** Customers who go on writing: what each of them said, when stopped. */
function talk(router: Router, { users }: { readonly users: number }) {
  const said = new Map<string, string[]>()
  let isOver = false
  const talking = Promise.all(
    Array.from({ length: users }, async (_, i) => {
      const user = `${7000 + i}`
      said.set(user, [])
      for (let n = 1; !isOver; n++) {
        const { status } = await router.deliver(delivery([fromCustomer(user, { mid: newMid(), text: `text ${n}` })]))
        if (status === 200) said.get(user)!.push(`text ${n}`)
        await sleep(20)
      }
    }),
  )
  return {
    async stop(): Promise<ReadonlyMap<string, readonly string[]>> {
      isOver = true
      await talking
      return said
    },
  }
}

async function arrived(t: Test, receiver: Receiver, said: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const many = [...said.values()].flat().length
  await until(
    () => receiver.distinct().length,
    (seen) => seen >= many,
    20_000,
  )
  const heard = new Map<string, string[]>([...said.keys()].map((user) => [user, []]))
  for (const one of receiver.distinct()) heard.get(userOf(one))!.push(textOf(one))
  t.strictSame(heard, said)
  t.comment(`${many} notifications, ${receiver.taken.length - many} of them twice`)
}
