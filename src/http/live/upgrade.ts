import { EventEmitter } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Connections } from '../edge/connections.js'

/**
 * With an `upgrade` listener Node passes on every request that offers an upgrade, and does not read its body. Some
 * HTTP clients offer HTTP/2 with every request. Everything but a WebSocket at this path is therefore returned to the
 * server without the offer. Emits the WebSockets.
 */
export function upgradesAt(server: Server, path: string, connections: Connections): EventEmitter {
  const upgrades = new EventEmitter()

  function take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const isHere = request.url!.split('?', 1)[0] === path
    if (isHere && request.method === 'GET' && /^websocket$/i.test(request.headers.upgrade!)) {
      connections.release(socket)
      upgrades.emit('upgrade', request, socket, head)
      return
    }
    socket.unshift(Buffer.concat([withoutOffer(request), head]))
    server.emit('connection', socket)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const before = connections.pending(socket)
    if (before === null) {
      take(request, socket, head)
      return
    }
    // Earlier requests of the connection may still be under way. The socket is returned only after their answers, since
    // Node would never send an answer that follows them. Until then Node has no listener on the socket, and an
    // unhandled error would end the process.
    const onError = () => socket.destroy()
    socket.on('error', onError)
    before.once('close', () => {
      if (socket.destroyed) return
      socket.off('error', onError)
      take(request, socket, head)
    })
  })
  return upgrades
}

function withoutOffer({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!/^upgrade$/i.test(rawHeaders[i]!)) text += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`
  }
  // The encoding in which Node read the headers.
  return Buffer.from(`${text}\r\n`, 'latin1')
}
