import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createConnections } from '../../../src/http/edge/connections.js'
import { until } from '../../fixtures/shop.js'

async function open(t: Test, most: number, mostBytesBegun?: number) {
  const answers: (() => void)[] = []
  const server = createServer((request, response) => {
    if (request.url === '/slow') answers.push(() => response.end('slow'))
    else if (request.method === 'POST') request.resume().on('end', () => response.end('post'))
    else response.end('quick')
  })
  const connections = createConnections(server, most, mostBytesBegun)
  let sockets = 0
  server.on('connection', () => {
    sockets += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const clients: Socket[] = []
  t.teardown(() => {
    for (const client of clients) client.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    server,
    connections,
    answers,
    async connect(text?: string) {
      const before = sockets
      const client = connect(port, '127.0.0.1')
      clients.push(client)
      client.on('error', () => {})
      let isClosed = false
      client.once('close', () => {
        isClosed = true
      })
      let heard = ''
      client.on('data', (chunk) => {
        heard += chunk
      })
      await once(client, 'connect')
      await until(() => sockets > before)
      if (text !== undefined) client.write(text)
      return { client, isClosed: () => isClosed, heard: () => heard }
    },
  }
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
const HALF_BODY = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab'

t.test('above the bound the connection longest without a whole request is closed', async (t) => {
  const { connect, answers } = await open(t, 4)
  const slow = await connect(get('/slow'))
  await until(() => answers.length === 1)
  const silent = await connect()
  const used = await connect(get('/'))
  await until(() => used.heard() !== '')
  const half = await connect(HALF_BODY)
  await new Promise((resolve) => setTimeout(resolve, 20))

  const fifth = await connect(get('/'))
  await until(() => silent.isClosed())
  await until(() => fifth.heard() !== '')
  await connect()
  await until(() => used.isClosed())
  await connect()
  await until(() => half.isClosed())
  t.notOk(slow.isClosed())
  answers[0]!()
  await until(() => slow.heard().endsWith('slow'))
})

t.test('when all connections have a request under way the new one is closed', async (t) => {
  const { connect, answers } = await open(t, 2)
  const busy = [await connect(get('/slow')), await connect(get('/slow'))]
  await until(() => answers.length === 2)
  const late = await connect(get('/'))
  await until(() => late.isClosed())
  t.notOk(busy.some((each) => each.isClosed()))
})

t.test('of the beginnings of first requests that are too many bytes together the oldest go', async (t) => {
  const { connect, answers } = await open(t, 10, 25_000)
  const begun = `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(10_000)}`
  const silent = await connect()
  const slow = await connect(get('/slow'))
  await until(() => answers.length === 1)
  const oldest = await connect(begun)
  const others = [await connect(begun), await connect(get('/quick')), await connect(begun)]
  await until(() => oldest.isClosed())
  await sleep(300)
  t.same(
    [silent, slow, ...others].map(({ isClosed }) => isClosed()),
    [false, false, false, false, false],
  )
  answers[0]!()
  await until(() => slow.heard().endsWith('slow'))
  others[0]!.client.write('\r\n\r\n')
  await until(() => others[0]!.heard().endsWith('quick'))
})

t.test('waiting connections can be closed without touching the others', async (t) => {
  const { connect, answers, connections } = await open(t, 100)
  const slow = await connect(get('/slow'))
  await until(() => answers.length === 1)
  const others = [await connect(), await connect('GET / HT'), await connect(HALF_BODY), await connect(get('/'))]
  await until(() => others[3]!.heard() !== '')
  connections.closeWaiting({ halfRequests: false })
  await until(() => others.filter((each) => each.isClosed()).length === 2)
  t.notOk(others[1]!.isClosed(), 'half a header')
  t.notOk(others[2]!.isClosed(), 'half a body')
  connections.closeWaiting({ halfRequests: true })
  await until(() => others.every((each) => each.isClosed()))
  t.notOk(slow.isClosed())
  answers[0]!()
  await until(() => slow.heard().endsWith('slow'))
})

t.test('the pending response of a connection is known, and a released one is forgotten', async (t) => {
  const { connect, answers, connections, server } = await open(t, 100)
  const accepted = once(server, 'connection')
  const { heard, isClosed } = await connect(get('/slow'))
  const [socket] = await accepted
  await until(() => answers.length === 1)
  t.ok(connections.pending(socket))
  server.emit('connection', socket)
  t.ok(connections.pending(socket), 'a socket that is given back is the one that it was')
  answers[0]!()
  await until(() => heard() !== '')
  t.equal(connections.pending(socket), null)
  connections.release(socket)
  t.equal(connections.pending(socket), null)
  connections.closeWaiting({ halfRequests: true })
  await new Promise((resolve) => setTimeout(resolve, 20))
  t.notOk(isClosed())
})

t.test('a request over a socket that is not counted any more is not followed', async (t) => {
  const { server, connections } = await open(t, 4)
  const socket = new Socket()
  const response = { writableFinished: false } as ServerResponse
  const [follow] = server.listeners('request') as ((request: object, response: object) => void)[]
  follow!({ socket }, response)
  t.equal(connections.pending(socket), null)
})
