import type { QueuedNotification } from '../engine/ports.js'
import { createFifo, type Fifo } from './fifo.js'
import { retryAfter } from './retry.js'

/**
 * The order in which notifications go out. Those of one subject to one target form a lane: one after the other, and a failed
 * one keeps the later ones waiting. Lanes do not wait for each other.
 */
export interface Backlog {
  add(notification: QueuedNotification): void
  /** The next lane of a target that may be tried, which is busy until it is settled; null where there is none. */
  take(target: string): Lane | null
  /** Its first notification was delivered, or is gone: the next one may follow. */
  settle(lane: Lane): void
  /** Its first notification was delivered, which also tells that the target takes them. */
  delivered(lane: Lane): void
  /** Its first notification was not delivered, and is tried again or was dropped. */
  failed(lane: Lane, now: number, random: number): 'failed' | 'dropped'
  /** It was not tried at all. */
  postpone(lane: Lane, until: number): void
  /** Lanes whose time to be tried again has come may be taken. */
  wake(now: number): void
  /** Takes out all that wait for a target, and returns their keys. */
  discard(target: string): readonly string[]
  /** Takes out those written before that time, and the oldest over the cap; not what is being tried. */
  trim(before: number, most: number): { readonly expired: readonly string[]; readonly overflowed: readonly string[] }
  targets(): Iterable<string>
  /** It takes nothing: several in a row have failed. */
  isOut(target: string): boolean
  readonly size: number
  readonly busy: number
  /** There is something that could be tried now. */
  readonly isReady: boolean
  /** When the oldest was written, null for none. */
  readonly oldestAt: number | null
}

export interface Lane {
  readonly target: string
  readonly subject: string
  readonly first: QueuedNotification
}

interface OwnLane extends Lane {
  readonly waiting: QueuedNotification[]
  /** Of the first one. */
  failures: number
  /** When the first one is to be tried again, 0 for at once. */
  dueAt: number
  is: 'ready' | 'resting' | 'busy' | 'over'
}

interface Line {
  readonly ready: Fifo<OwnLane>
  readonly resting: Set<OwnLane>
  /** When the first of those that rest is due. */
  nextDueAt: number
  busy: number
  failuresInRow: number
}

/** To one target, as long as it takes them … */
const MOST_AT_ONCE = 8
/** … which it does not after so many failures without a success between. Then it is tried with one at a time. */
const FAILURES_OF_OUTAGE = 5

export function createBacklog(): Backlog {
  const all = new Map<string, OwnLane>()
  const lanes = new Map<string, OwnLane>()
  const lines = new Map<string, Line>()
  let busy = 0

  function lineOf(target: string): Line {
    const known = lines.get(target)
    if (known !== undefined) return known
    const line: Line = { ready: createFifo(), resting: new Set(), nextDueAt: Infinity, busy: 0, failuresInRow: 0 }
    lines.set(target, line)
    return line
  }

  function laneOf({ target, subject }: QueuedNotification): OwnLane {
    const name = `${target} ${subject}`
    const known = lanes.get(name)
    if (known !== undefined) return known
    const waiting: QueuedNotification[] = []
    const lane: OwnLane = {
      target,
      subject,
      waiting,
      failures: 0,
      dueAt: 0,
      is: 'ready',
      get first() {
        return waiting[0]!
      },
    }
    lanes.set(name, lane)
    lineOf(target).ready.push(lane)
    return lane
  }

  function makeReady(lane: OwnLane, line: Line): void {
    lane.is = 'ready'
    line.ready.push(lane)
  }

  /** Takes the first one out of a lane. */
  function dropFirst(lane: OwnLane): string {
    const { key } = lane.waiting.shift()!
    all.delete(key)
    lane.failures = 0
    lane.dueAt = 0
    const line = lineOf(lane.target)
    line.resting.delete(lane)
    if (lane.waiting.length === 0) {
      lane.is = 'over'
      lanes.delete(`${lane.target} ${lane.subject}`)
    } else if (lane.is !== 'ready') makeReady(lane, line)
    return key
  }

  function free(lane: OwnLane): Line {
    const line = lineOf(lane.target)
    line.busy -= 1
    busy -= 1
    return line
  }

  function rest(lane: OwnLane, line: Line, until: number): void {
    lane.is = 'resting'
    line.resting.add(lane)
    line.nextDueAt = Math.min(line.nextDueAt, until)
  }

  /** Where it takes them again, nothing waits for the hour that it was put off to. */
  function wakeAll(line: Line): void {
    for (const lane of line.resting) makeReady(lane, line)
    line.resting.clear()
    line.nextDueAt = Infinity
  }

  /** What was discarded meanwhile is passed over. */
  function nextReady({ ready }: Line): OwnLane | null {
    for (let lane = ready.shift(); lane !== undefined; lane = ready.shift()) if (lane.is === 'ready') return lane
    return null
  }

  const isOut = ({ failuresInRow }: Line): boolean => failuresInRow >= FAILURES_OF_OUTAGE

  return {
    add(notification) {
      if (all.has(notification.key)) return
      const lane = laneOf(notification)
      lane.waiting.push(notification)
      all.set(notification.key, lane)
    },
    take(target) {
      const line = lineOf(target)
      if (line.busy >= (isOut(line) ? 1 : MOST_AT_ONCE)) return null
      const lane = nextReady(line)
      if (lane === null) return null
      lane.is = 'busy'
      line.busy += 1
      busy += 1
      return lane
    },
    settle(given) {
      const lane = given as OwnLane
      free(lane)
      dropFirst(lane)
    },
    delivered(given) {
      const lane = given as OwnLane
      const line = free(lane)
      dropFirst(lane)
      if (isOut(line)) wakeAll(line)
      line.failuresInRow = 0
    },
    failed(given, now, random) {
      const lane = given as OwnLane
      const line = free(lane)
      line.failuresInRow += 1
      // It was tried ahead of its time, which does not cost it a try.
      if (now < lane.dueAt) {
        rest(lane, line, lane.dueAt)
        return 'failed'
      }
      lane.failures += 1
      const delay = retryAfter(lane.failures, random)
      if (delay === null) {
        dropFirst(lane)
        return 'dropped'
      }
      lane.dueAt = now + delay
      rest(lane, line, lane.dueAt)
      return 'failed'
    },
    postpone(given, until) {
      const lane = given as OwnLane
      rest(lane, free(lane), until)
    },
    wake(now) {
      for (const line of lines.values()) {
        if (now < line.nextDueAt) continue
        line.nextDueAt = Infinity
        for (const lane of line.resting) {
          if (now < lane.dueAt) {
            line.nextDueAt = Math.min(line.nextDueAt, lane.dueAt)
            continue
          }
          line.resting.delete(lane)
          makeReady(lane, line)
        }
      }
    },
    discard(target) {
      const keys: string[] = []
      for (const lane of lanes.values()) {
        if (lane.target !== target || lane.is === 'busy') continue
        while (lane.waiting.length > 0) keys.push(dropFirst(lane))
      }
      return keys
    },
    trim(before, most) {
      const expired: string[] = []
      const overflowed: string[] = []
      // The oldest of all is the first of its lane.
      for (const lane of all.values()) {
        const isOld = lane.first.at < before
        if (!isOld && all.size <= most) break
        if (lane.is === 'busy') continue
        const key = dropFirst(lane)
        if (isOld) expired.push(key)
        else overflowed.push(key)
      }
      return { expired, overflowed }
    },
    targets: () => lines.keys(),
    isOut: (target) => isOut(lineOf(target)),
    get size() {
      return all.size
    },
    get busy() {
      return busy
    },
    get isReady() {
      return [...lines.values()].some((line) => line.ready.some(({ is }) => is === 'ready'))
    },
    get oldestAt() {
      for (const lane of all.values()) return lane.first.at
      return null
    },
  }
}
