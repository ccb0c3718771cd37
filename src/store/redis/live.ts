import { type FeedEntry, type FeedListener, RouterError, type StopListening } from '../../engine/ports.js'
import type { Line } from './connect.js'

/** Hears of what any process feeds, over a connection of its own that is there while somebody listens. */
export interface Live {
  listen(listener: FeedListener): Promise<StopListening>
  close(): void
}

/** Whoever wants to look on is told soon that there is nothing to see. */
const LONGEST_WAIT_MS = 2_000
/** A connection on which nothing is said may be dead, and nobody would notice. */
const PING_EVERY_MS = 5_000

export function createLive(parts: {
  readonly channel: string
  /** Null while no server is known. */
  readonly open: () => Line | null
  readonly decode: (streamId: string, text: string) => FeedEntry
  readonly retryDelay: (times: number) => number
}): Live {
  const { channel, open, decode, retryDelay } = parts
  const listeners = new Set<{ readonly listener: FeedListener }>()
  let attention: Attention | null = null

  function tell(what: (listener: FeedListener) => void): void {
    for (const { listener } of listeners) {
      try {
        what(listener)
      } catch {
        // The others want to hear it, too.
      }
    }
  }

  function hear(text: string): void {
    const entry = understood(text)
    if (entry !== null) tell((listener) => listener.entry(entry))
  }

  /** Anybody may publish there; also a version of this program that says more than this one knows. */
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
  /** In time, or not. */
  isUp(): Promise<boolean>
  end(): void
}

function payAttention(parts: {
  readonly channel: string
  readonly open: () => Line | null
  readonly retryDelay: (times: number) => number
  readonly hear: (text: string) => void
  /** There was a time in which nothing could be heard. */
  readonly missed: () => void
}): Attention {
  const { channel, open, retryDelay, hear, missed } = parts
  const waiting = new Set<(isUp: boolean) => void>()
  let line: Line | null = null
  let isUp = false
  let wasUp = false
  let failures = 0
  let retry: NodeJS.Timeout | undefined
  let pinging: NodeJS.Timeout | undefined

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
    // Where it gets no answer, the connection is given up by itself.
    pinging = setInterval(() => opened.ping().catch(ignore), PING_EVERY_MS).unref()
    if (wasUp) missed()
    wasUp = true
    answer(true)
  }

  function again(): void {
    isUp = false
    clearInterval(pinging)
    failures += 1
    retry = setTimeout(begin, retryDelay(failures)).unref()
  }

  begin()

  return {
    isUp() {
      if (isUp) return Promise.resolve(true)
      return new Promise((resolve) => {
        const told = (what: boolean): void => {
          clearTimeout(timer)
          waiting.delete(told)
          resolve(what)
        }
        const timer = setTimeout(told, LONGEST_WAIT_MS, false)
        waiting.add(told)
      })
    },
    end() {
      clearTimeout(retry)
      clearInterval(pinging)
      const opened = line
      line = null
      isUp = false
      opened?.disconnect()
      answer(false)
    },
  }
}

/** What goes wrong ends the connection, and that is heard of. */
function ignore(): void {}
