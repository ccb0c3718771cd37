import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createPoster } from '../../src/notify/post.js'
import { keyOf } from '../../src/notify/sign.js'
import type { Target } from '../../src/notify/targets.js'
import { NOTIFY_SECRET, startReceiver } from '../fixtures/receiver.js'

const targetAt = (url: string): Target => ({
  name: 'global',
  url,
  host: new URL(url).host,
  key: keyOf(NOTIFY_SECRET),
  events: new Set(),
})

function posterFor(t: Test, timeoutMs = 10_000) {
  const poster = createPoster({ version: '1.2.3', timeoutMs })
  t.teardown(() => poster.close())
  return poster
}

t.test('a posted notification is signed and names its type', async (t) => {
  const receiver = await startReceiver(t)
  const poster = posterFor(t)
  t.strictSame(await poster.post(targetAt(receiver.url), 'msg_1', '{"a":"ب"}', Date.now()), { is: 'delivered' })
  const [taken] = receiver.taken
  t.match(taken, { id: 'msg_1', path: '/hook?token=hidden-token', event: { a: 'ب' } })
  t.match(taken!.headers, { 'content-type': 'application/json', 'user-agent': 'message-router/1.2.3' })
})

t.test('any 2xx is a success, 410 ends the target, and every other status is a failure', async (t) => {
  const receiver = await startReceiver(t)
  const poster = posterFor(t)
  for (const [status, outcome] of [
    [200, { is: 'delivered' }],
    [202, { is: 'delivered' }],
    [299, { is: 'delivered' }],
    [301, { is: 'failed', code: '301' }],
    [400, { is: 'failed', code: '400' }],
    [410, { is: 'gone' }],
    [429, { is: 'failed', code: '429' }],
    [503, { is: 'failed', code: '503' }],
  ] as const) {
    receiver.answer(status)
    t.strictSame(await poster.post(targetAt(receiver.url), 'msg_1', '{}', Date.now()), outcome)
  }
})

t.test('a redirect is not followed', async (t) => {
  const elsewhere = await startReceiver(t)
  const receiver = await startReceiver(t)
  receiver.answer((_request, response) => void response.writeHead(307, { location: elsewhere.url }).end())
  t.match(await posterFor(t).post(targetAt(receiver.url), 'msg_1', '{}', Date.now()), { is: 'failed', code: '307' })
  t.strictSame(elsewhere.requests, [])
})

t.test('a refused and a broken connection are failures with a code', async (t) => {
  const receiver = await startReceiver(t)
  const poster = posterFor(t)
  receiver.answer((_request, response) => response.destroy())
  t.match(await poster.post(targetAt(receiver.url), 'msg_1', '{}', Date.now()), {
    is: 'failed',
    code: 'UND_ERR_SOCKET',
  })
  await receiver.kill()
  t.match(await poster.post(targetAt(receiver.url), 'msg_1', '{}', Date.now()), { is: 'failed', code: 'ECONNREFUSED' })
})

t.test('a receiver that never answers is given up in time', async (t) => {
  const receiver = await startReceiver(t)
  receiver.answer(() => {})
  const outcome = await posterFor(t, 50).post(targetAt(receiver.url), 'msg_1', '{}', Date.now())
  t.strictSame(outcome, { is: 'failed', code: 'TimeoutError' })
})

t.test('only a little of an endless response is read, and its status counts', async (t) => {
  const { url, bytes } = await endless(t)
  const poster = posterFor(t, 2_000)
  t.strictSame(await poster.post(targetAt(url), 'msg_1', '{}', Date.now()), { is: 'delivered' })
  t.ok(bytes() < 4 * 1024 * 1024, `${bytes()} bytes`)
})

t.test('a response that trickles in is not waited for longer than the whole time-out', async (t) => {
  const receiver = await startReceiver(t)
  receiver.answer((_request, response) => void response.writeHead(200).write('.'))
  t.strictSame(await posterFor(t, 50).post(targetAt(receiver.url), 'msg_1', '{}', Date.now()), { is: 'delivered' })
})

async function endless(t: Test) {
  let written = 0
  const pour = (response: ServerResponse): void => {
    if (response.destroyed) return
    const piece = Buffer.alloc(64 * 1024)
    written += piece.length
    if (response.write(piece)) setImmediate(pour, response)
    else response.once('drain', () => pour(response))
  }
  const server = createServer((request, response) => {
    request.resume()
    response.on('error', () => {})
    response.writeHead(200)
    pour(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, bytes: () => written }
}
