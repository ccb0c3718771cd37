import { randomUUID } from 'node:crypto'
import type { Channel, NotifyTarget } from '../conversation/channel.js'
import type { Log, Meter, Notifier, Store } from '../engine/ports.js'
import type { Timers } from '../engine/timers.js'
import { type Backlog, createBacklog } from './backlog.js'
import { createChannelWatch } from './channel-watch.js'
import { createCompose, type Show } from './compose.js'
import { createDeliver } from './deliver.js'
import type { Poster } from './post.js'
import { createTargets } from './targets.js'

/**
 * Notifications: written with the commit that they tell of, and delivered from there by the one process that has the lease.
 * What it knows of retries is in its memory alone: whoever takes over reads the queue from its beginning and tries at once.
 */
export interface Notifications extends Notifier {
  start(): void
  /** The settings are others now. */
  reload(): void
  /** Resolves when what is under way is over, and others may deliver. */
  stop(): Promise<void>
  /** What waits here to be delivered: nothing where another process does that. */
  waiting(): { readonly many: number; readonly oldestSeconds: number }
}

/** Somebody else delivers this long after a process died. */
const LEASE_MS = 8_000
const RENEW_MS = 2_500
/** No request begins that late in a lease: clocks and the way to the store take their time. */
const MARGIN_MS = 1_500
/** What other processes committed is looked for this often; what this one did, at once. */
const LOOK_EVERY_MS = 1_000
/** Under load what comes within this is read together. */
const GATHER_MS = 20
const WATCH_CHANNELS_EVERY_MS = 5_000
const PAGE = 1_000
/** Long after the last try of the first one, even where others wait behind it. */
const LONGEST_WAIT_MS = 24 * 3_600_000
/** Some 40 MB of what is known here of each. */
const MOST_WAITING = 200_000
/** Whoever stops does not wait longer for a slow receiver. */
const STOP_WITHIN_MS = 5_000
const STOP_LOOK_MS = 25

export function createNotifications(parts: {
  readonly store: Pick<Store, 'notifications' | 'channelFacts' | 'now'>
  /** Of all channels. */
  readonly global: () => NotifyTarget | null
  readonly channels: { get(id: string): Channel | undefined; ids(): Iterable<string> }
  readonly show: Show
  readonly poster: Poster
  readonly log: Log
  readonly meter: Pick<Meter, 'notification'>
  readonly timers: Timers
  readonly random: () => number
}): Notifications {
  const { store, channels, poster, log, timers } = parts
  const queue = store.notifications
  const targets = createTargets({ global: parts.global, channel: channels.get, channelIds: channels.ids })
  const holder = randomUUID()
  const watch = createChannelWatch({ ...parts, queue, targets })
  const deliver = createDeliver({ ...parts, queue, targets, now: store.now, mayPost })
  let backlog: Backlog = createBacklog()
  /** By the timers' clock: until then nobody else delivers. */
  let heldUntil = 0
  let renewAt = 0
  let watchAt = 0
  let position: string | null = null
  let isStarted = false
  let isStopping = false
  let isFailing = false
  let turning: Promise<void> | null = null
  let lastTurnAt = 0
  let timer: { readonly at: number; cancel(): void } | null = null

  function mayPost(): boolean {
    return timers.elapsed() < heldUntil - MARGIN_MS
  }

  function arm(at: number): void {
    if (!isStarted || isStopping || turning !== null || (timer !== null && timer.at <= at)) return
    timer?.cancel()
    timer = { at, cancel: timers.after(Math.max(0, at - timers.elapsed()), turn) }
  }

  function turn(): void {
    timer = null
    isHinted = false
    lastTurnAt = timers.elapsed()
    turning = takeTurn().finally(() => {
      turning = null
      arm(timers.elapsed() + (isHinted ? GATHER_MS : LOOK_EVERY_MS))
    })
  }

  let isHinted = false

  async function takeTurn(): Promise<void> {
    try {
      if (!targets.isUsed || !(await hold())) return
      // Before anything is read: what is over must not be found once more.
      await deliver.flush()
      await readOn()
      const { expired, overflowed } = backlog.trim(store.now() - LONGEST_WAIT_MS, MOST_WAITING)
      deliver.giveUp(expired, 'expired')
      deliver.giveUp(overflowed, 'overflowed')
      backlog.wake(store.now())
      deliver.pump(backlog)
      if (timers.elapsed() >= watchAt) {
        watchAt = timers.elapsed() + WATCH_CHANNELS_EVERY_MS
        await watch.look()
      }
      isFailing = false
    } catch (error) {
      // Said once: the store says itself how it fares.
      if (!isFailing) log.warn({ reason: String(error) }, 'cannot look for notifications, trying again')
      isFailing = true
    }
  }

  /** Takes or renews the lease when it is time. */
  async function hold(): Promise<boolean> {
    const askedAt = timers.elapsed()
    if (askedAt < renewAt) return askedAt < heldUntil
    const wasHeld = askedAt < heldUntil
    const isHeld = await queue.lease(holder, LEASE_MS)
    renewAt = askedAt + RENEW_MS
    heldUntil = isHeld ? askedAt + LEASE_MS : 0
    if (isHeld && !wasHeld) takeOver()
    if (!isHeld && wasHeld) backlog = createBacklog()
    return isHeld
  }

  /** What was known of the queue is as old as the lease before. */
  function takeOver(): void {
    backlog = createBacklog()
    position = null
    watch.forget()
    log.info({}, 'this process delivers the notifications')
  }

  async function readOn(): Promise<void> {
    for (let isCut = true; isCut && (await hold()); ) {
      const page = await queue.read(position, PAGE)
      position = page.next
      isCut = page.isCut
      for (const notification of page.notifications) backlog.add(notification)
      deliver.pump(backlog)
    }
  }

  return {
    compose: createCompose(targets, parts.show),
    committed() {
      isHinted = true
      arm(Math.max(timers.elapsed(), lastTurnAt + GATHER_MS))
    },
    start() {
      isStarted = true
      arm(timers.elapsed())
    },
    reload() {
      targets.reload()
      deliver.pump(backlog)
    },
    async stop() {
      if (!isStarted) return
      isStopping = true
      timer?.cancel()
      await turning
      await takeTurn()
      const giveUpAt = timers.elapsed() + STOP_WITHIN_MS
      while ((backlog.busy > 0 || (mayPost() && backlog.isReady)) && timers.elapsed() < giveUpAt) {
        await new Promise<void>((resolve) => void timers.after(STOP_LOOK_MS, resolve))
      }
      heldUntil = 0
      await deliver.flush()
      if (backlog.size > 0) log.info({ many: backlog.size }, 'notifications still wait to be delivered')
      try {
        await queue.endLease(holder)
      } catch (error) {
        log.debug({ reason: String(error) }, 'could not give up the lease on notifications: it ends by itself')
      }
      await poster.close()
    },
    waiting() {
      const { size, oldestAt } = backlog
      return { many: size, oldestSeconds: oldestAt === null ? 0 : Math.max(0, store.now() - oldestAt) / 1000 }
    },
  }
}
