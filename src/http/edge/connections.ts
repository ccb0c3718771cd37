import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/**
 * The open connections, ordered by the time of their last whole request. Above the bound the one that has been
 * without a request for longest is closed for a new one, so that idle connections cannot exhaust the server.
 */
export interface Connections {
  /** The response to the connection's latest request; null when it has been sent, or there was none. */
  pending(socket: Duplex): ServerResponse | null
  /** The connection became a WebSocket, which is counted elsewhere. */
  release(socket: Duplex): void
  /** Closes idle and unused connections; with `halfRequests` also those that have sent a part of a request. */
  closeWaiting(which: { readonly halfRequests: boolean }): void
}

export function createConnections(server: Server, most: number): Connections {
  const latest = new Map<Duplex, ServerResponse | null>()

  server.on('connection', (socket: Socket) => {
    // A socket that was returned to the server after an upgrade offer is announced again.
    if (latest.has(socket)) return
    if (latest.size >= most) makeRoomFor(socket)
    if (socket.destroyed) return
    latest.set(socket, null)
    socket.once('close', () => latest.delete(socket))
  })
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!latest.delete(request.socket)) return
    latest.set(request.socket, response)
  })

  function makeRoomFor(newcomer: Socket): void {
    for (const [socket, response] of latest) {
      if (!isWaiting(response)) continue
      latest.delete(socket)
      socket.destroy()
      return
    }
    newcomer.destroy()
  }

  return {
    pending(socket) {
      const response = latest.get(socket) ?? null
      return response === null || response.writableFinished ? null : response
    },
    release(socket) {
      latest.delete(socket)
    },
    closeWaiting({ halfRequests }) {
      for (const [socket, response] of latest) {
        const isIdle = response === null ? (socket as Socket).bytesRead === 0 : response.writableFinished
        if (isIdle || (halfRequests && isWaiting(response))) socket.destroy()
      }
    },
  }
}

function isWaiting(response: ServerResponse | null): boolean {
  return response === null || response.writableFinished || !response.req.complete
}
