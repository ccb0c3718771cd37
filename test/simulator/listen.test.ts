import { once } from 'node:events'
import { Agent, get, request as open } from 'node:http'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { answerJson, type Handle, type Listener, listen, type Received } from '../../src/simulator/listen.js'

async function started(t: Pick<Test, 'teardown'>, handle: Handle): Promise<Listener> {
  const listener = await listen(0, handle)
  t.teardown(listener.close)
  return listener
}

t.test('a request is handed over whole', async (t) => {
  const seen: Received[] = []
  const { origin } = await started(t, async (received, response) => {
    seen.push(received)
    answerJson(response, 201, { a: 1 }, { 'x-b': '2' })
  })
  for (const [body, expected] of [
    ['{"x":1}', { x: 1 }],
    ['no json', 'no json'],
    ['', null],
  ] as const) {
    const response = await fetch(`${origin}/p?q=1`, { method: 'POST', body })
    t.equal(response.status, 201)
    t.equal(response.headers.get('x-b'), '2')
    t.strictSame(await response.json(), { a: 1 })
    const received = seen.pop()!
    t.match(received, { method: 'POST', path: '/p', query: { q: '1' }, headers: { connection: 'keep-alive' } })
    t.strictSame(received.body, expected)
  }
})

t.test('a handler that fails is told of in a 500', async (t) => {
  const { origin } = await started(t, async () => {
    throw new Error('oh')
  })
  const response = await fetch(origin)
  t.equal(response.status, 500)
  t.strictSame(await response.json(), { error: 'Error: oh' })
})

t.test('a client that goes in the middle of its body harms nobody', async (t) => {
  const { origin } = await started(t, async (_, response) => answerJson(response, 200, {}))
  const request = open(origin, { method: 'POST', headers: { 'content-length': '10' } })
  request.on('error', () => {})
  request.write('half')
  await once(request, 'socket')
  await new Promise((resolve) => request.socket!.once('connect', resolve))
  request.destroy()
  t.equal((await fetch(origin)).status, 200)
})

t.test('a server refuses connections until told otherwise, kept ones too', async (t) => {
  const listener = await started(t, async ({ path }, response) => {
    if (path === '/refuse') listener.refuse({})
    answerJson(response, 200, {})
  })
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => agent.destroy())
  const [response] = await once(get(`${listener.origin}/refuse`, { agent }), 'response')
  response.resume()
  await once(response.socket, 'close')
  await t.rejects(fetch(listener.origin), { cause: { code: 'ECONNREFUSED' } })
  await listener.accept()
  await listener.accept()
  t.equal((await fetch(listener.origin)).status, 200)
})

t.test('a server can refuse connections for a time', async (t) => {
  const listener = await started(t, async (_, response) => answerJson(response, 200, {}))
  listener.refuse({ forMs: 5 })
  await t.rejects(fetch(listener.origin))
  const { port, hostname } = new URL(listener.origin)
  let isBack = false
  while (!isBack) {
    const socket = connect(Number(port), hostname)
    isBack = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
  }
  t.equal((await fetch(listener.origin)).status, 200)
})

t.test('a server may be closed while it refuses connections', async (t) => {
  const listener = await listen(0, async () => {})
  listener.refuse({ forMs: 60_000 })
  await t.resolves(listener.close())
})
