import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { inParallel, startRouter } from '../fixtures/process.js'
import { API_TOKEN, DIFY_TOKEN } from '../fixtures/settings.js'
import { delivery, fromCustomer, newMid, PAGE, SECRET, signatureOf } from '../fixtures/webhooks.js'

/** Ways around signatures, tokens and the HTTP parser, as a table: none gets in, none breaks anything. */

interface Try {
  readonly name: string
  readonly raw: string | Buffer
  /** Statuses that are fine, of every answer that comes back; 4xx alone where it does not say. */
  readonly fine?: RegExp
}

const REFUSED = /^4\d\d$/
const crlf = (...lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`
const head = (first: string, ...more: readonly string[]) => crlf(first, 'Host: router', 'Connection: close', ...more)

const BODY = JSON.stringify(delivery([fromCustomer('666', { mid: newMid(), text: 'forged' })]))
const OTHER = JSON.stringify(delivery([fromCustomer('667', { mid: newMid(), text: 'signed elsewhere' })]))
const MARK = `/api/mark-bot-response?conversation_id=${PAGE}-666`

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'SEARCH',
  'QUERY',
  'BREW',
]
const PATHS = [
  ...['/webhook', '/webhook/', '//webhook', '/webhook%2f', '/Webhook', '/webhook;a=b', '/webhook?hub.mode=subscribe'],
  ...['/api/channels', '/api//channels', '/api/./channels', '/api/x/../channels', '/API/channels', '/api/channels%00'],
  ...['/api/channels/', '/%61pi/channels', '/api%2fchannels', '/api/conversations', `/api/conversations/${PAGE}-1`],
  ...['/api/conversations/..%2f..%2fetc', '/api/dead-letters', '/api/messages', '/api/live-tickets', MARK, '/metrics'],
  ...[
    '/ws',
    '/ws?ticket=',
    `/ws?ticket=${'x'.repeat(43)}`,
    '/%2e%2e/etc/passwd',
    '/.env',
    '*',
    '/\u0001',
    'http://x/api/channels',
  ],
]

function* methodsAndPaths(): Generator<Try> {
  for (const path of PATHS) {
    for (const method of METHODS) yield { name: `${method} ${path}`, raw: head(`${method} ${path} HTTP/1.1`) }
  }
}

function* tokens(): Generator<Try> {
  const values = [
    ...[
      '',
      'Bearer',
      'Bearer ',
      'Bearer undefined',
      'Bearer null',
      'Bearer *',
      'Bearer true',
      'Bearer {}',
      'Bearer []',
    ],
    ...[
      `Bearer ${API_TOKEN}x`,
      `Bearer x${API_TOKEN}`,
      `Bearer ${API_TOKEN.slice(0, -1)}`,
      `Bearer ${API_TOKEN.toUpperCase()}`,
    ],
    ...[
      `Bearer ${API_TOKEN},${DIFY_TOKEN}`,
      `Bearer ${API_TOKEN} ${DIFY_TOKEN}`,
      `Bearer "${API_TOKEN}"`,
      `Bearer:${API_TOKEN}`,
    ],
    ...[
      `Basic ${Buffer.from(`:${API_TOKEN}`).toString('base64')}`,
      `Token ${API_TOKEN}`,
      API_TOKEN,
      `BearerX ${API_TOKEN}`,
    ],
    ...[`Bearer ${Buffer.from(API_TOKEN).toString('base64')}`, `Bearer ${encodeURIComponent(`${API_TOKEN}%00`)}`],
    ...[
      `Bearer ${DIFY_TOKEN}`,
      `Bearer ${SECRET}`,
      'Bearer __proto__',
      'Bearer constructor',
      `Bearer ${'x'.repeat(9_000)}`,
    ],
  ]
  for (const path of ['/api/channels', '/metrics', '/ws', '/api/conversations', '/api/dead-letters']) {
    for (const value of values) {
      yield { name: `${path} with ${value.slice(0, 40)}`, raw: head(`GET ${path} HTTP/1.1`, `Authorization: ${value}`) }
    }
    for (const line of [
      `X-Api-Key: ${API_TOKEN}`,
      `Cookie: token=${API_TOKEN}`,
      `Proxy-Authorization: Bearer ${API_TOKEN}`,
    ]) {
      yield { name: `${path} with ${line}`, raw: head(`GET ${path} HTTP/1.1`, line) }
    }
    yield {
      name: `${path} with it in the query`,
      raw: head(`GET ${path}?token=${API_TOKEN}&access_token=${API_TOKEN} HTTP/1.1`),
    }
  }
}

function* signatures(): Generator<Try> {
  const good = signatureOf(BODY)
  const hex = good.slice(7)
  const values = [
    ...[
      '',
      'sha256=',
      'sha256',
      hex,
      `sha1=${hex}`,
      `sha1=${hex.slice(0, 40)}`,
      `SHA256=${hex}`,
      `sha256 =${hex}`,
      `sha256= ${hex}`,
    ],
    ...[
      good.slice(0, -1),
      good.slice(0, -2),
      `${good}0`,
      `${good}00`,
      `${good},${good}`,
      `${good};`,
      `x${good}`,
      `sha512=${hex}${hex}`,
    ],
    ...[`sha256=${'0'.repeat(64)}`, `sha256=${'f'.repeat(64)}`, `sha256=${'g'.repeat(64)}`, `sha256=${'٠'.repeat(64)}`],
    ...[
      signatureOf(''),
      signatureOf('{}'),
      signatureOf(OTHER),
      signatureOf(`${BODY} `),
      signatureOf(BODY, `${SECRET} `),
    ],
    ...[signatureOf(BODY, ''), signatureOf(BODY, 'undefined'), signatureOf(BODY, SECRET.toUpperCase())],
    `sha256=${Buffer.from(hex, 'hex').toString('base64')}`,
  ]
  const length = `Content-Length: ${Buffer.byteLength(BODY)}`
  for (const value of values) {
    const line = `X-Hub-Signature-256: ${value}`
    yield { name: `signed ${value.slice(0, 40)}`, raw: head('POST /webhook HTTP/1.1', line, length) + BODY }
    const chunked = `${Buffer.byteLength(BODY).toString(16)}\r\n${BODY}\r\n0\r\n\r\n`
    yield {
      name: `chunked, ${value.slice(0, 40)}`,
      raw: head('POST /webhook HTTP/1.1', line, 'Transfer-Encoding: chunked') + chunked,
    }
  }
  for (const lines of [
    [`X-Hub-Signature: ${good}`],
    [`X-Hub-Signature-256: ${good}`, `X-Hub-Signature-256: ${good}`],
    [`X-Hub-Signature-256: ${signatureOf(OTHER)}`, `X-Hub-Signature-256: ${good}`],
    [`X_Hub_Signature_256: ${good}`],
  ]) {
    yield { name: lines.join(), raw: head('POST /webhook HTTP/1.1', ...lines, length) + BODY }
  }
  const packed = gzipSync(BODY)
  for (const encoding of ['gzip', 'deflate', 'br', 'identity, gzip']) {
    const lines = [`X-Hub-Signature-256: ${good}`, `Content-Encoding: ${encoding}`, `Content-Length: ${packed.length}`]
    yield {
      name: `packed as ${encoding}`,
      raw: Buffer.concat([Buffer.from(head('POST /webhook HTTP/1.1', ...lines)), packed]),
    }
  }
}

/** Whatever one parser may read as one request and the next as two: the second asks for what needs no token. */
function* smuggling(): Generator<Try> {
  const hidden = crlf('GET /health HTTP/1.1', 'Host: hidden', 'Connection: close')
  const size = `Content-Length: ${hidden.length}`
  const post = 'POST /api/channels HTTP/1.1'
  for (const lines of [
    [size, 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked', size],
    ['Content-Length: 0', size],
    [size, 'Content-Length: 0'],
    [`Content-Length: 0, ${hidden.length}`],
    [`Content-Length: +${hidden.length}`],
    [`Content-Length: -${hidden.length}`],
    [`Content-Length: 0x${hidden.length.toString(16)}`],
    [`Content-Length: ${hidden.length}.0`],
    ['Content-Length: 1e2'],
    ['Content-Length : 0'],
    [' Content-Length: 0'],
    ['Transfer-Encoding: xchunked'],
    ['Transfer-Encoding: chunked, identity'],
    ['Transfer-Encoding: identity, chunked, gzip'],
    ['Transfer-Encoding : chunked'],
    ['Transfer-Encoding:\u000bchunked'],
    ['Transfer-Encoding:\tchunked'],
    ['Transfer-Encoding: "chunked"'],
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: cow'],
    ['X: a\rTransfer-Encoding: chunked'],
    ['X: a\nTransfer-Encoding: chunked'],
    ['X: a\u0000b'],
    ['X: a', ' folded: b'],
    ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__', size],
    ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', size],
    ['Expect: 100-continue', size],
    ['Expect: 200-ok', size],
  ]) {
    const raw = crlf(post, 'Host: router', ...lines) + hidden
    // What is surely the body of the first is no request; where the first ends at its headers, the second is its own.
    yield { name: `hidden by ${lines.join(' | ')}`, raw, fine: /^(4\d\d|100)$/ }
  }
  for (const chunks of [
    '-1\r\n',
    '0x1\r\n',
    'ffffffffffffffff1\r\n',
    '1;\r\nx\r\n',
    '1 \r\nx\r\n',
    '\r\n0\r\n\r\n',
    '1\nx\n0\n\n',
    'z\r\n',
  ]) {
    yield { name: `chunk ${JSON.stringify(chunks)}`, raw: head(post, 'Transfer-Encoding: chunked') + chunks + hidden }
  }
  for (const raw of [
    'GET /api/channels HTTP/0.9\r\n\r\n',
    'GET /api/channels HTTP/2.0\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'GET  /api/channels HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /api/channels\r\n\r\n',
    'GET /api/channels HTTP/1.1\r\n\r\n',
    'GET /api/channels HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
    '*1\r\n$4\r\nPING\r\n',
    '{"json":true}\r\n\r\n',
  ]) {
    yield { name: JSON.stringify(raw), raw }
  }
}

/** All that comes back until the server ends it. */
function answersTo(port: number, raw: string | Buffer): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', () => {})
    socket.setTimeout(3_000, () => socket.destroy())
    socket.on('close', () => resolve((text.match(/^HTTP\/1\.1 \d{3}/gm) ?? []).map((line) => line.slice(9))))
    socket.end(typeof raw === 'string' ? Buffer.from(raw, 'latin1') : raw)
  })
}

t.test('none of six hundred attack attempts gets in or breaks anything', async (t) => {
  const router = await startRouter(t, { CHANNEL_PLATFORM: 'instagram' })
  const tries = [...methodsAndPaths(), ...tokens(), ...signatures(), ...smuggling()]
  t.ok(tries.length > 600, `${tries.length} tries`)
  await inParallel(tries, 8, async ({ name, raw, fine = REFUSED }) => {
    const statuses = await answersTo(router.port, raw)
    if (!statuses.every((status) => fine.test(status))) t.fail(`${name}: ${statuses.join()}`)
  })
  t.same((await router.call('/api/conversations')).json.conversations, [])
  t.match(await router.call('/health/ready'), { status: 200 })
  t.same(
    router.log.filter(({ level }) => level >= 50),
    [],
  )
  t.notMatch(router.output(), API_TOKEN)
  const { json } = await router.deliver(BODY)
  t.match(json.results, [{ outcome: 'accepted' }], 'and the one good delivery is taken')
})
