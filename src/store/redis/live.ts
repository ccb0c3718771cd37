import { type FeedEntry, type FeedListener, RouterError, type StopListening } from '../../engine/ports.js'
import type { Cancel, Timers } from '../../engine/timers.js'
import type { Line } from './connect.js'

/** Receives the feed entries of all processes, over a connection of its own that exists while there are listeners. */
export interface Live {
  listen(listener: FeedListener): Promise<StopListening>
  close(): void
}

/** A subscriber is refused after this long without a connection. */
const LONGEST_WAIT_MS = 2_000
/** An idle connection may be dead without notice: it is pinged. */
const PING_EVERY_MS = 5_000

export function createLive(parts: {
  readonly channel: string
  /** Null while no server is known. */
  readonly open: () => Line | null
  readonly decode: (streamId: string, text: string) => FeedEntry
  readonly retryDelay: (times: number) => number
  readonly timers: Timers
}): Live {
  const { channel, open, decode, retryDelay, timers } = parts
  const listeners = new Set<{ readonly listener: FeedListener }>()
  let attention: Attention | null = null

  function tell(what: (listener: FeedListener) => void): void {
    for (const { listener } of listeners) {
      try {
        what(listener)
      } catch {
        // One listener's error must not affect the others.
      }
    }
  }

  function hear(text: string): void {
    const entry = understood(text)
    if (entry !== null) tell((listener) => listener.entry(entry))
  }

  /**
   * Parses a published entry. Anybody may publish there, and a newer version of this program may publish unknown
   * kinds.
   */
  function understood(text: string): FeedEntry | null {
    const blank = text.indexOf(' ')
    try {
      return decode(text.slice(0, blank), text.slice(blank + 1))
    } catch {
      return null
    }
  }

  function close(): void {
    listeners.clear()
    attention?.end()
    attention = null
  }

  return {
    async listen(listener) {
      const listening = { listener }
      listeners.add(listening)
      const stop = () => {
        if (listeners.delete(listening) && listeners.size === 0) close()
      }
      attention ??= payAttention({
        channel,
        open,
        retryDelay,
        timers,
        hear,
        missed: () => tell((each) => each.broken()),
      })
      if (await attention.isUp()) return stop
      stop()
      throw new RouterError('store_unavailable', 'The store is out of reach; please try again.')
    },
    close,
  }
}

interface Attention {
  /** Whether the connection is up in time. */
  isUp(): Promise<boolean>
  end(): void
}

function payAttention(parts: {
  readonly channel: string
  readonly open: () => Line | null
  readonly retryDelay: (times: number) => number
  readonly timers: Timers
  readonly hear: (text: string) => void
  /** Events may have been missed. */
  readonly missed: () => void
}): Attention {
  const { channel, open, retryDelay, timers, hear, missed } = parts
  const waiting = new Set<(isUp: boolean) => void>()
  let line: Line | null = null
  let isUp = false
  let wasUp = false
  let failures = 0
  let cancelRetry: Cancel | undefined
  let stopPinging: Cancel | undefined

  function answer(what: boolean): void {
    for (const told of waiting) told(what)
  }

  function begin(): void {
    const opened = open()
    line = opened
    if (opened === null) {
      again()
      return
    }
    opened.on('error', ignore)
    opened.on('message', (_channel: string, text: string) => hear(text))
    opened.once('ready', () => {
      opened.subscribe(channel).then(
        () => up(opened),
        () => opened.disconnect(),
      )
    })
    opened.once('end', () => {
      if (line === opened) again()
    })
    opened.connect().catch(ignore)
  }

  function up(opened: Line): void {
    if (line !== opened) return
    isUp = true
    failures = 0
    // An unanswered ping closes the connection by itself.
    stopPinging = timers.every(PING_EVERY_MS, () => opened.ping().catch(ignore))
    if (wasUp) missed()
    wasUp = true
    answer(true)
  }

  function again(): void {
    isUp = false
    stopPinging?.()
    failures += 1
    cancelRetry = timers.after(retryDelay(failures), begin)
  }

  begin()

  return {
    isUp() {
      if (isUp) return Promise.resolve(true)
      return new Promise((resolve) => {
        const told = (what: boolean): void => {
          cancel()
          waiting.delete(told)
          resolve(what)
        }
        const cancel = timers.after(LONGEST_WAIT_MS, () => told(false))
        waiting.add(told)
      })
    },
    end() {
      cancelRetry?.()
      stopPinging?.()
      const opened = line
      line = null
      isUp = false
      opened?.disconnect()
      answer(false)
    },
  }
}

/** A failure closes the connection, which is handled there. */
function ignore(): void {}
