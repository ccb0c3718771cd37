import { once } from 'node:events'
import t, { type Test } from 'tap'
import { Agent } from 'undici'
import type { Assistant } from '../../src/conversation/channel.js'
import { askDify, type Request } from '../../src/dify/dify-request.js'
import type { Exchange } from '../../src/exchange.js'
import { assistantAt, closed, pretend } from './server.js'

function exchanged(t: Test, assistant: Assistant, request: Partial<Request> = {}) {
  const agent = new Agent()
  t.teardown(() => agent.destroy())
  const heard: (string | number)[] = []
  let open: Exchange | null = null
  const over = new Promise<void>((resolve) => {
    open = askDify(
      agent,
      assistant,
      { method: 'POST', path: '/things', body: { a: 1 }, ...request },
      {
        onHead: (status) => void heard.push(status),
        onData: (chunk) => void heard.push(chunk.toString()),
        onEnd() {
          heard.push('end')
          resolve()
        },
        onFailure(error, isSent) {
          heard.push((error as Error & { code: string }).code, isSent ? 'sent' : 'not sent')
          resolve()
        },
      },
    )
  })
  return { heard, over, open: open as unknown as Exchange }
}

t.test('a request goes below the address of the assistant, with its key', async (t) => {
  const { origin, asked } = await pretend(t, (_, response) => response.end('hi'))
  for (const url of [`${origin}/v1`, `${origin}/v1/`, origin]) {
    const { over, heard, open } = exchanged(t, assistantAt(url, 'chat'))
    await over
    t.same(heard, [200, 'hi', 'end'])
    t.ok(open.isSent)
  }
  await exchanged(t, assistantAt(origin, 'chat'), { method: 'GET', body: null }).over
  t.same(
    asked.map(({ method, url, body }) => [method, url, body]),
    [
      ['POST', '/v1/things', { a: 1 }],
      ['POST', '/v1/things', { a: 1 }],
      ['POST', '/things', { a: 1 }],
      ['GET', '/things', null],
    ],
  )
  t.equal(asked[0]!.headers.authorization, 'Bearer app-key')
  t.equal(asked[0]!.headers['content-type'], 'application/json')
  t.equal(asked[3]!.headers['content-type'], undefined)
  const bytes = Buffer.from('{"b":2}')
  await exchanged(t, assistantAt(origin, 'chat'), { body: { type: 'audio/mp4', bytes } }).over
  t.equal(asked[4]!.headers['content-type'], 'audio/mp4')
  t.same(asked[4]!.body, { b: 2 })
})

t.test('an informational response is not taken for the answer', async (t) => {
  const { assistant } = await pretend(t, (_, response) => {
    response.writeEarlyHints({ link: '</x>; rel=preload' })
    response.end('hi')
  })
  const { over, heard } = exchanged(t, assistant('chat'))
  await over
  t.same(heard, [200, 'hi', 'end'])
})

t.test('a redirect is not followed', async (t) => {
  const { assistant, asked } = await pretend(t, (_, response) => response.writeHead(307, { location: '/else' }).end())
  const { over, heard } = exchanged(t, assistant('chat'))
  await over
  t.same(heard, [307, 'end'])
  t.equal(asked.length, 1)
})

t.test('a failure tells whether the request may have left', async (t) => {
  const { server, assistant, origin } = await pretend(t, (_, response) => response.destroy())
  const cut = exchanged(t, assistant('chat'))
  await cut.over
  t.same(cut.heard, ['UND_ERR_SOCKET', 'sent'])

  const unsayable = exchanged(t, assistantAt(origin, 'chat', 'two\nlines'))
  await unsayable.over
  t.same(unsayable.heard, ['UND_ERR_INVALID_ARG', 'not sent'])
  t.notOk(unsayable.open.isSent)

  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  const refused = exchanged(t, assistant('chat'))
  await refused.over
  t.same(refused.heard, ['ECONNREFUSED', 'not sent'])
})

t.test('a request that is closed before it was written is never written', async (t) => {
  const { assistant, asked, server } = await pretend(t, (_, response) => response.end('hi'))
  const connected = once(server, 'connection')
  const { heard, open } = exchanged(t, assistant('chat'))
  open.close()
  const [socket] = await connected
  await closed(socket.resume())
  t.same(asked, [])
  t.same(heard, [])
})

t.test('closing a request under way ends its connection and its callbacks', async (t) => {
  const { assistant, has, sockets } = await pretend(t, (_, response) => response.write('hi'))
  const { heard, open } = exchanged(t, assistant('chat'))
  await has('/things')
  const [socket] = sockets
  open.close()
  open.close()
  await closed(socket!)
  t.same(heard, [])
})

t.test('a request with a trace hands it on, and one without has no such header', async (t) => {
  const { origin, asked } = await pretend(t, (_, response) => response.end())
  for (const traceparent of ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', null, undefined]) {
    await exchanged(t, assistantAt(origin, 'chat'), { traceparent }).over
    t.equal(asked.at(-1)?.headers['traceparent'], traceparent ?? undefined)
  }
})

t.test('whether a request may be written is asked once the connection is open', async (t) => {
  const { assistant, asked, sockets } = await pretend(t, (_, response) => response.end('hi'))
  let isConnected = false
  const mayLeave = (): boolean => {
    isConnected = sockets.size > 0
    return false
  }
  const { heard, over, open } = exchanged(t, assistant('chat'), { mayLeave })
  await over
  t.ok(isConnected)
  t.equal(heard.at(-1), 'not sent')
  t.equal(open.isSent, false)
  t.same(asked, [])
})

t.test('a request has only what Dify’s database takes', async (t) => {
  const { origin, asked } = await pretend(t, (_, response) => response.end('hi'))
  const body = { query: 'a\0b \ud83d 😀', inputs: { name: '\udc00', count: 1 } }
  await exchanged(t, assistantAt(origin, 'chat'), { body }).over
  t.same(asked[0]!.body, { query: 'ab \ufffd 😀', inputs: { name: '\ufffd', count: 1 } })
})
