import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import t, { type Test } from 'tap'
import { startPretendGraph } from '../src/simulator/graph.js'
import { type Answer as DifyAnswer, event, json, pretend, stream } from './dify/server.js'
import { appConfigOf, startApp } from './fixtures/app.js'
import { startMeta, takes } from './fixtures/meta.js'
import { API_TOKEN, DIFY_TOKEN, VERIFY_TOKEN } from './fixtures/settings.js'
import { until } from './fixtures/shop.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE, SECRET, signatureOf } from './fixtures/webhooks.js'

t.test('all parts work together', async (t) => {
  const app = await startApp(t, { META_APP_SECRETS: 'old-secret,new-secret' })
  const body = JSON.stringify(delivery([fromCustomer('2', { mid: newMid(), text: 'hi' })]))
  for (const [secret, status] of [
    ['old-secret', 200],
    ['new-secret', 200],
    ['no-secret', 401],
  ] as const) {
    t.equal((await app.deliver(body, { 'x-hub-signature-256': signatureOf(body, secret) })).status, status)
  }
  t.match(await app.call('/health'), { status: 200, json: { status: 'ok', version: '0.0.0-test' } })
  t.match(await app.call('/health/ready'), { status: 200 })
})

t.test('the log names the routes at start, and the one that older guides name', async (t) => {
  const app = await startApp(t)
  const line = app.log.find(({ msg }) => msg.startsWith('📍 Registered routes:'))
  t.match(line?.msg, 'POST /api/mark-bot-response (Instagram Bot Flag)')
  t.match(line?.msg, 'POST /webhook')
  t.notMatch(line?.msg, 'HEAD')
  t.match(line?.msg, 'GET /health/ready')
  t.notOk('routes' in line!, 'the list stands there once')
})

t.test("an entry without an id belongs to its platform's only channel", async (t) => {
  const instagram = { id: '1', platform: 'instagram' }
  const facebook = { id: '7', platform: 'facebook' }
  const messaging = [{ ...fromCustomer('2', { mid: 'm', text: 'hi' }), sender: { id: '1' }, recipient: { id: '2' } }]
  const rowFor = async (channels: readonly object[]) => {
    const app = await startApp(t, {}, channels)
    return (await app.deliver({ object: 'instagram', entry: [{ messaging }] })).json.results[0]
  }
  t.match(await rowFor([instagram, facebook]), { event: 'echo', conversation_id: '1-2', outcome: 'accepted' })
  t.match(await rowFor([instagram, { ...instagram, id: '3' }]), { reason: 'unknown_channel', conversation_id: null })
  t.match(await rowFor([facebook]), { reason: 'unknown_channel', conversation_id: null })
})

t.test('a pause ends by itself', async (t) => {
  const app = await startApp(t, { BOT_PAUSE: '1s' })
  await app.deliver(delivery([echoTo('2', { mid: newMid(), text: 'I am here' })]))
  const bot = async () => (await app.call(`/api/conversations/${PAGE}-2`)).json.bot
  t.match(await bot(), { enabled: false, reason: 'human_echo' })
  while (!app.log.some(({ msg }) => msg === 'pause is over, the bot may answer')) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  t.match(await bot(), { enabled: true, reason: null })
})

t.test('reloaded settings take effect at once, for everything made from them', async (t) => {
  const first = { id: '1', platform: 'instagram', name: 'one', difyTokens: ['dify-token-of-one'] }
  const second = { id: '2', platform: 'instagram', name: 'two' }
  const app = await startApp(t, {}, [first, second])
  const body = (page: string) =>
    JSON.stringify(delivery([fromCustomer('7', { mid: newMid(), text: 'hi' }, { page })], { page }))
  const deliver = async (page: string, secret: string) => {
    const text = body(page)
    const answer = await app.deliver(text, { 'x-hub-signature-256': signatureOf(text, secret) })
    return answer.json.data?.channel.username ?? answer.json.results?.[0].reason ?? answer.status
  }
  const handshake = async (token: string) =>
    (await app.call(`/webhook?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1`)).status
  const mark = async (page: string, token: string) =>
    (await app.call(`/api/mark-bot-response?conversation_id=${page}-7`, { method: 'POST', token })).status

  const changes = {
    META_APP_SECRETS: 'new-secret',
    META_VERIFY_TOKEN: 'new-word',
    API_TOKENS: 'new-api-token-012345',
    DIFY_TOKENS: 'new-dify-token-01234',
  }
  const renamed = { ...first, name: 'uno', difyTokens: ['new-dify-token-of-one'] }
  app.reload(appConfigOf({ ...changes, API_RATE_LIMIT: '1' }, [renamed, { ...second, id: '3', name: 'three' }]))

  t.equal(await deliver('1', 'new-secret'), 'uno')
  t.equal(await deliver('3', 'new-secret'), 'three')
  t.equal(await deliver('2', 'new-secret'), 'unknown_channel')
  t.equal(await deliver('1', SECRET), 401)
  t.equal(await handshake('new-word'), 200)
  t.equal(await handshake(VERIFY_TOKEN), 403)
  for (const token of ['new-api-token-012345', 'new-dify-token-01234', 'new-dify-token-of-one']) {
    t.equal(await mark('1', token), 200, token)
  }
  t.equal(await mark('3', 'new-dify-token-of-one'), 403)
  for (const token of [API_TOKEN, DIFY_TOKEN, 'dify-token-of-one']) t.equal(await mark('1', token), 401, token)
  const shown = await app.call('/api/channels', { token: 'new-api-token-012345' })
  t.match(shown.json.channels, [{ id: '1', name: 'uno' }, { id: '3' }])

  const line = app.log.find(({ msg }) => msg.startsWith('settings read again'))
  t.match(line, {
    msg: 'settings read again; channels: 1 added, 1 removed, 1 changed',
    channels: 2,
    added: ['3'],
    removed: ['2'],
    changed: ['1'],
    settings: Object.keys(changes),
  })
  t.notMatch(JSON.stringify(app.log), /new-/, 'and no secret with it')
  t.notOk(app.log.some(({ msg }) => msg.includes('restart to')))
})

t.test('a call that is made again after tokens have changed is still known', async (t) => {
  const graph = await startPretendGraph({ pages: { '1': {} } })
  t.teardown(() => graph.close())
  const channel = { id: '1', platform: 'instagram', token: 'x', graphUrl: `${graph.url}/v26.0` }
  const app = await startApp(t, { DIFY_TOKENS: DIFY_TOKEN }, [channel])
  const send = async () => {
    const body = { conversation_id: '1-7', text: 'Your order has left.' }
    const headers = { 'idempotency-key': 'order-1' }
    return (await app.call('/api/messages', { method: 'POST', body, headers, token: DIFY_TOKEN })).json.message.id
  }
  const first = await send()
  app.reload(appConfigOf({ API_TOKENS: `a-new-api-token-0123,${API_TOKEN}`, DIFY_TOKENS: DIFY_TOKEN }, [channel]))
  t.equal(await send(), first)
})

t.test('a setting that needs a restart is named at a reload, and stays', async (t) => {
  const app = await startApp(t)
  app.reload(appConfigOf({ REDIS_URL: 'redis://:hidden@127.0.0.1:1' }, null))
  const words = 'REDIS_URL changed, which takes a restart to have an effect'
  t.match(app.log.at(-1), { level: 40, settings: ['REDIS_URL'], msg: words })
  t.equal((await app.call('/health/ready')).status, 200)
  t.notMatch(JSON.stringify(app.log), 'hidden')
})

t.test('a token that comes with new settings is probed at once, and one that goes is probed no more', async (t) => {
  const graph = await startPretendGraph({ pages: { '1': { token: 'good' } } })
  t.teardown(() => graph.close())
  const channel = { id: '1', platform: 'facebook', token: 'bad', graphUrl: `${graph.url}/v26.0` }
  const app = await startApp(t, { BOT_APP_IDS: '5' }, [channel])
  const first = async () => (await app.call('/api/channels')).json.channels[0]
  await until(first, ({ connected }) => connected === false)
  t.match(await first(), { last_error: { code: '190', at: /Z$/ } })
  app.reload(appConfigOf({ BOT_APP_IDS: '5' }, [{ ...channel, token: 'good' }]))
  t.match(await until(first, ({ connected }) => connected), { last_error: null, last_sent_at: null })
  await app.stop()
  app.reload(appConfigOf({}, [{ ...channel, token: 'bad' }]))
  t.equal(graph.requests.length, 2)
  t.notMatch(JSON.stringify(app.log), /"(good|bad)"/)
})

t.test('a token that was refreshed is shown with its end, and probed again', async (t) => {
  const graph = await startPretendGraph({ pages: { '1': { token: 'good', tokenAgeMs: 86_400_000 } } })
  t.teardown(() => graph.close())
  const channel = { id: '1', platform: 'instagram', token: 'good', graphUrl: `${graph.url}/v26.0` }
  const app = await startApp(t, {}, [channel])
  const first = async () => (await app.call('/api/channels')).json.channels[0]
  const { token_expires_at: end } = await until(first, ({ token_expires_at: at }) => at !== null)
  t.ok(Date.parse(end) > Date.now() + 59 * 86_400_000)
  const asked = async () => graph.requests.filter(({ path }) => path.endsWith('/me')).length
  // The token of the settings, the new one before it counts, and then.
  t.equal(await until(asked, (count) => count > 2), 3)
  t.notMatch(JSON.stringify(app.log), /"good"/)
})

t.test('requests over an open connection are still served during the drain', async (t) => {
  const app = await startApp(t)
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.server.address() as AddressInfo
  const open = () => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.on('data', (data) => {
      text += String(data)
    })
    return {
      socket,
      closed: once(socket, 'close'),
      async answer(): Promise<string> {
        while (!text.includes('\r\n\r\n')) await once(socket, 'data')
        const answer = text
        text = ''
        return answer
      },
    }
  }
  const body = JSON.stringify(delivery([fromCustomer('2', { mid: newMid(), text: 'hi' })]))
  const head = `POST /webhook HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: ${signatureOf(body)}\r\n`
  const busy = open()
  const idle = open()
  busy.socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`)
  idle.socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n')
  t.match(await idle.answer(), /^HTTP\/1.1 200/)
  const asking = open()
  asking.socket.write('GET /health/ready HTTP/1.1\r\nHost: x\r\nX-Half: ')
  await new Promise((resolve) => setTimeout(resolve, 50))

  const stopped = app.stop()
  await idle.closed
  asking.socket.write('y\r\n\r\n')
  const ready = await asking.answer()
  t.match(ready, /^HTTP\/1.1 503 /)
  t.match(ready, /connection: close/i)
  t.match(ready, '"code":"draining"')
  busy.socket.write(body.slice(20))
  t.match(await busy.answer(), /^HTTP\/1.1 200 [\s\S]*"outcome":"accepted"/)
  await Promise.all([stopped, busy.closed, asking.closed])
  t.notOk(app.log.some(({ level }) => level >= 50))
})

/** A channel between a Dify and a Meta of the test's own. */
async function answering(
  t: Test,
  of: {
    readonly dify: DifyAnswer
    readonly meta?: Parameters<typeof startMeta>[1]
    readonly settings?: Readonly<Record<string, string>>
  },
) {
  const dify = await pretend(t, of.dify)
  const meta = await startMeta(t, of.meta ?? (() => takes('mid')))
  const app = await startApp(t, { DEBOUNCE: '50ms', DEBOUNCE_MAX: '100ms', SEND_RATE: '1000', ...of.settings }, [
    {
      id: '1',
      platform: 'instagram',
      token: 'token',
      graphUrl: meta.graphUrl,
      dify: { url: `${dify.origin}/v1`, key: 'key' },
    },
  ])
  const customer = (user: string) =>
    app.deliver(delivery([fromCustomer(user, { mid: newMid(), text: 'how much?' }, { page: '1' })], { page: '1' }))
  return { dify, meta, app, customer }
}

const difySays = (response: Parameters<DifyAnswer>[1], text: string): void => {
  const ids = { task_id: 't', conversation_id: 'c', message_id: 'm' }
  stream(response, event('message', { answer: text, ...ids }), event('message_end', ids))
  response.end()
}

t.test('a question is asked, and its answer sent', async (t) => {
  const { dify, meta, customer, app } = await answering(t, {
    dify: (_, response) => difySays(response, 'It costs 5'),
  })
  await customer('2')
  await until(() => meta.sends.length > 0)
  t.match(dify.asked, [{ url: '/v1/chat-messages', body: { query: 'how much?', user: '1-2' } }])
  t.match(meta.sends, [{ path: '/1/messages', body: { recipient: { id: '2' }, message: { text: 'It costs 5' } } }])
  await until(async () => (await app.call('/api/conversations/1-2/messages')).json.messages[1]?.status === 'sent')
})

t.test('a person who steps in while the assistant thinks is not talked over', async (t) => {
  const { dify, meta, customer, app } = await answering(t, {
    dify: (asked, response) =>
      asked.url.endsWith('/stop')
        ? json(response, 200, {})
        : stream(response, event('message', { answer: 'It', task_id: 't' })),
  })
  await customer('2')
  await until(() => app.call('/api/conversations/1-2').then(() => dify.asked.length > 0))
  await app.deliver(delivery([echoTo('2', { mid: newMid(), text: 'I am here' }, { page: '1' })], { page: '1' }))
  await until(() => app.log.some(({ msg }) => msg.startsWith('call of the assistant ended')))
  t.same(meta.sends, [])
})

t.test('an answer that arrives while the app stops is sent, and no new question is asked', async (t) => {
  let say = (): void => {}
  const { dify, meta, customer, app } = await answering(t, {
    dify: (_, response) => {
      say = () => difySays(response, 'It costs 5')
    },
  })
  await customer('2')
  await until(() => dify.asked.length === 1)
  await customer('3')
  const stopped = app.stop()
  await new Promise((resolve) => setTimeout(resolve, 300))
  say()
  await stopped
  t.match(meta.sends, [{ body: { recipient: { id: '2' }, message: { text: 'It costs 5' } } }])
  t.equal(dify.asked.length, 1)
  t.notOk(app.log.some(({ level }) => level >= 50))
})

t.test('stopping twice waits for the same end', async (t) => {
  const app = await startApp(t)
  const first = app.stop()
  t.equal(app.stop(), first)
  await first
  t.equal(app.stop(), first)
})

t.test('an app alone sends all queued parts before it has stopped, at their rate', async (t) => {
  const arrivals: number[] = []
  const { meta, app } = await answering(t, {
    dify: () => {},
    meta: () => {
      arrivals.push(performance.now())
      return takes(`mid-${arrivals.length}`)
    },
    settings: { SEND_RATE: '5' },
  })
  const text = `${'x'.repeat(999)}\n`.repeat(3)
  for (const user of ['2', '3', '4']) {
    const body = { conversation_id: `1-${user}`, text, author: 'support' }
    t.equal((await app.call('/api/messages', { method: 'POST', body })).status, 202)
  }
  await app.stop()
  t.equal(meta.sends.length, 9)
  for (const [i, at] of arrivals.slice(5).entries()) t.ok(at - arrivals[i]! > 950, `${at - arrivals[i]!} ms`)
  t.equal(app.log.filter(({ msg }) => String(msg).startsWith('message sent')).length, 9)
  t.notOk(app.log.some(({ level }) => level >= 50))
})

t.test('a channel that goes while its messages are queued does not keep it from stopping', async (t) => {
  const { meta, app } = await answering(t, { dify: () => {}, settings: { SEND_RATE: '1' } })
  const body = { conversation_id: '1-2', text: `${'x'.repeat(999)}\n`.repeat(20), author: 'support' }
  t.equal((await app.call('/api/messages', { method: 'POST', body })).status, 202)
  app.reload(appConfigOf({}, [{ id: '7', platform: 'instagram' }]))
  await app.stop()
  t.ok(meta.sends.length <= 1)
})

t.test('it starts and stops with traces whose collector is away', async (t) => {
  const app = await startApp(t, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', METRICS_CHANNELS: 'off' })
  t.match(await app.deliver(delivery([fromCustomer('2', { mid: newMid(), text: 'hi' })])), { status: 200 })
})
