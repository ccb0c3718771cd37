import { once } from 'node:events'
import { get } from 'node:http'
import t from 'tap'
import { A, B } from '../../fixtures/feed.js'
import { startLive } from '../../fixtures/live.js'
import { API_TOKEN, DIFY_TOKEN } from '../../fixtures/settings.js'
import { until } from '../../fixtures/shop.js'

t.test('a subscriber of one conversation gets its frames, a subscriber of all gets everything', async (t) => {
  const { connect, feed } = await startLive(t)
  const [one, also, other, all] = await Promise.all([
    connect(`?conversation_id=${A}`),
    connect(`?conversation_id=${A}&after=&ticket=`),
    connect(`?conversation_id=${B}`),
    connect(),
  ])
  const first = feed.say(A, 'one')
  feed.say(B, 'two')
  feed.say(A, 'three')
  t.strictSame(await all.texts(3), ['one', 'two', 'three'])
  t.strictSame(await one.texts(2), ['one', 'three'])
  t.strictSame(await also.texts(2), ['one', 'three'])
  t.strictSame(await other.texts(1), ['two'])
  t.match(one.frames[0], { id: first, type: 'chat_message', conversation_id: A })
  t.strictSame(all.frames[0], one.frames[0])
  t.equal(feed.asked.listens, 1)
})

t.test('a ticket is good once, and instead of a token', async (t) => {
  const { connect, refusal, ticket, feed, failures, log, meter } = await startLive(t)
  const given = (await ticket()).json().ticket
  const looker = await connect(`?ticket=${given}&conversation_id=${A}`, { token: null })
  feed.say(A, 'hi')
  t.strictSame(await looker.texts(1), ['hi'])
  t.strictSame(meter.told, ['live 1'])
  looker.socket.close()
  await until(() => meter.told.includes('live 0'))
  t.match(await refusal(`?ticket=${given}`, { token: null }), { status: 401, json: { code: 'unauthorized' } })
  t.match(await refusal(`?ticket=${given}`), { status: 401 }, 'not even with a token: who uses it twice should know')
  t.equal(failures.count, 2)
  t.equal(feed.asked.tickets, 3)
  t.match(await refusal('?ticket=nonsense', { token: null }), { status: 401 })
  t.equal(feed.asked.tickets, 3, 'what is no ticket is not looked up')
  t.notMatch(JSON.stringify(log), given)
})

t.test('refusals come before the upgrade, as HTTP errors', async (t) => {
  const { refusal, feed, log } = await startLive(t)
  for (const [query, token, status, code] of [
    ['', null, 401, 'unauthorized'],
    ['', 'wrong', 401, 'unauthorized'],
    ['', DIFY_TOKEN, 403, 'forbidden'],
    [`?conversation_id=${A}`, DIFY_TOKEN, 403, 'forbidden'],
    ['?conversation_id=nonsense', undefined, 400, 'invalid_conversation_id'],
    ['?conversation_id=1', undefined, 400, 'invalid_conversation_id'],
    ['?conversation_id=999-2', undefined, 404, 'unknown_channel'],
    ['?after=nonsense', undefined, 400, 'invalid_request'],
    [`?conversation_id=${A}&after=0`, undefined, 400, 'invalid_request'],
  ] as const) {
    const answer = await refusal(query, token === undefined ? {} : { token })
    t.match(answer, { status, json: { status: 'error', code } }, `${query} ${token}`)
  }
  await until(() => feed.listeners.size === 0)
  t.strictSame(log, [])
})

t.test('a store out of reach is said before the upgrade too, and the next one is heard', async (t) => {
  const { refusal, connect, feed } = await startLive(t)
  feed.before.listen = () => {
    throw new Error('out of reach')
  }
  t.match(
    (await Promise.all([refusal(), refusal(`?conversation_id=${A}`)])).map(({ status }) => status),
    [500, 500],
  )
  feed.before.listen = () => {}
  const looker = await connect()
  feed.say(A, 'hi')
  t.strictSame(await looker.texts(1), ['hi'])
})

t.test('a plain GET of /ws is answered by its token with 426 or 401', async (t) => {
  const { app, port } = await startLive(t)
  const call = async (headers: Record<string, string>, query = '') => {
    const answer = await app.inject({ url: `/ws${query}`, headers })
    return [answer.statusCode, answer.json().code]
  }
  const authorization = 'Bearer api-token-0123456789'
  t.strictSame(await call({}), [401, 'unauthorized'])
  t.strictSame(await call({ authorization }), [400, 'invalid_request'])
  t.strictSame(await call({ authorization }, '?conversation_id=999-2'), [404, 'unknown_channel'])
  const headers = { authorization, connection: 'upgrade', upgrade: 'websocket' }
  const request = get({ port, host: '127.0.0.1', path: '/ws', headers })
  const [response] = await once(request, 'response')
  t.equal(response.statusCode, 400, 'a handshake that is none')
  response.resume()
})

t.test('places for clients are limited, and freed by a client that leaves or never connects', async (t) => {
  const { connect, refusal, feed } = await startLive(t, { clients: 2 })
  const one = await connect()
  await refusal('?after=nonsense')
  await until(async () => feed.listeners.size === 1)
  await connect(`?conversation_id=${A}`)
  const answer = await refusal()
  t.match(answer, { status: 429, headers: { 'retry-after': '10' }, json: { code: 'rate_limited' } })
  one.socket.close()
  t.equal(await one.closed, 1005)
  await connect()
})

t.test('a client that hangs up before the answer leaves no trace', async (t) => {
  for (const hangUp of ['destroy', 'resetAndDestroy'] as const) {
    const { port, feed } = await startLive(t)
    let go = (): void => {}
    feed.before.listen = () =>
      new Promise<void>((resolve) => {
        go = resolve
      })
    const headers = {
      authorization: 'Bearer api-token-0123456789',
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    const request = get({ port, host: '127.0.0.1', path: '/ws', headers }).on('error', () => {})
    await until(() => feed.asked.listens === 1)
    request.socket![hangUp]()
    await new Promise((resolve) => setTimeout(resolve, 50))
    go()
    await until(() => feed.asked.stops === 1)
    t.equal(feed.listeners.size, 0, hangUp)
  }
})

t.test('a few messages of a client are ignored', async (t) => {
  const { connect, feed } = await startLive(t)
  const looker = await connect()
  for (let i = 0; i < 99; i++) looker.socket.send('x'.repeat(4096))
  looker.socket.ping()
  feed.say(A, 'still here')
  t.strictSame(await looker.texts(1), ['still here'])
  looker.socket.send('one too many')
  looker.socket.send('and another')
  t.equal(await looker.closed, 1008)
})

t.test('a client that sends too much is disconnected', async (t) => {
  const { connect, log } = await startLive(t)
  const looker = await connect()
  looker.socket.send('x'.repeat(4097))
  t.equal(await looker.closed, 1009)
  await until(() => log.find(({ msg }) => msg === 'live client went'))
  t.notOk(log.some(({ level }) => level >= 40))
})

t.test('a client’s connecting and leaving are a log line each', async (t) => {
  const { connect, log } = await startLive(t)
  const looker = await connect(`?conversation_id=${A}&secret=1`)
  looker.socket.close(1000)
  await until(() => log.length === 2)
  t.match(log, [
    { level: 30, msg: 'live client came', conversation_id: A },
    { level: 30, msg: 'live client went', conversation_id: A, code: 1000, seconds: 0 },
  ])
  t.equal(log[0]!['req_id'], log[1]!['req_id'])
  t.notMatch(JSON.stringify(log), 'secret')
})

t.test('a stop disconnects all clients, and none delays it', async (t) => {
  const { app, connect, feed } = await startLive(t, { shutdownMs: 50 })
  const one = await connect()
  const two = await connect(`?conversation_id=${A}`)
  const deaf = await connect(`?conversation_id=${A}`)
  deaf.socket.pause()
  const start = performance.now()
  await app.close()
  t.ok(performance.now() - start < 2_000)
  t.strictSame(await Promise.all([one.closed, two.closed]), [1001, 1001])
  t.equal(feed.listeners.size, 0)
})

t.test('WebSocket compression is not offered', async (t) => {
  const { connect } = await startLive(t)
  const { socket } = await connect()
  t.equal(socket.extensions, '')
})

t.test('clients are disconnected when their token is revoked, also those with a ticket of it', async (t) => {
  const { connect, ticket, apiKeys, refusal, meter } = await startLive(t)
  const ticketNow = async () => `?ticket=${(await ticket()).json().ticket}`
  const lookers = [await connect(), await connect(await ticketNow(), { token: null })]
  const late = await ticketNow()
  apiKeys.replace([API_TOKEN, 'another-token-0123'])
  t.ok(lookers.every(({ socket }) => socket.readyState === socket.OPEN))
  apiKeys.replace(['another-token-0123'])
  t.same(await Promise.all(lookers.map(({ closed }) => closed)), [1008, 1008])
  t.match(await refusal(late, { token: null }), { status: 401 })
  await until(() => meter.told.at(-1) === 'live 0')
})
