import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import t from 'tap'
import { onFile } from '../fixtures/any-store.js'
import { type Router, run, startRouter } from '../fixtures/process.js'
import { startRedis } from '../fixtures/redis-servers.js'
import { SETTINGS } from '../fixtures/settings.js'
import { openShop } from '../fixtures/shop.js'
import { slowness } from '../fixtures/slowness.js'
import { untilReady } from '../fixtures/traffic.js'
import { delivery, fromCustomer, newMid, PAGE, signatureOf } from '../fixtures/webhooks.js'

const hi = (user = '2') => JSON.stringify(delivery([fromCustomer(user, { mid: newMid(), text: 'hi' })]))

/** A delivery of which only the beginning was sent. */
async function halfSent(
  { port }: Router,
  body: string,
): Promise<{ readonly socket: Socket; finish(): Promise<string> }> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => {
    answer += String(data)
  })
  socket.on('error', () => {})
  const closed = once(socket, 'close')
  await once(socket, 'connect')
  const head = `POST /webhook HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: ${signatureOf(body)}\r\n`
  socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 40)}`)
  return {
    socket,
    async finish() {
      socket.write(body.slice(40))
      await closed
      return answer
    },
  }
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
}
const isStopping = ({ log }: Router) => log.some(({ msg }) => msg.startsWith('stopping'))

t.test('a start without settings names everything that is missing, and what to do', async (t) => {
  const running = run(t, {}, { isMeasured: true })
  t.same(await running.exited, { code: 1, signal: null })
  for (const name of ['META_APP_SECRETS', 'META_VERIFY_TOKEN', 'API_TOKENS']) {
    t.match(running.output(), new RegExp(`^ *- ${name} is required`, 'm'))
  }
  t.match(running.output(), 'npm run demo')
  t.match(running.output(), 'npm run check-config')
})

t.test('invalid settings are named together with missing ones', async (t) => {
  const running = run(t, { PORT: 'x', BOT_PAUSE: 'long', STORE: 'redis', META_VERIFY_TOKEN: 'v' })
  t.equal((await running.exited).code, 1)
  for (const name of ['PORT', 'BOT_PAUSE', 'META_APP_SECRETS', 'API_TOKENS', 'REDIS_URL']) {
    t.match(running.output(), new RegExp(`^ *- ${name} `, 'm'))
  }
  t.notMatch(running.output(), 'META_VERIFY_TOKEN')
})

t.test('the router answers within a second of its start', async (t) => {
  const times: number[] = []
  for (let i = 0; i < 5 && (times[0] ?? 1_000) >= 1_000; i++) {
    const before = await slowness()
    const startedAt = performance.now()
    const router = await startRouter(t)
    t.match(await router.call('/health'), { status: 200, json: { status: 'ok', version: /^\d+\.\d+\.\d+/ } })
    const took = performance.now() - startedAt
    times.unshift(took / Math.max(before, await slowness()))
    router.kill('SIGKILL')
  }
  t.ok(times[0]! < 1_000, `${times.map(Math.round).join(', ')} ms`)
})

t.test('a port that is taken ends it at once', async (t) => {
  const router = await startRouter(t)
  const second = run(
    t,
    {
      HOST: '127.0.0.1',
      PORT: `${router.port}`,
      META_APP_SECRETS: 'app-secret',
      META_VERIFY_TOKEN: 'v',
      API_TOKENS: 'api-token',
      CHANNEL_ID: '1',
    },
    { isMeasured: true },
  )
  t.equal((await second.exited).code, 1)
  t.match(second.output(), /cannot listen on 127\.0\.0\.1:\d+ .*stop what listens there/)
  t.match(second.output(), 'EADDRINUSE')
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} ends the router once the request under way is answered`, async (t) => {
    const router = await startRouter(t, {}, { isMeasured: signal === 'SIGTERM' })
    t.equal((await router.deliver(hi())).status, 200, 'over a connection that stays open')
    const { finish } = await halfSent(router, hi('3'))
    await router.call('/health')
    router.kill(signal)
    await until(() => isStopping(router))
    await t.rejects(once(connect(router.port, '127.0.0.1'), 'connect'), 'nobody new is let in')
    const answer = await finish()
    t.match(answer, /^HTTP\/1.1 200 [\s\S]*"outcome":"accepted"[\s\S]*-3"/)
    t.same(await router.exited, { code: 0, signal: null })
    t.equal(router.log.at(-1)?.msg, 'stopped')
    t.notOk(router.log.some(({ level }) => level >= 50))
  })
}

/** A connection over which so much was sent, and nothing more comes. */
async function connected({ port }: Router, text = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  if (text !== '') socket.write(text)
  return socket
}

for (const store of ['memory', 'Redis', 'a file'] as const) {
  t.test(`idle connections do not delay the stop on ${store}, and no question is begun`, async (t) => {
    const redis = store === 'Redis' ? await startRedis() : null
    if (redis !== null) t.teardown(() => redis.stop())
    const shop = await openShop(t, { settings: { DEBOUNCE: '300ms', DEBOUNCE_MAX: '300ms' } })
    const named = store === 'a file' ? onFile(t) : { STORE: 'memory' }
    const router = await shop.start(redis === null ? named : { REDIS_URL: redis.url })
    await untilReady(router)
    const idle = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n'
    const waiting = [await connected(router), await connected(router, 'GET /health HT'), await connected(router, idle)]
    const used = once(waiting[2]!, 'data')
    await halfSent(router, hi())
    await used
    await shop.customer('hello')
    router.kill('SIGTERM')
    const startedAt = performance.now()
    t.same(await router.exited, { code: 0, signal: null })
    t.ok(performance.now() - startedAt < 1_000 * (await slowness()), 'within a second')
    t.equal(shop.dify.calls.length, 0)
    t.ok(router.log.some(({ msg }) => msg === 'stopped'))
    t.notOk(router.log.some(({ level }) => level >= 50))
  })
}

t.test('a question under way is answered before the process stops, whatever else waits', async (t) => {
  const shop = await openShop(t)
  shop.dify.always({ key: 'app-1', fault: { delayMs: 1_500 } })
  const router = await shop.start()
  await connected(router)
  await shop.customer('hello')
  await until(() => shop.dify.calls.length === 1)
  router.kill('SIGTERM')
  t.same(await router.exited, { code: 0, signal: null })
  t.same(shop.sent(), ['You said: hello'])
})

t.test('an idle router stops at once', async (t) => {
  const router = await startRouter(t)
  await router.call(`/api/mark-bot-response?conversation_id=${PAGE}-2`, { method: 'POST' })
  const startedAt = performance.now()
  router.kill('SIGTERM')
  t.same(await router.exited, { code: 0, signal: null })
  t.ok(performance.now() - startedAt < 2_000)
})

t.test('a second signal ends it whatever it has in hand', async (t) => {
  const router = await startRouter(t, {}, { isMeasured: true })
  await halfSent(router, hi())
  await router.call('/health')
  router.kill('SIGTERM')
  await until(() => isStopping(router))
  router.kill('SIGINT')
  t.same(await router.exited, { code: 1, signal: null })
})

t.test('a signal that comes during the start stops the router before it listens', async (t) => {
  // The start waits a second for a Redis that does not answer.
  const silent = createServer().listen(0, '127.0.0.1')
  t.teardown(() => silent.close())
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const settings = { ...SETTINGS, HOST: '127.0.0.1', PORT: '0', REDIS_URL: `redis://127.0.0.1:${port}` }
  const { child, log, exited } = run(t, settings, { isMeasured: true })
  await once(silent, 'connection')
  child.kill('SIGTERM')
  t.same(await exited, { code: 0, signal: null })
  t.ok(log.some(({ msg }) => msg === 'stopped'))
  t.notOk(log.some(({ msg }) => msg.startsWith('listening')))
})

t.test('a log that nobody reads holds nothing up, and is written once it is read', async (t) => {
  const router = await startRouter(t)
  router.child.stdout!.pause()
  // Two lines each, more than the kernel keeps for a reader.
  const items = Array.from({ length: 2_000 }, (_, i) => fromCustomer(`${i + 1}`, { mid: newMid(), text: 'hi' }))
  const answer = router.deliver(delivery(items))
  const late = new Promise<null>((resolve) => setTimeout(resolve, 30_000, null).unref())
  t.match(await Promise.race([answer, late]), { status: 200 })
  t.match(await Promise.race([router.call('/health'), late]), { status: 200 })
  router.child.stdout!.resume()
  await until(() => router.log.filter(({ event }) => event === 'message').length === items.length)
  router.kill('SIGTERM')
  t.same(await router.exited, { code: 0, signal: null })
})

t.test('a question that hangs is given up after SHUTDOWN_GRACE', async (t) => {
  const router = await startRouter(t, { SHUTDOWN_GRACE: '300ms', API_AUTH: 'none' }, { isMeasured: true })
  await halfSent(router, hi())
  await router.call('/health')
  router.kill('SIGTERM')
  t.same(await router.exited, { code: 1, signal: null })
  t.match(router.log[0], { level: 40, msg: /^API_AUTH is none/ }, 'what the settings warn of comes first')
  t.match(router.log.at(-1), { level: 50, grace_ms: 300, msg: 'did not finish within SHUTDOWN_GRACE' })
})

t.test('without a grace an idle process still stops as it should', async (t) => {
  const router = await startRouter(t, { SHUTDOWN_GRACE: '0' }, { isMeasured: true })
  router.kill('SIGTERM')
  t.same(await router.exited, { code: 0, signal: null })
})

t.test('a word to reload does not end it', async (t) => {
  const router = await startRouter(t, {}, { isMeasured: true })
  router.child.kill('SIGHUP')
  await until(() => router.log.some(({ msg }) => msg.startsWith('settings read again')))
  t.equal((await router.call('/health')).status, 200)
  router.kill('SIGTERM')
  t.equal((await router.exited).code, 0)
})

t.test('a start that fails for a reason that nobody foresaw ends with a stack and exit code 1', async (t) => {
  const sabotage = `import crypto from 'node:crypto'
    import { syncBuiltinESMExports } from 'node:module'
    crypto.randomUUID = () => { throw new Error('no more numbers') }
    syncBuiltinESMExports()`
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(sabotage)}`]
  const { exited, output } = run(t, { ...SETTINGS, HOST: '127.0.0.1', PORT: '0' }, { isMeasured: true, flags })
  t.same(await exited, { code: 1, signal: null })
  t.match(output(), /Error: no more numbers\n +at /)
})
