import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { WebSocketServer } from 'ws'
import { refusedUpgrade } from '../../src/cli/refused-upgrade.js'

async function listening(t: Test, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
const ask = (url: string) => refusedUpgrade(url, 'x', AbortSignal.timeout(10_000))

t.test('the answer that refuses a WebSocket is read, as far as it comes', async (t) => {
  const server = createServer()
  server.on('upgrade', ({ url, headers }, socket) => {
    if (url === '/broken') socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 100\r\n\r\nhal')
    else socket.end(`HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n${headers.authorization}`)
  })
  const at = await listening(t, server)
  t.same(await ask(`http://${at}/ws`), { status: 403, body: 'Bearer x' })
  t.same(await ask(`http://${at}/broken`), { status: 404, body: '' })
})

t.test('one that is opened, or that nobody answers, is not refused', async (t) => {
  const server = createServer()
  new WebSocketServer({ server })
  const at = await listening(t, server)
  t.equal(await ask(`http://${at}/ws`), null)
  t.equal(await ask(`https://${at}/ws`), null, 'no TLS is spoken there')
  t.equal(await refusedUpgrade(`http://${at}/ws`, 'x', AbortSignal.abort()), null)
})
