import type { QueuedNotification } from '../engine/ports.js'
import { createFifo } from './fifo.js'
import type { Lane, Line, OwnLane } from './lane.js'
import { retryAfter } from './retry.js'

/**
 * The delivery order of notifications. Those of one subject to one target form a lane: they go out one at a time, and
 * a failed one holds up those behind it. Lanes are independent of each other.
 */
export interface Backlog {
  add(notification: QueuedNotification): void
  /** The target's next ready lane, which stays busy until its outcome is reported; null when there is none. */
  take(target: string): Lane | null
  /** Removes the lane's first notification, which no longer has to be delivered; the next one may follow. */
  settle(lane: Lane): void
  /** The lane's first notification was delivered, so the target is up. */
  delivered(lane: Lane): void
  /** The attempt failed: schedules a retry, or drops the notification after its last attempt. */
  failed(lane: Lane, now: number, random: number): 'failed' | 'dropped'
  /** Puts the lane off without counting an attempt. */
  postpone(lane: Lane, until: number): void
  /** Makes lanes ready whose retry is due. */
  wake(now: number): void
  /** Removes all notifications for a target, and returns their keys. */
  discard(target: string): readonly string[]
  /** Removes notifications written before that time, and the oldest above the cap, except those being delivered. */
  trim(before: number, most: number): { readonly expired: readonly string[]; readonly overflowed: readonly string[] }
  targets(): Iterable<string>
  /** The target counts as down: its last attempts have failed. */
  isOut(target: string): boolean
  readonly size: number
  readonly busy: number
  /** Some lane can be delivered now. */
  readonly isReady: boolean
  /** When the oldest notification was written; null when there is none. */
  readonly oldestAt: number | null
}

/** Concurrent requests to one target while it is up. */
const MOST_AT_ONCE = 8
/** This many failures without a success between mark the target as down; it then gets one request at a time. */
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

  /** Removes the first notification of a lane. */
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

  /** The target is up again: its lanes do not wait for their retry times any more. */
  function wakeAll(line: Line): void {
    for (const lane of line.resting) makeReady(lane, line)
    line.resting.clear()
    line.nextDueAt = Infinity
  }

  /** The next ready lane; lanes whose notifications were discarded meanwhile are skipped. */
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
      // The lane was tried before its retry was due, so this failure does not use up an attempt.
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
      // Nobody takes the emptied lanes from its queue any more.
      if (lines.get(target)?.busy === 0) lines.delete(target)
      return keys
    },
    trim(before, most) {
      const expired: string[] = []
      const overflowed: string[] = []
      // The oldest notification of all is the first of its lane.
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
