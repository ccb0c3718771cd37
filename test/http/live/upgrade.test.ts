import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { createConnections } from '../../../src/http/edge/connections.js'
import { upgradesAt } from '../../../src/http/live/upgrade.js'
import { startApp } from '../../fixtures/app.js'
import { startLive } from '../../fixtures/live.js'
import { API_TOKEN } from '../../fixtures/settings.js'

/** All that comes back for what is written, until the server ends it. */
async function talk(port: number, ...pieces: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const closed = once(socket, 'close')
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
  })
  for (const piece of pieces) {
    socket.write(piece)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await closed
  return text
}

/** Answers after a while what it was asked for. */
async function startSlow(t: Test) {
  const app = Fastify()
  app.get('/slow', async ({ url }) => new Promise((resolve) => setTimeout(resolve, 50, { url })))
  app.post('/echo', async ({ body }) => body)
  upgradesAt(app.server, '/ws', createConnections(app.server, 100))
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  return { app, port: (app.server.address() as AddressInfo).port }
}

const head = (first: string, ...more: readonly string[]) => `${[first, 'Host: x', ...more].join('\r\n')}\r\n\r\n`
const OFFER = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']
const BODY = '{"hello":"world"}'

t.test('a request that offers HTTP/2 is answered as what it is, its body however it comes', async (t) => {
  const { port } = await startLive(t)
  const post = head('POST /echo HTTP/1.1', ...OFFER, 'Content-Type: application/json', `Content-Length: ${BODY.length}`)
  const last = head('GET /nothing HTTP/1.1', 'Connection: close')
  for (const pieces of [
    [post + BODY, last],
    [post, BODY, last],
    [post, BODY.slice(0, 3), BODY.slice(3), last],
    [post + BODY, post + BODY, last],
  ]) {
    const answer = await talk(port, ...pieces)
    t.equal(answer.split(BODY).length - 1, pieces.join('').split(post).length - 1)
    t.match(answer, /^HTTP\/1\.1 200 OK/)
    t.match(answer, /HTTP\/1\.1 404 Not Found/, 'and the connection goes on')
  }
})

t.test('a WebSocket that is offered elsewhere, or by another method, is no WebSocket', async (t) => {
  const { port } = await startLive(t)
  const handshake = [
    `Authorization: Bearer ${API_TOKEN}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  const last = head('GET /nothing HTTP/1.1', 'Connection: close')
  t.match(await talk(port, head('GET /echo HTTP/1.1', ...handshake), last), /^HTTP\/1\.1 404/)
  t.match(await talk(port, head('POST /ws HTTP/1.1', ...handshake, 'Content-Length: 0'), last), /^HTTP\/1\.1 404/)
  t.match(await talk(port, head('GET /ws/ HTTP/1.1', ...handshake), last), /^HTTP\/1\.1 404/)
  t.match(await talk(port, head('GET /ws HTTP/1.1', ...handshake.slice(0, 2), 'Upgrade: h2c'), last), /^HTTP\/1\.1 400/)
  const socket = connect(port, '127.0.0.1')
  socket.write(head('GET /ws?x=1 HTTP/1.1', ...handshake.slice(0, 2), 'Upgrade: WebSocket', ...handshake.slice(3)))
  const [chunk] = await once(socket, 'data')
  t.match(String(chunk), /^HTTP\/1\.1 101/)
  socket.destroy()
})

t.test('an offer with more headers than Node counts by itself loses none', async (t) => {
  const app = await startApp(t)
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.server.address() as AddressInfo
  const many = Array.from({ length: 1_100 }, (_, i) => `X-${i}: 1`)
  const smuggled = head('GET /health HTTP/1.1')
  const offer = head('POST /nothing HTTP/1.1', ...OFFER, ...many, `Content-Length: ${smuggled.length}`)
  const answer = await talk(port, offer + smuggled, head('GET /other HTTP/1.1', 'Connection: close'))
  t.equal(answer.match(/HTTP\/1\.1 \d+/g)?.join(), 'HTTP/1.1 404,HTTP/1.1 404', 'its body is no request')
})

t.test('an offer behind a request that is still being answered waits for that, and is answered', async (t) => {
  const { port, app } = await startSlow(t)
  const offer = head(
    'POST /echo HTTP/1.1',
    ...OFFER,
    'Content-Type: application/json',
    `Content-Length: ${BODY.length}`,
  )
  const last = head('GET /slow?last HTTP/1.1', 'Connection: close')
  const answer = await talk(port, head('GET /slow?first HTTP/1.1') + offer + BODY + last)
  t.match(answer, /^HTTP\/1\.1 200[\s\S]*?first[\s\S]*?HTTP\/1\.1 200[\s\S]*?hello[\s\S]*?HTTP\/1\.1 200[\s\S]*?last/)
  const gone = connect(port, '127.0.0.1')
  const asked = once(app.server, 'upgrade')
  gone.write(head('GET /slow?gone HTTP/1.1') + offer)
  await asked
  gone.resetAndDestroy()
  t.match(await talk(port, last), /^HTTP\/1\.1 200/)
})
