import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import type { LogLine } from '../fixtures/app.js'
import { type Router, startRouter } from '../fixtures/process.js'
import { startRedis } from '../fixtures/redis-servers.js'
import { API_TOKEN, type Changes } from '../fixtures/settings.js'
import { deadLettersOf, openShop, told, until } from '../fixtures/shop.js'
import { slowness } from '../fixtures/slowness.js'
import { startTraffic, wrongWith } from '../fixtures/traffic.js'
import { delivery, fromCustomer, newMid, PAGE, SECRET, signatureOf } from '../fixtures/webhooks.js'

/** Settings in files, to be written anew under a running router. */
function files(t: Test) {
  const folder = t.testdir({ 'channels.json': '', secrets: SECRET, tokens: API_TOKEN })
  const write = (name: string, content: string | object) =>
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return {
    write,
    channels: (...channels: readonly object[]) => write('channels.json', { channels }),
    remove: (name: string) => rmSync(join(folder, name)),
    settings: {
      CHANNEL_ID: undefined,
      CHANNELS_FILE: join(folder, 'channels.json'),
      META_APP_SECRETS: undefined,
      META_APP_SECRETS_FILE: join(folder, 'secrets'),
      API_TOKENS: undefined,
      API_TOKENS_FILE: join(folder, 'tokens'),
    },
  }
}

const shop = { id: PAGE, platform: 'instagram' }
/** The channels stand in a file. */
const NO_CHANNEL: Changes = {
  ...{ CHANNEL_PLATFORM: undefined, CHANNEL_TOKEN: undefined, CHANNEL_GRAPH_URL: undefined },
  ...{ DIFY_URL: undefined, DIFY_KEY: undefined, DIFY_APP: undefined },
}

const isAnswer = ({ msg }: LogLine) => /^(settings read again|nothing has changed)/.test(msg)

/** Resolves with what it said about that. */
async function hangUp(router: Router): Promise<LogLine> {
  const before = router.log.filter(isAnswer).length
  router.child.kill('SIGHUP')
  return (
    await until(
      () => router.log.filter(isAnswer),
      (lines) => lines.length > before,
    )
  ).at(-1)!
}

t.test('no delivery fails while settings are reloaded, good or bad ones', async (t) => {
  const { settings, channels, write, remove } = files(t)
  channels(shop)
  const router = await startRouter(t, settings, { isMeasured: true })
  const traffic = startTraffic(() => [router], { users: 40, atATime: 8 })
  const rowFor = async (page: string, secret = SECRET) => {
    const body = JSON.stringify(delivery([fromCustomer('7', { mid: newMid(), text: 'hi' }, { page })], { page }))
    const { status, json } = await router.deliver(body, { 'x-hub-signature-256': signatureOf(body, secret) })
    return status === 200 ? json.results[0].outcome : status
  }
  await traffic.more(100)
  t.equal(await rowFor('5'), 'ignored')

  channels({ ...shop, bot: { pause: '1h' }, colour: 'red' }, { ...shop, id: '5' })
  write('secrets', `${SECRET},another-secret`)
  t.match(await hangUp(router), {
    level: 30,
    added: ['5'],
    removed: [],
    changed: [PAGE],
    settings: ['META_APP_SECRETS'],
  })
  t.ok(
    router.log.some(({ level, msg }) => level === 40 && /colour/.test(msg)),
    'what has no effect is warned of',
  )
  t.equal(await rowFor('5', 'another-secret'), 'accepted')
  await traffic.more(100)

  write('channels.json', '{"channels": [')
  t.match(await hangUp(router), { level: 50, problems: [/CHANNELS_FILE names a file that is not JSON/] })
  channels({ id: 'x', platform: 'telegram' })
  write('secrets', '')
  const bad = await hangUp(router)
  for (const problem of [
    /channels\[0\]\.id/,
    /channels\[0\]\.platform/,
    /META_APP_SECRETS_FILE names a file that is empty/,
  ]) {
    t.match(bad.msg, problem, 'every problem')
  }
  remove('channels.json')
  t.match(await hangUp(router), { level: 50, msg: /cannot be read.*ENOENT/ })
  t.equal(await rowFor('5', 'another-secret'), 'accepted', 'and nothing has changed')
  await traffic.more(100)

  channels(shop)
  write('secrets', SECRET)
  write('tokens', `a-new-api-token-0123,${API_TOKEN}`)
  for (let i = 0; i < 20; i++) router.child.kill('SIGHUP')
  t.match(await hangUp(router), { level: 30, channels: 1 })
  t.equal(await rowFor('5'), 'ignored')
  t.equal(await rowFor(PAGE, 'another-secret'), 401)
  t.equal((await router.call('/api/channels', { token: 'a-new-api-token-0123' })).status, 200)
  await traffic.more(100)

  await traffic.stop()
  t.same(traffic.refused(), [])
  t.same(await wrongWith(router, traffic), { lost: [], twice: [], gaps: [] })
  t.notMatch(router.output(), /another-secret|a-new-api-token/)
  router.kill('SIGTERM')
  for (let i = 0; i < 5; i++) router.child.kill('SIGHUP')
  t.same(await router.exited, { code: 0, signal: null })
})

t.test('a new token works at once, and the conversation that met the old one is answered', async (t) => {
  const { settings, channels } = files(t)
  const { graph, dify, start, customer, sent, asked } = await openShop(t, { page: { token: 'good' } })
  const channel = {
    ...shop,
    graphUrl: `${graph.url}/v26.0`,
    token: 'dead',
    dify: { url: dify.url, key: 'app-1' },
  }
  channels(channel)
  const router = await start({ ...settings, ...NO_CHANNEL })
  const state = async () => (await router.call('/api/channels')).json.channels[0]
  t.match(await until(state, ({ connected }) => connected === false), { last_error: { code: '190' } })
  await customer('hi')
  const [letter] = await until(
    () => deadLettersOf(router),
    ({ length }) => length === 1,
  )
  t.equal(letter.reason, 'channel_unusable')

  channels({ ...channel, token: 'good' })
  t.match(await hangUp(router), { changed: [PAGE] })
  t.match(await until(state, ({ connected }) => connected === true), { last_error: null })
  t.equal((await router.call(`/api/dead-letters/${letter.id}/redrive`, { method: 'POST' })).status, 202)
  await until(sent, ({ length }) => length === 1)
  t.match(
    await until(
      () => told(router),
      (lines) => lines.at(-1)?.startsWith('AI sent') === true,
    ),
    { length: 2 },
  )
  t.equal(asked().length, 1)
})

t.test('work under way during a reload ends on the channel that it began with', async (t) => {
  const { settings, channels } = files(t)
  const { graph, dify, start, customer, asked, sent } = await openShop(t)
  dify.script({ key: 'app-1', faults: [{ delayMs: 500 }] })
  const channel = { ...shop, graphUrl: `${graph.url}/v26.0`, token: 'x', dify: { url: dify.url, key: 'app-1' } }
  channels(channel)
  const router = await start({ ...settings, ...NO_CHANNEL })
  await customer('hi')
  await until(asked, ({ length }) => length === 1)
  channels({ ...channel, dify: { url: dify.url, key: 'app-of-nobody' } })
  t.match(await hangUp(router), { changed: [PAGE] })
  t.same(sent(), [])
  t.same(await until(sent, ({ length }) => length > 0), ['You said: hi'])
})

t.test('a token that is taken away takes its WebSockets with it, on every replica that reads it', async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const { settings, channels, write } = files(t)
  channels(shop)
  write('tokens', `${API_TOKEN},second-token-0123456`)
  const routers = [
    await startRouter(t, { ...settings, REDIS_URL: redis.url }),
    await startRouter(t, { ...settings, REDIS_URL: redis.url }),
  ]
  const open = async ({ port }: Router, query: string, token: string | null) => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` }
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws${query}`, { headers })
    t.teardown(() => socket.terminate())
    const closed = once(socket, 'close').then(([code]) => code as number)
    await once(socket, 'open')
    return { socket, closed }
  }
  const ticket = async () =>
    `?ticket=${(await routers[0]!.call('/api/live-tickets', { method: 'POST', token: 'second-token-0123456' })).json.ticket}`
  const going = [
    await open(routers[0]!, '', 'second-token-0123456'),
    await open(routers[1]!, '', 'second-token-0123456'),
    await open(routers[1]!, await ticket(), null),
  ]
  const staying = [await open(routers[0]!, '', API_TOKEN), await open(routers[1]!, '', API_TOKEN)]
  write('tokens', API_TOKEN)
  await Promise.all(routers.map(hangUp))
  const startedAt = performance.now()
  t.same(await Promise.all(going.map(({ closed }) => closed)), [1008, 1008, 1008])
  const took = performance.now() - startedAt
  t.ok(took < 1_000 * (await slowness()), `${took.toFixed(0)} ms`)
  t.ok(staying.every(({ socket }) => socket.readyState === WebSocket.OPEN))
})
