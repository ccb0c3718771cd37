import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/**
 * The open connections, the one that has been without a whole request for longest first. Above the bound that one is
 * closed for a new one: connections that only wait, on purpose or not, keep nobody out.
 */
export interface Connections {
  /** The answer to the request that came last over it, null where there is none or it is sent. */
  pending(socket: Duplex): ServerResponse | null
  /** It is a WebSocket now, and counted elsewhere. */
  release(socket: Duplex): void
  /** Closes those that are idle or were never used; with `halfRequests` also those that have sent half a request. */
  closeWaiting(which: { readonly halfRequests: boolean }): void
}

export function createConnections(server: Server, most: number): Connections {
  const latest = new Map<Duplex, ServerResponse | null>()

  server.on('connection', (socket: Socket) => {
    // A socket that was given back after an offer to upgrade comes a second time.
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
