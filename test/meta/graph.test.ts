import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import {
  type AddressInfo,
  createServer as createSocketServer,
  type LookupFunction,
  type Server as SocketServer,
} from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Channel } from '../../src/conversation/channel.js'
import type { Outgoing } from '../../src/engine/providers.js'
import { createGraph } from '../../src/meta/graph.js'
import { channelWith } from '../fixtures/channel.js'

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

interface Meta {
  readonly url: string
  readonly seen: Seen[]
  readonly server: Server
}

async function listening(server: SocketServer): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function metaThat(t: Test, answers: (response: ServerResponse, seen: Seen) => void): Promise<Meta> {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url, headers } = request
    const each = { method, url, headers, body: JSON.parse(Buffer.concat(chunks).toString()) }
    seen.push(each)
    answers(response, each)
  })
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://${await listening(server)}/v26.0`, seen, server }
}

/** What is sent was decided just now, unless a test says otherwise. */
function graphFor(t: Test, parts: Parameters<typeof createGraph>[0] = {}) {
  const graph = createGraph(parts)
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => {
    closing ??= graph.close()
    return closing
  }
  t.teardown(close)
  const send = (channel: Channel, outgoing: Outgoing, freshUntil = Number.POSITIVE_INFINITY) =>
    graph.send(channel, outgoing, freshUntil)
  return { ...graph, send, close }
}

const channelAt = (graphUrl: string, changes: Partial<Channel> = {}): Channel => ({
  ...channelWith(),
  token: 'the-token',
  graphUrl,
  sendAs: '17841400000000001',
  ...changes,
})

const outgoing = (changes: Partial<Outgoing> = {}): Outgoing => ({
  userId: '9007199254740993',
  text: 'hi',
  attachment: null,
  quickReplies: [],
  tag: null,
  metadata: null,
  traceparent: null,
  ...changes,
})

const takes = (response: ServerResponse): void => {
  response.end('{"recipient_id":"2","message_id":"m_1"}')
}

t.test('a text is posted to the account it is sent as, with its token', async (t) => {
  const meta = await metaThat(t, takes)
  const outcome = await graphFor(t).send(channelAt(meta.url), outgoing({ text: 'سلام 😀' }))
  t.same(outcome, { is: 'sent', mid: 'm_1', restMs: 0 })
  const { method, url, headers, body } = meta.seen[0]!
  t.equal(method, 'POST')
  t.equal(url, '/v26.0/17841400000000001/messages')
  t.equal(headers.authorization, 'Bearer the-token')
  t.equal(headers['content-type'], 'application/json')
  t.same(body, {
    recipient: { id: '9007199254740993' },
    messaging_type: 'RESPONSE',
    message: { text: 'سلام 😀' },
  })
})

t.test('the address of the Graph API may end with a slash', async (t) => {
  const meta = await metaThat(t, takes)
  await graphFor(t).send(channelAt(`${meta.url}/`), outgoing())
  t.equal(meta.seen[0]?.url, '/v26.0/17841400000000001/messages')
})

t.test('an attachment goes by its address', async (t) => {
  const meta = await metaThat(t, takes)
  const attachment = { type: 'image', url: 'https://shop.example/a.png' } as const
  await graphFor(t).send(channelAt(meta.url), outgoing({ text: null, attachment }))
  t.match(meta.seen[0]?.body, {
    message: { attachment: { type: 'image', payload: { url: 'https://shop.example/a.png' } } },
  })
})

t.test('quick replies are sent up to Meta’s limit, and a refusal allows a plainer form', async (t) => {
  const meta = await metaThat(t, (response) => {
    response.statusCode = 400
    response.end('{"error":{"message":"no","code":100,"error_subcode":2018047}}')
  })
  const quickReplies = Array.from({ length: 15 }, (_, index) => `Choice ${index}, in more than twenty letters`)
  const outcome = await graphFor(t).send(channelAt(meta.url), outgoing({ quickReplies }))
  t.same(outcome, { is: 'form_refused', code: '100/2018047' })
  const { text, quick_replies } = (meta.seen[0]!.body as { message: { text: string; quick_replies: unknown[] } })
    .message
  t.equal(text, 'hi')
  t.equal(quick_replies.length, 13)
  t.same(quick_replies[0], { content_type: 'text', title: 'Choice 0, in more th', payload: quickReplies[0] })
})

t.test('a tag is sent with its messaging type, on both platforms', async (t) => {
  const meta = await metaThat(t, takes)
  const graph = graphFor(t)
  for (const platform of ['facebook', 'instagram'] as const) {
    await graph.send(channelAt(meta.url, { platform }), outgoing({ tag: 'HUMAN_AGENT' }))
    t.match(meta.seen.at(-1)?.body, { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' })
  }
})

t.test('the mark goes to Messenger only', async (t) => {
  const meta = await metaThat(t, takes)
  const graph = graphFor(t)
  await graph.send(channelAt(meta.url, { platform: 'facebook' }), outgoing({ metadata: 'message-router:AI:1' }))
  await graph.send(channelAt(meta.url, { platform: 'instagram' }), outgoing({ metadata: 'message-router:AI:1' }))
  t.same(
    meta.seen.map(({ body }) => (body as { message: object }).message),
    [{ text: 'hi', metadata: 'message-router:AI:1' }, { text: 'hi' }],
  )
})

t.test('one connection serves consecutive sends', async (t) => {
  const meta = await metaThat(t, takes)
  let connections = 0
  meta.server.on('connection', () => {
    connections += 1
  })
  const graph = graphFor(t)
  for (let count = 0; count < 3; count += 1) {
    await graph.send(channelAt(meta.url), outgoing())
    await nextTurn()
  }
  t.equal(connections, 1)
})

t.test('a channel without a token is not even tried', async (t) => {
  const meta = await metaThat(t, takes)
  const graph = graphFor(t)
  const channel = channelAt(meta.url, { token: null })
  t.same(await graph.send(channel, outgoing()), { is: 'dead', reason: 'channel_unusable', code: 'no_token' })
  await graph.act(channel, '2', 'typing_on')
  t.same(meta.seen, [])
})

t.test('a refusal is told by its code', async (t) => {
  const meta = await metaThat(t, (response) => {
    response.statusCode = 400
    response.end('{"error":{"message":"outside of window","code":10,"error_subcode":2534022}}')
  })
  t.same(await graphFor(t).send(channelAt(meta.url), outgoing()), {
    is: 'dead',
    reason: 'window_closed',
    code: '10/2534022',
  })
})

t.test('a rest that the headers ask for is reported', async (t) => {
  const meta = await metaThat(t, (response, { body }) => {
    response.setHeader('X-App-Usage', '{"call_count":100}')
    response.setHeader('Retry-After', 'Thu, 01 Jan 2026 00:02:00 GMT')
    response.statusCode = (body as { message: { text: string } }).message.text === 'too many' ? 429 : 200
    response.end('{"message_id":"m"}')
  })
  const graph = graphFor(t, { clock: () => Date.UTC(2026, 0, 1) })
  t.same(await graph.send(channelAt(meta.url), outgoing()), { is: 'sent', mid: 'm', restMs: 60_000 })
  t.same(await graph.send(channelAt(meta.url), outgoing({ text: 'too many' })), {
    is: 'later',
    code: 'http_429',
    afterMs: 120_000,
  })
})

t.test('an answer in pieces is put together, and one of 64 KiB is still read', async (t) => {
  const head = '{"message_id":"m","x":"'
  const text = `${head}${'é'.repeat((65_536 - head.length - 3) / 2)}x"}`
  t.equal(Buffer.byteLength(text), 65_536)
  const meta = await metaThat(t, (response) => {
    response.write(text.slice(0, 100))
    setImmediate(() => response.end(text.slice(100)))
  })
  t.same(await graphFor(t).send(channelAt(meta.url), outgoing()), { is: 'sent', mid: 'm', restMs: 0 })
})

t.test('an answer without an end is not read to its end', async (t) => {
  const meta = await metaThat(t, (response, { body }) => {
    response.statusCode = (body as { message: { text: string } }).message.text === 'bad' ? 400 : 200
    response.write('x'.repeat(70_000))
  })
  const graph = graphFor(t)
  t.same(await graph.send(channelAt(meta.url), outgoing()), { is: 'unknown', code: 'unreadable' })
  t.same(await graph.send(channelAt(meta.url), outgoing({ text: 'bad' })), {
    is: 'dead',
    reason: 'refused',
    code: 'http_400',
  })
})

t.test('the outcome is unknown without an answer in time', async (t) => {
  const meta = await metaThat(t, () => {})
  t.same(await graphFor(t, { timeoutMs: 50 }).send(channelAt(meta.url), outgoing()), { is: 'unknown', code: 'timeout' })
})

t.test('the time runs over the whole answer', async (t) => {
  const meta = await metaThat(t, (response) => {
    const drip = setInterval(() => response.write(' '), 10)
    response.once('close', () => clearInterval(drip))
  })
  t.same(await graphFor(t, { timeoutMs: 100 }).send(channelAt(meta.url), outgoing()), {
    is: 'unknown',
    code: 'timeout',
  })
})

t.test('the outcome is unknown when the connection broke', async (t) => {
  const silent = await metaThat(t, (response) => response.destroy())
  const half = await metaThat(t, (response) => {
    response.write('{"message_id"')
    setImmediate(() => response.destroy())
  })
  const graph = graphFor(t)
  t.match(await graph.send(channelAt(silent.url), outgoing()), { is: 'unknown', code: /^(UND_ERR_SOCKET|ECONNRESET)$/ })
  t.match(await graph.send(channelAt(half.url), outgoing()), { is: 'unknown', code: /^(UND_ERR_SOCKET|ECONNRESET)$/ })
})

t.test('the outcome is unknown when the answer is no HTTP', async (t) => {
  const server = createSocketServer((socket) => socket.once('data', () => socket.end('SSH-2.0-nothing\r\n\r\n')))
  const host = await listening(server)
  t.teardown(() => server.close())
  t.match(await graphFor(t).send(channelAt(`http://${host}`), outgoing()), {
    is: 'unknown',
    code: 'HTTPParserError',
  })
})

t.test('a message that found no open port is tried again', async (t) => {
  const server = createSocketServer()
  const host = await listening(server)
  server.close()
  await once(server, 'close')
  const later = { is: 'later', code: 'ECONNREFUSED', afterMs: 0 }
  t.same(await graphFor(t).send(channelAt(`http://${host}`), outgoing()), later)
})

t.test('a message whose secure connection failed is tried again', async (t) => {
  const plain = await metaThat(t, takes)
  const closing = createSocketServer((socket) => socket.destroy())
  const host = await listening(closing)
  t.teardown(() => closing.close())
  const graph = graphFor(t)
  t.match(await graph.send(channelAt(plain.url.replace('http:', 'https:')), outgoing()), {
    is: 'later',
    code: /^(EPROTO|ERR_SSL_\w+)$/,
    afterMs: 0,
  })
  t.same(await graph.send(channelAt(`https://${host}`), outgoing()), { is: 'later', code: 'ECONNRESET', afterMs: 0 })
})

/** Names are looked up as the test says. */
function lookUpBy(answer: () => Promise<string>): LookupFunction {
  return (_name, _options, done) => {
    answer().then(
      (address) => done(null, [{ address, family: 4 }]),
      (error) => done(error, []),
    )
  }
}

t.test('a message to a host that nobody knows is tried again', async (t) => {
  const lookup = lookUpBy(async () => {
    throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
  })
  t.same(await graphFor(t, { lookup }).send(channelAt('http://graph.example'), outgoing()), {
    is: 'later',
    code: 'ENOTFOUND',
    afterMs: 0,
  })
})

t.test('a message that got no connection in time is tried again, and does not go out late', async (t) => {
  const meta = await metaThat(t, takes)
  const connected = once(meta.server, 'connection')
  let found = (_address: string): void => {}
  const address = new Promise<string>((resolve) => {
    found = resolve
  })
  const graph = graphFor(t, { timeoutMs: 50, lookup: lookUpBy(() => address) })
  const slow = channelAt(meta.url.replace('127.0.0.1', 'graph.example'))
  t.same(await graph.send(slow, outgoing()), { is: 'later', code: 'timeout', afterMs: 0 })
  found('127.0.0.1')
  await connected
  await graph.close()
  t.same(meta.seen, [])
})

t.test('a host is not flooded with connections: the rest waits for its turn', async (t) => {
  const held: ServerResponse[] = []
  let most = 0
  const meta = await metaThat(t, (response) => {
    held.push(response)
    most = Math.max(most, held.length)
    if (meta.seen.length >= 256) for (const each of held.splice(0)) takes(each)
  })
  const graph = graphFor(t)
  const all = await Promise.all(Array.from({ length: 300 }, () => graph.send(channelAt(meta.url), outgoing())))
  t.ok(all.every((each) => each.is === 'sent'))
  t.equal(most, 256)
})

t.test('the typing indicator is a request of its own', async (t) => {
  const meta = await metaThat(t, takes)
  await graphFor(t).act(channelAt(meta.url), '2', 'typing_on')
  t.equal(meta.seen[0]?.url, '/v26.0/17841400000000001/messages')
  t.same(meta.seen[0]?.body, { recipient: { id: '2' }, sender_action: 'typing_on' })
})

t.test('showing the typing indicator never fails', async (t) => {
  const meta = await metaThat(t, (response) => {
    response.statusCode = 500
    response.end('no')
  })
  const graph = graphFor(t)
  await t.resolves(graph.act(channelAt(meta.url), '2', 'typing_on'))
  await t.resolves(graph.act(channelAt('http://127.0.0.1:1'), '2', 'mark_seen'))
})

t.test('a send decided too long ago is not made, and the connection is kept for the next', async (t) => {
  let now = 1_000
  const meta = await metaThat(t, (response) => response.end('{"message_id":"m"}'))
  const sockets = new Set<unknown>()
  meta.server.on('connection', (socket) => sockets.add(socket))
  const graph = graphFor(t, { clock: () => now })
  now = 1_501
  t.same(await graph.send(channelAt(meta.url), outgoing(), 1_500), { is: 'stale' })
  t.same(meta.seen, [])
  now = 1_500
  t.same(await graph.send(channelAt(meta.url), outgoing(), 1_500), { is: 'sent', mid: 'm', restMs: 0 })
  t.equal(sockets.size, 1)
})

t.test('closing waits for sends under way, and aborts what is left', async (t) => {
  const meta = await metaThat(t, (response) => void setTimeout(() => takes(response), 50))
  const graph = graphFor(t)
  const sending = graph.send(channelAt(meta.url), outgoing())
  await graph.close()
  t.match(await sending, { is: 'sent' })
  t.same(await graph.send(channelAt(meta.url), outgoing()), { is: 'later', code: 'UND_ERR_DESTROYED', afterMs: 0 })
})
