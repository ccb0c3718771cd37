import { setImmediate as othersFirst } from 'node:timers/promises'
import type { WebSocket } from '@fastify/websocket'
import type { ConversationId } from '../../conversation/ids.js'
import type { LivePage, ReadPage } from './backlog.js'
import { GAP } from './frame.js'

/** One who looks on. What is live is held back until everything before it is sent. */
export interface LiveClient {
  /** Null: all conversations. */
  readonly id: ConversationId | null
  /** Of the token that opened it, or that its ticket was given to. */
  readonly key: string
  /** Reads the first of what was missed, while a wrong cursor can still be answered as an error. */
  prepare(): Promise<void>
  /** The connection is there. */
  attach(socket: WebSocket): void
  /** A frame of the feed, live. */
  take(cursor: string, bytes: Buffer): void
  /** Live frames may have been missed: from the last one on it is read. */
  fallBehind(read: ReadPage): void
  /** Asks whether it is still there; ends it where it did not answer the last time. */
  beat(): void
  close(code: CloseCode, reason: string): void
  /** Without waiting for it to answer. */
  cutOff(): void
  /** The connection is not there any more. */
  leave(): void
}

/** Going away, too much talk or a token that is not good any more, too slow (or we are): come again. */
export type CloseCode = 1001 | 1008 | 1013

export interface LiveBounds {
  readonly clients: number
  readonly heartbeatMs: number
  /** What a client leaves unread is held for it up to here. */
  readonly unsentBytes: number
  readonly messagesPerMinute: number
  /** A client that is told to go and does not is cut off after that; */
  readonly goodbyeMs: number
  /** after that when all have to go. */
  readonly shutdownMs: number
}

interface Farewell {
  readonly code: CloseCode
  readonly reason: string
}

const TEXT = { binary: false }
/** With so much under way what was missed waits: it is the feed's to hold, and a slow line should not be cut for it. */
const PLENTY_BYTES = 256 * 1024
const NOTHING_KNOWN: LivePage = { frames: [], isTooOld: true, next: null }

export function createLiveClient(parts: {
  readonly id: ConversationId | null
  readonly key: string
  readonly after: string | null
  readonly read: ReadPage
  readonly bounds: LiveBounds
  readonly now: () => number
  /** It takes no more frames. */
  readonly onOver: () => void
  readonly onUnreadable: (error: Error) => void
}): LiveClient {
  const { id, key, bounds, now, onOver, onUnreadable } = parts
  let { read } = parts
  let socket: WebSocket | null = null
  /** The last frame that was sent, or where to begin. */
  let last = parts.after
  let first: LivePage | null = null
  let isBehind = false
  /** Null while nothing is held back, which takes a connection. */
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
      // Nothing is compared with it: it may be of a store that is no more, and later than all that comes.
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

  /** Of one conversation nothing comes twice; of all of them the order of cursors says nothing. */
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

  /** What a client says is of no interest, but talking costs us something. */
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
      // The connection says why by itself, and closes.
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
