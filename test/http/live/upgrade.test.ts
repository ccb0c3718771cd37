import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
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
