import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Router, run, startRouter } from '../fixtures/process.js'
import { freePorts, type RedisServer, startRedis } from '../fixtures/redis-servers.js'
import { SETTINGS } from '../fixtures/settings.js'
import { startTraffic, untilReady, wrongWith } from '../fixtures/traffic.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE } from '../fixtures/webhooks.js'

/** What Meta and Dify are promised at the most, and some time for a busy machine. */
const ANSWERED_WITHIN_MS = 2_000
const SLACK_MS = 500

async function start(t: Test, server: RedisServer): Promise<Router> {
  const router = await startRouter(t, { REDIS_URL: server.url })
  await untilReady(router)
  return router
}

const statusOf = async (router: Router, path: string) => (await router.call(path)).status
const mark = (router: Router, user: string) =>
  router.call(`/api/mark-bot-response?conversation_id=${PAGE}-${user}`, { method: 'POST' })
const hi = (user = '7') => delivery([fromCustomer(user, { mid: newMid(), text: 'hi' })])

function residentBytes(router: Router): number {
  const [, pages = ''] = readFileSync(`/proc/${router.child.pid}/statm`, 'utf8').split(' ')
  return Number(pages) * 4096
}

for (const { how, away, back } of [
  {
    how: 'is killed and comes back with what it had written down',
    away: (server: RedisServer) => server.kill(),
    back: (server: RedisServer) => server.restart(),
  },
  {
    how: 'freezes and goes on',
    away: async (server: RedisServer) => server.freeze(),
    back: async (server: RedisServer) => server.thaw(),
  },
]) {
  t.test(`the router recovers when Redis ${how} under load`, async (t) => {
    const server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always'])
    t.teardown(() => server.stop())
    const router = await start(t, server)
    const traffic = startTraffic(() => [router], { atATime: 16 })
    await traffic.more(200)
    await mark(router, '8')
    await router.deliver(delivery([echoTo('9', { mid: 'human', text: 'mine' })]))
    const before = residentBytes(router)

    await away(server)
    await sleep(100)
    const outage = traffic.answers.length
    const timed = async (work: Promise<{ readonly status: number; readonly json: { readonly code?: string } }>) => {
      const begun = performance.now()
      const { status, json } = await work
      return { status, code: json.code ?? null, ms: performance.now() - begun }
    }
    const unavailable = { status: 503, code: 'store_unavailable' }
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all([
        timed(router.deliver(hi())),
        timed(router.deliver(hi())),
        timed(mark(router, '8')),
        timed(router.call('/health/ready')),
        timed(router.call(`/api/conversations/${PAGE}-9`)),
      ])
      for (const answer of answers) {
        t.match(answer, unavailable)
        t.ok(answer.ms < ANSWERED_WITHIN_MS + SLACK_MS, `${answer.ms} ms`)
      }
      t.equal(await statusOf(router, '/health'), 200)
      await sleep(500)
    }
    t.ok(residentBytes(router) - before < 64 * 1024 * 1024, 'nothing piles up')

    await back(server)
    await untilReady(router)
    await traffic.more(200)
    await traffic.stop()
    const during = traffic.answers.slice(outage)
    const refused = during.filter(({ status }) => status !== 200)
    t.same(new Set(refused.map(({ status, code }) => `${status} ${code}`)), new Set(['503 store_unavailable']))
    t.ok(Math.max(...during.map(({ ms }) => ms)) < ANSWERED_WITHIN_MS + SLACK_MS)
    t.same(await wrongWith(router, traffic), { lost: [], twice: [], gaps: [] })
    t.match((await router.deliver(delivery([echoTo('8', { mid: newMid(), text: 'hello' })]))).json.results, [
      { author: 'bot', evidence: 'flag' },
    ])
    t.equal((await router.call(`/api/conversations/${PAGE}-9`)).json.bot.enabled, false)

    const told = router.log.filter(({ redis }) => redis !== undefined).map(({ msg }) => msg)
    t.equal(told.length, 3, `${told}`)
    t.match(told, ['connected to Redis', /Redis.*trying again/, 'connected to Redis'])
  })
}

t.test('the process starts without Redis, and is ready when it comes', async (t) => {
  const [port] = await freePorts(1)
  const router = await startRouter(t, { REDIS_URL: `redis://:secret@127.0.0.1:${port}` })
  t.equal(await statusOf(router, '/health'), 200)
  t.match(await router.call('/health/ready'), { status: 503, json: { code: 'store_unavailable' } })
  t.match(await router.deliver(hi()), { status: 503, json: { code: 'store_unavailable' } })
  t.match(await mark(router, '7'), { status: 503, json: { code: 'store_unavailable' } })
  const server = await startRedis(['--requirepass', 'secret'], port, 'secret')
  t.teardown(() => server.stop())
  await untilReady(router)
  t.equal((await router.deliver(hi())).status, 200)
  t.notMatch(router.output(), /secret/)
})

t.test('a probe’s result found before Redis is reachable is stored once it is', async (t) => {
  const graph = createServer((request, response) => {
    const isDead = request.headers.authorization === 'Bearer dead'
    const body = isDead ? { error: { code: 190, message: 'no' } } : { id: '1' }
    response.writeHead(isDead ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  graph.listen(0, '127.0.0.1')
  await once(graph, 'listening')
  t.teardown(() => graph.close())
  const graphUrl = `http://127.0.0.1:${(graph.address() as AddressInfo).port}`
  const channels = ['good', 'better', 'dead'].map((token, i) => ({
    id: `${i + 1}`,
    platform: 'instagram',
    token,
    graphUrl,
  }))
  const folder = t.testdir({ 'channels.json': JSON.stringify({ channels }) })
  const [port] = await freePorts(1)
  const router = await startRouter(t, {
    REDIS_URL: `redis://127.0.0.1:${port}`,
    CHANNELS_FILE: join(folder, 'channels.json'),
    CHANNEL_ID: undefined,
    CHANNEL_PLATFORM: undefined,
  })
  await sleep(3_000)
  const server = await startRedis([], port)
  t.teardown(() => server.stop())
  await untilReady(router)
  const readyAt = performance.now()
  const connected = async () =>
    (await router.call('/api/channels')).json.channels.map(
      (channel: { connected: boolean | null }) => channel.connected,
    )
  while ((await connected()).includes(null)) await sleep(50)
  t.ok(performance.now() - readyAt < 10_000)
  t.same(await connected(), [true, true, false])
})

t.test('a full Redis refuses what is new, half-writes nothing, and goes on when there is room', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const router = await start(t, server)
  await router.deliver(delivery([echoTo('8', { mid: 'human', text: 'the words of a person' })]))
  await server.client.config('SET', 'maxmemory', '1mb')
  const keys = (await server.client.keys('*:c:*')).length
  const refused = [
    await router.deliver(hi('9')),
    await router.deliver(delivery([echoTo('8', { mid: 'unheard', text: 'words that nobody may log' })])),
    await mark(router, '8'),
  ]
  refused.push(await router.call('/health/ready'))
  for (const answer of refused) t.match(answer, { status: 503, json: { code: 'store_full' } })
  t.equal((await server.client.keys('*:c:*')).length, keys)
  t.match((await router.call(`/api/conversations/${PAGE}-8/messages`)).json, { messages: [{ seq: 1 }] })
  t.equal((await router.call(`/api/conversations/${PAGE}-9`)).status, 404)
  await server.client.config('SET', 'maxmemory', '0')
  const again = await router.deliver(delivery([echoTo('8', { mid: 'unheard', text: 'words that nobody may log' })]))
  t.match(again, { status: 200, json: { results: [{ outcome: 'accepted' }] } })
  t.equal((await router.deliver(hi('9'))).status, 200)
  t.notMatch(router.output(), /nobody may log/)
})

t.test('a Redis that turns into a replica is out of reach until it is a master again', async (t) => {
  const [server, master] = await Promise.all([startRedis(), startRedis()])
  t.teardown(() => Promise.all([server.stop(), master.stop()]))
  const router = await start(t, server)
  await router.deliver(hi('8'))
  // Of a master that is not there, so that it keeps what it has.
  await master.kill()
  await server.client.replicaof('127.0.0.1', master.port)
  t.match(await router.deliver(hi('9')), { status: 503, json: { code: 'store_unavailable' } })
  t.match(await mark(router, '9'), { status: 503, json: { code: 'store_unavailable' } })
  while ((await statusOf(router, '/health/ready')) !== 503) await sleep(50)
  await server.client.replicaof('NO', 'ONE')
  await untilReady(router)
  t.equal((await router.deliver(hi('9'))).status, 200)
  t.equal((await router.call(`/api/conversations/${PAGE}-8`)).status, 200)
})

t.test('a router whose Redis holds another layout stops, and says what to do', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  await server.client.set('mr:layout', '128')
  const { exited, output } = run(
    t,
    { ...SETTINGS, HOST: '127.0.0.1', PORT: '0', REDIS_URL: server.url },
    { isMeasured: true },
  )
  t.match(await exited, { code: 1, signal: null })
  t.match(output(), /REDIS_PREFIX/)
})
