import { type AddressInfo, connect } from 'node:net'
import t from 'tap'
import { startApp } from '../fixtures/app.js'

t.test('the time limits are what the documents say, looked after every second', async (t) => {
  const { server } = (await startApp(t)).server
  t.match(server, { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 75_000, maxHeadersCount: 0 })
})

t.test('MAX_CONNECTIONS is the bound on connections', async (t) => {
  const app = await startApp(t, { MAX_CONNECTIONS: '10' })
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.server.address() as AddressInfo
  let closed = 0
  const sockets = Array.from({ length: 12 }, () => connect(port, '127.0.0.1').on('close', () => closed++))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
  })
  while (closed < 2) await new Promise((resolve) => setTimeout(resolve, 10))
  const answer = await fetch(`http://127.0.0.1:${port}/health`)
  t.equal(answer.status, 200)
})

t.test('a request id is ours, or the caller’s where it may stand in a log', async (t) => {
  const app = await startApp(t)
  const idWith = async (given?: string) => {
    const { headers } = await app.call(
      '/api/channels',
      given === undefined ? {} : { headers: { 'x-request-id': given } },
    )
    return headers['x-request-id'] as string
  }
  t.match(await idWith(), /^[0-9a-z]{1,6}-[0-9a-z]+$/)
  t.not(await idWith(), await idWith())
  t.equal(await idWith('trace:1.2_3-4'), 'trace:1.2_3-4')
  for (const bad of ['', 'x'.repeat(129), 'a b', '<b>']) t.match(await idWith(bad), /^[0-9a-z]{1,6}-[0-9a-z]+$/)
})
