import { EventEmitter } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Connections } from '../edge/connections.js'

/**
 * Once somebody listens for upgrades Node hands over every request that offers one, and does not read its body. Some
 * HTTP clients offer HTTP/2 with each request they make, and nobody has to take an offer: all but a WebSocket at
 * this path goes back to the server, without the offer. What is emitted here are the WebSockets.
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
    // Requests before it on the connection are still being answered. Two answers must not mix, and Node would never
    // send the answer to a request that it got from a connection given back while another answer is under way.
    // Node listens to the socket no more, and an error that nobody listens to would end the process.
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
  // As Node read it.
  return Buffer.from(`${text}\r\n`, 'latin1')
}
