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
 * Notifications are written with the commit that they describe, and delivered by the one process that holds the
 * lease. Retry state is in that process's memory only: a new holder reads the queue from the start and tries every
 * target at once.
 */
export interface Notifications extends Notifier {
  start(): void
  /** Called after the settings were reloaded. */
  reload(): void
  /** Resolves when the requests under way are finished and the lease is given up. */
  stop(): Promise<void>
  /** The notifications that wait for delivery in this process; none while another process holds the lease. */
  waiting(): { readonly many: number; readonly oldestSeconds: number }
}

const LEASE = 'notifying'
/** After the holder died, another process can take the lease this much later. */
const LEASE_MS = 8_000
const RENEW_MS = 2_500
/** No request starts this close to the end of the lease: covers clock differences and the round trip to the store. */
const MARGIN_MS = 1_500
/** Polling interval for notifications that other processes committed; own commits are read at once. */
const POLL_EVERY_MS = 1_000
/** Under load, commits within this time are read together. */
const GATHER_MS = 20
const WATCH_CHANNELS_EVERY_MS = 5_000
const PAGE = 1_000
/**
 * A notification older than this expires. Later than the last retry, also for those behind a failing one in their
 * lane.
 */
const LONGEST_WAIT_MS = 24 * 3_600_000
/** At most about 40 MB of memory for the entries. */
const MOST_WAITING = 200_000
/** A stop waits no longer than this for a slow receiver. */
const STOP_WITHIN_MS = 5_000
const STOP_LOOK_MS = 25

export function createNotifications(parts: {
  readonly store: Pick<Store, 'notifications' | 'channelFacts' | 'now' | 'leases'>
  /** The target that is told of all channels. */
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
  /** Until this time of the timers' clock no other process delivers. */
  let heldUntil = 0
  let renewAt = 0
  let watchAt = 0
  let position: string | null = null
  let isStarted = false
  let isStopping = false
  let isFailing = false
  /** This process committed a notification since the last turn began. */
  let isHinted = false
  let turning: Promise<void> | null = null
  let lastTurnAt = 0
  let timer: { readonly at: number; cancel(): void } | null = null

  /** A backlog of an earlier lease delivers nothing more: what was left of it has been read again. */
  function mayPost(of: Backlog): boolean {
    return of === backlog && timers.elapsed() < heldUntil - MARGIN_MS
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
      arm(timers.elapsed() + (isHinted ? GATHER_MS : POLL_EVERY_MS))
    })
  }

  async function takeTurn(): Promise<void> {
    try {
      if (!targets.isUsed) return letGo()
      if (!(await hold())) return
      // Flush before reading, or finished notifications would be read again.
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
      // Logged once per outage: the store logs its own state.
      if (!isFailing) log.warn({ reason: String(error) }, 'cannot look for notifications, trying again')
      isFailing = true
    }
  }

  /** Takes or renews the lease when that is due. */
  async function hold(): Promise<boolean> {
    const askedAt = timers.elapsed()
    if (askedAt < renewAt) return askedAt < heldUntil
    const wasHeld = askedAt < heldUntil
    const isHeld = await store.leases.take(LEASE, holder, LEASE_MS)
    renewAt = askedAt + RENEW_MS
    heldUntil = isHeld ? askedAt + LEASE_MS : 0
    if (isHeld && !wasHeld) takeOver()
    // Also where the lease ended unnoticed, during a standstill or an outage of the store.
    if (!isHeld) backlog = createBacklog()
    return isHeld
  }

  /** Without a target nothing is delivered, and nothing expires: another process may have one. */
  function letGo(): void {
    heldUntil = 0
    backlog = createBacklog()
  }

  /** Drops what was read under an earlier lease: another process may have delivered it since. */
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
      while ((backlog.busy > 0 || (mayPost(backlog) && backlog.isReady)) && timers.elapsed() < giveUpAt) {
        await new Promise<void>((resolve) => void timers.after(STOP_LOOK_MS, resolve))
      }
      heldUntil = 0
      await deliver.flush()
      if (backlog.size > 0) log.info({ many: backlog.size }, 'notifications still wait to be delivered')
      try {
        await store.leases.end(LEASE, holder)
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
