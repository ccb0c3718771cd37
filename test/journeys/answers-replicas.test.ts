import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { onFile } from '../fixtures/any-store.js'
import type { Router } from '../fixtures/process.js'
import { startRedis } from '../fixtures/redis-servers.js'
import type { Changes } from '../fixtures/settings.js'
import {
  conversationOf,
  deadLettersOf,
  ID,
  messagesOf,
  openShop,
  type Shop,
  told,
  USER,
  until,
} from '../fixtures/shop.js'
import { untilReady } from '../fixtures/traffic.js'
import { delivery, fromCustomer, PAGE } from '../fixtures/webhooks.js'

/** Asking and sending by several processes over one Redis, any of which may die at any moment. */

const server = await startRedis()
t.teardown(() => server.stop())
let prefixes = 0

async function startReplicas(shop: Shop, count: number, changes: Changes = {}): Promise<readonly Router[]> {
  prefixes += 1
  const settings = { REDIS_URL: server.url, REDIS_PREFIX: `a${prefixes}`, ...changes }
  const routers = await Promise.all(Array.from({ length: count }, () => shop.start(settings)))
  await Promise.all(routers.map(untilReady))
  return routers
}

t.test('a person’s echo to one replica ends the call that the other has', async (t) => {
  const shop = await openShop(t, { app: { kind: 'chatflow' } })
  const { graph, dify } = shop
  const [a, b] = await startReplicas(shop, 2)
  dify.always({ key: 'app-1', fault: { chunkDelayMs: 30_000 } })
  for (let i = 0; i < 4; i++) {
    const user = `${9_000 + i}`
    shop.listen(i % 2 === 0 ? a! : b!)
    await shop.customer('hello', user)
  }
  await until(() => dify.calls.length === 4)
  await sleep(300)
  // Whichever has the call, one of the two echoes of each pair reaches the other replica.
  for (let i = 0; i < 4; i++) {
    shop.listen(i < 2 ? a! : b!)
    await shop.person('I am here', `${9_000 + i}`)
  }
  await until(() => dify.calls.every(({ clientClosedAt }) => clientClosedAt !== null), Boolean, 4_000)
  await until(() => dify.stops.length === 4)
  await sleep(200)
  t.same(graph.sends, [])
})

t.test('the rate of a channel is kept by all replicas together, and is no other channel’s affair', async (t) => {
  const other = '17841400000000002'
  const shop = await openShop(t)
  const { graph } = shop
  const channel = (id: string) => ({ id, platform: 'instagram', token: 'x', graphUrl: graph.url })
  const file = `${t.testdir({ 'channels.json': JSON.stringify({ channels: [channel(PAGE), channel(other)] }) })}/channels.json`
  const none = {
    CHANNEL_ID: undefined,
    CHANNEL_TOKEN: undefined,
    CHANNEL_GRAPH_URL: undefined,
    CHANNEL_PLATFORM: undefined,
  }
  const noDify = { DIFY_URL: undefined, DIFY_KEY: undefined, DIFY_APP: undefined }
  const routers = await startReplicas(shop, 2, { ...none, ...noDify, CHANNELS_FILE: file })
  const post = (router: Router, page: string, user: number) =>
    router.call('/api/messages', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: { conversation_id: `${page}-${user}`, text: `to ${user}` },
    })
  await Promise.all(Array.from({ length: 30 }, (_, i) => post(routers[i % 2]!, PAGE, 100 + i)))
  const begun = Date.now()
  await post(routers[0]!, other, 1)
  await until(() => graph.sends.some(({ id }) => id === other))
  t.ok(Date.now() - begun < 500, 'the other channel does not wait')
  const times = () => graph.sends.filter(({ id }) => id === PAGE).map(({ at }) => at)
  await until(() => times().length === 30, Boolean, 15_000)
  const at = times()
  // Judged where they arrive: a machine that has its hands full brings some nearer together than they left.
  const most = Math.max(...at.map((from) => at.filter((time) => time >= from && time < from + 900).length))
  t.equal(most, 3, 'never more than three within one second')
  const perSecond = 27 / ((at.at(-1)! - at[0]!) / 1_000)
  t.ok(perSecond > 2.7, `${perSecond} a second`)
})

for (const store of ['Redis', 'a file'] as const) {
  t.test(
    `a replica killed at any moment between question and answer loses and repeats nothing, on ${store}`,
    async (t) => {
      const shop = await openShop(t, {
        app: { kind: 'chatflow', chunks: 5 },
        settings: { DEBOUNCE: '50ms', UNKNOWN_SEND_WAIT: '1s', COOLDOWN: '0' },
      })
      const { graph, dify } = shop
      dify.always({ key: 'app-1', fault: { chunkDelayMs: 20 } })
      graph.page({ page: PAGE, answerDelayMs: 60 })
      const settings = store === 'Redis' ? { REDIS_URL: server.url, REDIS_PREFIX: 'killed' } : onFile(t)
      let router = await shop.start(settings)
      await untilReady(router)
      const ids: string[] = []
      for (let i = 0; i < 8; i++) {
        const user = `${8_000 + i}`
        ids.push(`${PAGE}-${user}`)
        await shop.customer('hello', user)
        await sleep(20 + i * 45)
        router.kill('SIGKILL')
        await router.exited
        router = await shop.start(settings)
        await untilReady(router)
      }
      const survivor = router
      const sentTo = (id: string) => shop.sent(id.split('-')[1]!)
      await until(
        async () => Promise.all(ids.map((id) => messagesOf(survivor, id))),
        (all) =>
          all.every(
            (messages) => messages[0]?.status === 'processed' && ['sent', 'unknown'].includes(messages[1]?.status),
          ),
        40_000,
      )
      // A part of unknown outcome becomes a dead letter only after UNKNOWN_SEND_WAIT.
      const letters = await until(
        () => deadLettersOf(survivor),
        (dead) =>
          ids.every((id) => sentTo(id).length > 0 || dead.some(({ conversation_id }) => conversation_id === id)),
      )
      for (const id of ids) {
        const delivered = sentTo(id)
        const isDead = letters.some(({ conversation_id }) => conversation_id === id)
        t.ok(delivered.length <= 1, `never twice: ${delivered.length}`)
        t.ok(delivered.length === 1 || isDead, 'answered, or reported')
        t.match(await conversationOf(survivor, id), { bot: { enabled: true }, waiting: 0 })
      }
    },
  )
}

t.test('a customer who writes to one replica is answered, and both replicas show the same', async (t) => {
  const shop = await openShop(t)
  const [a, b] = await startReplicas(shop, 2)
  await shop.customer('hello')
  await until(
    () => told(a!),
    (lines) => lines.at(-1) === 'AI sent: You said: hello',
  )
  t.same(await told(b!, ID), await told(a!, ID))
})

t.test('a webhook’s trace goes on to Dify, also where another process asks', async (t) => {
  const shop = await openShop(t)
  const [a, b] = await startReplicas(shop, 2, { DEBOUNCE: '1s' })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const hello = delivery([fromCustomer(USER, { mid: 'traced', text: 'hello' })])
  t.equal((await a!.deliver(hello, { traceparent })).status, 200)
  a!.kill('SIGKILL')
  shop.listen(b!)
  await until(() => shop.dify.calls.length === 1)
  t.equal(shop.dify.calls[0]!.headers['traceparent'], traceparent)
  await shop.customer('and now?')
  await until(() => shop.dify.calls.length === 2)
  t.notOk('traceparent' in shop.dify.calls[1]!.headers, 'a question without one goes without one')
})
