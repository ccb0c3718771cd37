import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { RouterError } from '../../src/engine/ports.js'
import { createReadBody } from '../../src/http/edge/bodies.js'
import { createErrorHandler } from '../../src/http/edge/errors.js'
import type { Delivery } from '../../src/meta/delivery.js'
import { createVerify } from '../../src/meta/signature.js'
import type { TakeDelivery } from '../../src/meta/take-delivery.js'
import { createWebhook } from '../../src/meta/webhook.js'
import { delivery, fromCustomer, SECRET, signatureOf } from '../fixtures/webhooks.js'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const BODY = JSON.stringify(delivery([fromCustomer('2', { mid: 'm', text: 'سلام' })]))
const MIB = 1024 * 1024

interface Door {
  readonly server: FastifyInstance
  readonly taken: Delivery[]
  readonly forged: string[]
}

const OK = { text: '{"ok":true}', isAscii: true }

async function open(t: Test, take: TakeDelivery = () => OK): Promise<Door> {
  const server = Fastify()
  const taken: Delivery[] = []
  const forged: string[] = []
  server.setErrorHandler(createErrorHandler(quiet, () => {}))
  const { routes } = createWebhook({
    verify: createVerify([SECRET]),
    readBody: createReadBody(16 * MIB),
    verifyToken: () => 'verify',
    onlyAccount: () => null,
    meter: { committed: () => {} },
    traceWebhook: (parent, take) => take(parent),
    refusalOf: () => null,
    takeDelivery: (given, requestId) => {
      taken.push(given)
      return take(given, requestId)
    },
    onForged: async (request) => {
      forged.push(request.ip)
      if (forged.length > 3) throw new RouterError('rate_limited', 'Too many.', { retryAfterMs: 1_500 })
    },
  })
  await server.register(routes)
  t.teardown(() => server.close())
  return { server, taken, forged }
}

async function post(server: FastifyInstance, body: string | Buffer, headers: Record<string, string> = {}) {
  const answer = await server.inject({
    method: 'POST',
    url: '/webhook',
    headers: { 'x-hub-signature-256': signatureOf(body), ...headers },
    payload: body,
  })
  return { status: answer.statusCode, headers: answer.headers, json: answer.json() }
}

t.test('the handshake gives the challenge back', async (t) => {
  const { server } = await open(t)
  const shake = async (query: Record<string, string | string[]>) => {
    const search = new URLSearchParams()
    for (const [key, value] of Object.entries(query))
      for (const each of [value].flat()) search.append(`hub.${key}`, each)
    return server.inject({ url: `/webhook?${search}` })
  }
  const good = { mode: 'subscribe', verify_token: 'verify', challenge: '1158201444' }
  const answer = await shake(good)
  t.equal(answer.statusCode, 200)
  t.equal(answer.payload, '1158201444')
  t.match(answer.headers['content-type'], /^text\/plain/)

  for (const [query, status, code] of [
    [{ ...good, verify_token: 'other' }, 403, 'wrong_verify_token'],
    [{ ...good, verify_token: '' }, 403, 'wrong_verify_token'],
    [{ ...good, verify_token: 'Verify' }, 403, 'wrong_verify_token'],
    [{ ...good, mode: 'unsubscribe' }, 400, 'bad_request'],
    [{ verify_token: 'verify', challenge: '1' }, 400, 'bad_request'],
    [{ mode: 'subscribe', challenge: '1' }, 400, 'bad_request'],
    [{ mode: 'subscribe', verify_token: 'verify' }, 400, 'bad_request'],
    [{ ...good, verify_token: ['verify', 'verify'] }, 400, 'bad_request'],
    [{ ...good, challenge: ['1', '2'] }, 400, 'bad_request'],
    [{ ...good, challenge: '' }, 400, 'bad_request'],
    [{ ...good, challenge: '<script>alert(1)</script>' }, 400, 'bad_request'],
    [{ ...good, challenge: '1\n' }, 400, 'bad_request'],
    [{ ...good, challenge: 'x'.repeat(257) }, 400, 'bad_request'],
    [{}, 400, 'bad_request'],
  ] as const) {
    const refused = await shake(query as Record<string, string | string[]>)
    t.match(
      { status: refused.statusCode, ...refused.json() },
      { status: 'error', code },
      `${JSON.stringify(query).slice(0, 90)}`,
    )
    t.equal(refused.statusCode, status)
  }
})

t.test('wrong verify tokens are counted, and refused after too many', async (t) => {
  const { server, forged } = await open(t)
  const url = '/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token='
  for (let i = 0; i < 3; i++) t.equal((await server.inject(`${url}wrong`)).statusCode, 403)
  const refused = await server.inject(`${url}wrong`)
  t.equal(refused.statusCode, 429)
  t.equal(refused.headers['retry-after'], '2')
  t.equal((await server.inject(`${url}verify`)).statusCode, 200)
  t.equal(forged.length, 4)
})

t.test('a signed delivery is taken, with the request id, and its answer sent as it is', async (t) => {
  const ids: string[] = []
  const { server, taken } = await open(t, (_delivery, requestId) => {
    ids.push(requestId)
    return { text: '{"status":"gut","text":"سلام"}', isAscii: false }
  })
  const answer = await post(server, BODY)
  t.same(answer.json, { status: 'gut', text: 'سلام' })
  t.match(answer.headers['content-type'], /^application\/json/)
  t.match(taken, [{ platform: 'instagram', items: [{ name: 'message', event: { text: 'سلام' } }] }])
  t.same(ids, ['req-1'])
})

t.test('a delivery is accepted under any Content-Type', async (t) => {
  const { server } = await open(t, async () => OK)
  for (const type of ['application/json', 'text/plain', ';;;', 'multipart/form-data', '']) {
    t.equal((await post(server, BODY, { 'content-type': type })).status, 200, type)
  }
})

t.test('a body without a valid signature is not parsed, and its address is counted', async (t) => {
  const { server, taken, forged } = await open(t)
  const wrong = [signatureOf(BODY, 'other'), signatureOf(`${BODY} `), 'sha256=']
  for (const signature of wrong) {
    t.match(await post(server, BODY, { 'x-hub-signature-256': signature }), {
      status: 401,
      json: { status: 'error', code: 'invalid_signature' },
    })
  }
  t.match(await post(server, '{', { 'x-hub-signature-256': 'sha1=x' }), { status: 429, json: { code: 'rate_limited' } })
  t.match(await server.inject({ method: 'POST', url: '/webhook', payload: BODY }), { statusCode: 429 })
  t.same(taken, [])
  t.same(forged, Array(5).fill('127.0.0.1'))
  t.equal((await post(server, BODY)).status, 200, 'a good one still gets through')
})

t.test('a signed body that is no delivery is a bad payload', async (t) => {
  const { server, taken } = await open(t)
  for (const body of ['', '{', '[]', '{}', '{"object":"user"}', Buffer.from([0xff, 0xfe, 0x00])]) {
    t.match(
      await post(server, body),
      { status: 400, json: { status: 'error', code: 'invalid_payload' } },
      JSON.stringify(body),
    )
  }
  t.same(taken, [])
})

t.test('a delivery that cannot be recorded is not taken for granted', async (t) => {
  const away = new RouterError('store_unavailable', 'The store is out of reach.')
  const full = new RouterError('store_full', 'Memory is full.')
  for (const [take, status, code] of [
    [() => Promise.reject(away), 503, 'store_unavailable'],
    [
      () => {
        throw full
      },
      503,
      'store_full',
    ],
    [() => Promise.reject(new Error('secret inside')), 500, 'internal_error'],
  ] as const) {
    const { server } = await open(t, take)
    const answer = await post(server, BODY)
    t.match(answer, { status, json: { status: 'error', code } })
    t.notMatch(JSON.stringify(answer.json), 'secret')
  }
})

t.test(
  'a conversation that keeps changing is to come again, under the one code that Meta’s door has for that',
  async (t) => {
    const conflict = new RouterError('conflict', 'kept changing')
    const takes: readonly TakeDelivery[] = [
      () => Promise.reject(conflict),
      () => {
        throw conflict
      },
    ]
    for (const take of takes) {
      const { server } = await open(t, take)
      const headers = { 'x-hub-signature-256': signatureOf(BODY) }
      const response = await server.inject({ method: 'POST', url: '/webhook', headers, payload: BODY })
      t.equal(response.statusCode, 503)
      t.match(response.json(), { code: 'store_unavailable' })
    }
  },
)

t.test('a mebibyte is the most', async (t) => {
  const { server, taken } = await open(t)
  const room = MIB - Buffer.byteLength(BODY)
  t.equal((await post(server, BODY + ' '.repeat(room))).status, 200)
  taken.length = 0
  t.match(await post(server, BODY + ' '.repeat(room + 1)), { status: 413, json: { code: 'payload_too_large' } })
  t.same(taken, [])
})

t.test('a delivery is taken over a real connection', async (t) => {
  const { server, taken } = await open(t)
  await server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.server.address() as AddressInfo

  /** Writes the pieces, each in a packet of its own, and resolves with all that came back. */
  const talk = (pieces: readonly (string | Buffer)[], isBrokenOff = false): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      let answer = ''
      socket.on('data', (data) => {
        answer += String(data)
      })
      socket.on('error', reject)
      socket.on('close', () => resolve(answer))
      const next = (i: number): void => {
        if (i < pieces.length) socket.write(pieces[i]!, () => setImmediate(next, i + 1))
        else if (isBrokenOff) socket.destroy()
      }
      next(0)
    })
  const head = (body: string, ...more: readonly string[]): string =>
    [
      'POST /webhook HTTP/1.1',
      'Host: x',
      'Connection: close',
      `X-Hub-Signature-256: ${signatureOf(body)}`,
      ...more,
    ].join('\r\n')
  const chunk = (data: string): string => `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`

  await t.test('a body may come in many pieces', async (t) => {
    taken.length = 0
    const bytes = Buffer.from(BODY)
    const pieces = [bytes.subarray(0, 7), bytes.subarray(7, 150), bytes.subarray(150)]
    const answer = await talk([`${head(BODY, `Content-Length: ${bytes.length}`)}\r\n\r\n`, ...pieces])
    t.match(answer, /^HTTP\/1.1 200 OK/)
    t.match(taken, [{ items: [{ event: { text: 'سلام' } }] }])
  })

  await t.test('a body may come without its length', async (t) => {
    taken.length = 0
    const answer = await talk([
      `${head(BODY, 'Transfer-Encoding: chunked')}\r\n\r\n`,
      chunk(BODY.slice(0, 30)),
      chunk(BODY.slice(30)),
      '0\r\n\r\n',
    ])
    t.match(answer, /^HTTP\/1.1 200 OK/)
    t.equal(taken.length, 1)
  })

  await t.test('a body that says it is too long is not waited for', async (t) => {
    taken.length = 0
    const answer = await talk([`${head(BODY, `Content-Length: ${MIB + 1}`)}\r\n\r\n`])
    t.match(answer, /^HTTP\/1.1 413 [\s\S]*payload_too_large/)
    t.same(taken, [])
  })

  await t.test('a body that grows too long is cut off', async (t) => {
    taken.length = 0
    const piece = chunk('x'.repeat(MIB / 2))
    const answer = await talk([`${head(BODY, 'Transfer-Encoding: chunked')}\r\n\r\n`, piece, piece, piece, '0\r\n\r\n'])
    t.match(answer, /^HTTP\/1.1 413 [\s\S]*payload_too_large/)
    t.same(taken, [])
  })

  await t.test('a body that breaks off does nothing', async (t) => {
    taken.length = 0
    const brokenOff = new Promise((resolve) => {
      server.server.once('request', (request) => request.once('close', resolve))
    })
    t.equal(
      await talk([`${head(BODY, `Content-Length: ${Buffer.byteLength(BODY)}`)}\r\n\r\n`, BODY.slice(0, 50)], true),
      '',
    )
    await brokenOff
    t.same(taken, [])
  })
})

t.test('a delivery that gets past the hook is a fault, and says so', async (t) => {
  const server = Fastify()
  let handler: ((...parts: never[]) => unknown) | null = null
  server.addHook('onRoute', (route) => {
    if (route.method === 'POST') handler = route.handler
  })
  const { routes } = createWebhook({
    verify: () => true,
    readBody: createReadBody(MIB),
    verifyToken: () => 'verify',
    onlyAccount: () => null,
    traceWebhook: (parent, take) => take(parent),
    refusalOf: () => null,
    meter: { committed: () => {} },
    takeDelivery: () => OK,
    onForged: async () => {},
  })
  await server.register(routes)
  await t.rejects(Promise.resolve(handler!()), { message: /got past the hook/ })
})
