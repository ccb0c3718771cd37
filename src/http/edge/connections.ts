import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/**
 * The open connections, ordered by the time of their last whole request. Above the bound the one that has been
 * without a request for longest is closed for a new one, so that idle connections cannot exhaust the server. So are the
 * oldest of those that have only sent the beginning of their first request, where these are too many bytes together.
 */
export interface Connections {
  /** The response to the connection's latest request; null when it has been sent, or there was none. */
  pending(socket: Duplex): ServerResponse | null
  /** The connection became a WebSocket, which is counted elsewhere. */
  release(socket: Duplex): void
  /** Closes idle and unused connections; with `halfRequests` also those that have sent a part of a request. */
  closeWaiting(which: { readonly halfRequests: boolean }): void
}

/** A connection in the list, which is in the order of the last whole request. */
interface Connection {
  readonly socket: Duplex
  /** See `pending`. */
  response: ServerResponse | null
  before: Connection | null
  after: Connection | null
}

/** Node.js keeps the beginnings of headers in memory. Those of an honest sender are whole within moments. */
const MOST_BYTES_BEGUN = 32 * 1024 * 1024
const LOOK_AT_BEGUN_EVERY_MS = 100

export function createConnections(server: Server, most: number, mostBytesBegun = MOST_BYTES_BEGUN): Connections {
  // The order is a list of links: moving a connection to the end of a Map with each request would rebuild the Map's
  // table every few requests, and a dead table in the old generation keeps the next one alive with all its responses
  // until the next full collection.
  const open = new Map<Duplex, Connection>()
  let first: Connection | null = null
  let last: Connection | null = null

  function append(connection: Connection): void {
    connection.before = last
    connection.after = null
    if (last === null) first = connection
    else last.after = connection
    last = connection
  }

  function unlink({ before, after }: Connection): void {
    if (before === null) first = after
    else before.after = after
    if (after === null) last = before
    else after.before = before
  }

  function forget(socket: Duplex): void {
    const connection = open.get(socket)
    if (connection === undefined) return
    open.delete(socket)
    unlink(connection)
  }

  server.on('connection', (socket: Socket) => {
    // A socket that was returned to the server after an upgrade offer is announced again.
    if (open.has(socket)) return
    if (open.size >= most) makeRoomFor(socket)
    if (socket.destroyed) return
    const connection: Connection = { socket, response: null, before: null, after: null }
    open.set(socket, connection)
    append(connection)
    socket.once('close', () => forget(socket))
  })
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const connection = open.get(request.socket)
    if (connection === undefined) return
    connection.response = response
    if (connection === last) return
    unlink(connection)
    append(connection)
  })

  const looking = setInterval(closeBegun, LOOK_AT_BEGUN_EVERY_MS).unref()
  server.once('close', () => clearInterval(looking))

  function closeBegun(): void {
    let bytes = 0
    for (let each = first; each !== null; each = each.after) bytes += bytesBegun(each)
    for (let each = first; each !== null && bytes > mostBytesBegun; each = each.after) {
      const begun = bytesBegun(each)
      if (begun > 0) each.socket.destroy()
      bytes -= begun
    }
  }

  function makeRoomFor(newcomer: Socket): void {
    for (let each = first; each !== null; each = each.after) {
      if (!isWaiting(each.response)) continue
      forget(each.socket)
      each.socket.destroy()
      return
    }
    newcomer.destroy()
  }

  return {
    pending(socket) {
      const response = open.get(socket)?.response ?? null
      return response === null || response.writableFinished ? null : response
    },
    release: forget,
    closeWaiting({ halfRequests }) {
      for (const { socket, response } of open.values()) {
        const isIdle = response === null ? (socket as Socket).bytesRead === 0 : response.writableFinished
        if (isIdle || (halfRequests && isWaiting(response))) socket.destroy()
      }
    },
  }
}

/** Of a first request that is not whole. */
function bytesBegun({ socket, response }: Connection): number {
  return response === null ? (socket as Socket).bytesRead : 0
}

function isWaiting(response: ServerResponse | null): boolean {
  return response === null || response.writableFinished || !response.req.complete
}
