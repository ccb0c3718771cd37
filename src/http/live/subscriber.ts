import { setImmediate as othersFirst } from 'node:timers/promises'
import type { WebSocket } from '@fastify/websocket'
import type { ConversationId } from '../../conversation/ids.js'
import { GAP } from './frame.js'
import type { LivePage, ReadPage } from './missed-entries.js'

/** A WebSocket client (subscriber). Live frames are buffered until its backlog is sent. */
export interface LiveClient {
  /** The conversation that it follows; null for all. */
  readonly id: ConversationId | null
  /** The key of its token, or of the token that its ticket was issued to. */
  readonly key: string
  /**
   * Reads the first page of the backlog before the upgrade, when a wrong cursor can still be answered with an HTTP
   * error.
   */
  prepare(): Promise<void>
  /** Called when the WebSocket is open. */
  attach(socket: WebSocket): void
  /** Delivers a live frame of the feed. */
  take(cursor: string, bytes: Buffer): void
  /** Live frames may have been lost: reads the feed again from the last frame sent. */
  fallBehind(read: ReadPage): void
  /** Pings the client; closes the connection if the last ping was not answered. */
  beat(): void
  close(code: CloseCode, reason: string): void
  /** Terminates the connection without a closing handshake. */
  cutOff(): void
  /** Called when the connection has closed. */
  leave(): void
}

/**
 * 1001: shutting down. 1008: too many messages or a token that is no longer valid. 1013: client or server too slow,
 * reconnect.
 */
export type CloseCode = 1001 | 1008 | 1013

export interface LiveBounds {
  readonly clients: number
  readonly heartbeatMs: number
  /** Bytes buffered for a client that does not read; above this it is disconnected. */
  readonly unsentBytes: number
  readonly messagesPerMinute: number
  /** A client that does not answer the closing handshake is terminated after this time. */
  readonly goodbyeMs: number
  /** The same during a shutdown. */
  readonly shutdownMs: number
}

interface Farewell {
  readonly code: CloseCode
  readonly reason: string
}

const TEXT = { binary: false }
/**
 * Backpressure: above this the backlog is not read on. The feed keeps it, and a slow line is no reason to disconnect.
 */
const PLENTY_BYTES = 256 * 1024
const NOTHING_KNOWN: LivePage = { frames: [], isTooOld: true, next: null }

export function createLiveClient(parts: {
  readonly id: ConversationId | null
  readonly key: string
  readonly after: string | null
  readonly read: ReadPage
  readonly bounds: LiveBounds
  readonly now: () => number
  /** Called once no more frames can be sent to it. */
  readonly onOver: () => void
  readonly onUnreadable: (error: Error) => void
}): LiveClient {
  const { id, key, bounds, now, onOver, onUnreadable } = parts
  let { read } = parts
  let socket: WebSocket | null = null
  /** The cursor of the last frame sent, or the client's starting point. */
  let last = parts.after
  let first: LivePage | null = null
  let isBehind = false
  /** Live frames buffered by cursor; null when nothing is buffered, which needs an open connection. */
  let held: Map<string, Buffer> | null = new Map()
  let heldBytes = 0
  let isOver = false
  let farewell: Farewell | null = null
  let cutOff: NodeJS.Timeout | undefined
  let isAlive = true
  let talk = { since: 0, count: 0 }

  async function catchUp(on: WebSocket, missed: LivePage | null, waiting: Map<string, Buffer>): Promise<void> {
    let page = missed
    while (!isOver) {
      if (page === null && isBehind) {
        isBehind = false
        page = last === null ? NOTHING_KNOWN : await read(id, last)
      }
      if (page !== null) {
        await passPage(on, page, waiting)
        page = null
      } else if (waiting.size > 0) {
        const [cursor, bytes] = waiting.entries().next().value!
        unhold(waiting, cursor)
        await pass(on, cursor, bytes)
      } else {
        held = null
        return
      }
    }
  }

  async function passPage(on: WebSocket, page: LivePage, waiting: Map<string, Buffer>): Promise<void> {
    if (page.isTooOld) {
      await send(on, GAP)
      // The client's cursor is dropped: it may come from an earlier store and sort after every new frame.
      last = null
    }
    for (const { cursor, bytes } of page.frames) {
      unhold(waiting, cursor)
      await pass(on, cursor, bytes)
    }
    if (page.next === null) return
    last = page.next
    isBehind = true
    await othersFirst()
  }

  function unhold(waiting: Map<string, Buffer>, cursor: string): void {
    heldBytes -= waiting.get(cursor)?.length ?? 0
    waiting.delete(cursor)
  }

  function pass(on: WebSocket, cursor: string, bytes: Buffer): Promise<void> | null {
    if (isOld(cursor)) return null
    last = cursor
    return send(on, bytes)
  }

  /**
   * Whether the frame was sent before. In the feed of one conversation cursors only grow; in the feed of all they are
   * not comparable.
   */
  function isOld(cursor: string): boolean {
    return id !== null && last !== null && cursor <= last
  }

  function send(on: WebSocket, bytes: Buffer): Promise<void> | null {
    if (on.bufferedAmount > PLENTY_BYTES) return new Promise((done) => on.send(bytes, TEXT, () => done()))
    on.send(bytes, TEXT)
    return null
  }

  function startCatchingUp(on: WebSocket, missed: LivePage | null, waiting: Map<string, Buffer>): void {
    catchUp(on, missed, waiting).catch((error: Error) => {
      onUnreadable(error)
      close(1013, 'what was missed cannot be read now')
    })
  }

  function close(code: CloseCode, reason: string): void {
    if (isOver) return
    farewell = { code, reason }
    over()
    if (socket !== null) sayGoodbye(socket, farewell)
  }

  function over(): void {
    isOver = true
    held?.clear()
    onOver()
  }

  function sayGoodbye(to: WebSocket, { code, reason }: Farewell): void {
    to.close(code, reason)
    cutOffSoon(to)
  }

  function cutOffSoon(from: WebSocket): void {
    cutOff ??= setTimeout(() => from.terminate(), bounds.goodbyeMs)
  }

  /** Incoming messages have no meaning, but are limited because handling them costs time. */
  function listen(): void {
    const time = now()
    if (time - talk.since >= 60_000) talk = { since: time, count: 0 }
    talk.count += 1
    if (talk.count > bounds.messagesPerMinute) close(1008, 'too many messages')
  }

  return {
    id,
    key,
    async prepare() {
      if (last !== null) first = await read(id, last)
    },
    attach(on) {
      socket = on
      on.on('pong', () => {
        isAlive = true
      })
      on.on('message', listen)
      on.on('ping', listen)
      // The WebSocket library closes the connection with the fitting code by itself.
      on.on('error', () => cutOffSoon(on))
      on.on('close', () => clearTimeout(cutOff))
      if (farewell !== null) sayGoodbye(on, farewell)
      else startCatchingUp(on, first, held!)
      first = null
    },
    take(cursor, bytes) {
      if (held !== null) {
        heldBytes += bytes.length
        held.set(cursor, bytes)
        if (heldBytes > bounds.unsentBytes) close(1013, 'too slow')
      } else if (!isOld(cursor)) {
        last = cursor
        socket!.send(bytes, TEXT)
        if (socket!.bufferedAmount > bounds.unsentBytes) close(1013, 'too slow')
      }
    },
    fallBehind(from) {
      read = from
      isBehind = true
      if (held !== null) return
      held = new Map()
      heldBytes = 0
      startCatchingUp(socket!, null, held)
    },
    beat() {
      if (socket === null || isOver) return
      if (!isAlive) return socket.terminate()
      isAlive = false
      socket.ping()
    },
    close,
    cutOff() {
      socket?.terminate()
    },
    leave() {
      if (!isOver) over()
    },
  }
}
