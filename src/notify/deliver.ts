import type { Log, Meter, NotificationQueue } from '../engine/ports.js'
import type { Timers } from '../engine/timers.js'
import type { Backlog } from './backlog.js'
import type { Lane } from './lane.js'
import type { Poster, PostOutcome } from './post.js'
import type { Target, Targets } from './targets.js'

/** Posts the notifications that are ready, and handles the outcomes. */
export interface Deliver {
  /** Starts as many requests as may be under way; each one that ends starts the next. */
  pump(backlog: Backlog): void
  /** Gives notifications up without an attempt. */
  giveUp(keys: readonly string[], why: 'expired' | 'overflowed' | 'discarded', facts?: object): void
  /** Removes finished notifications from the store, in order. */
  flush(): Promise<void>
}

/** Delay after the store was unreachable. */
const POSTPONE_MS = 1_000
/** Interval of the log lines about a target that is down. */
const COMPLAIN_EVERY_MS = 60_000

export function createDeliver(parts: {
  readonly queue: Pick<NotificationQueue, 'bodyOf' | 'remove'>
  readonly targets: Targets
  readonly poster: Poster
  /** This process holds the lease, with a margin left, and the backlog was read under it. */
  readonly mayPost: (backlog: Backlog) => boolean
  readonly now: () => number
  readonly timers: Pick<Timers, 'elapsed'>
  readonly random: () => number
  readonly log: Log
  readonly meter: Pick<Meter, 'notification'>
}): Deliver {
  const { queue, targets, poster, mayPost, now, timers, random, log, meter } = parts
  const complainedAt = new Map<string, number>()
  let over: string[] = []
  let flushing: Promise<void> | null = null

  function pump(backlog: Backlog): void {
    if (!mayPost(backlog)) return
    for (const name of backlog.targets()) {
      const target = targets.get(name)
      // The target is unknown here; another process may have newer or older settings. The notification waits for it, or
      // expires.
      if (target === null) continue
      if (targets.isOff(name)) {
        giveUp(backlog.discard(name), 'discarded', { target: name, host: target.host })
        continue
      }
      for (let lane = backlog.take(name); lane !== null; lane = backlog.take(name)) {
        void work(backlog, lane, target).finally(() => pump(backlog))
      }
    }
  }

  async function work(backlog: Backlog, lane: Lane, target: Target): Promise<void> {
    const { key, id } = lane.first
    try {
      const body = await queue.bodyOf(key)
      if (body === null) {
        meter.notification('missing')
        backlog.settle(lane)
      } else if (!mayPost(backlog)) backlog.postpone(lane, now())
      else settle(backlog, lane, target, await poster.post(target, id, body, Date.now()))
    } catch (error) {
      log.debug({ reason: String(error) }, 'could not read a notification, trying again')
      backlog.postpone(lane, now() + POSTPONE_MS)
    }
  }

  function settle(backlog: Backlog, lane: Lane, target: Target, outcome: PostOutcome): void {
    const { key, id } = lane.first
    const facts = { target: target.name, host: target.host, webhook_id: id, subject: lane.subject }
    switch (outcome.is) {
      case 'delivered':
        if (backlog.isOut(target.name))
          log.info({ target: target.name, host: target.host }, 'notifications are taken again')
        backlog.delivered(lane)
        meter.notification('delivered')
        removeSoon([key])
        log.debug(facts, 'notification delivered')
        return
      case 'gone':
        targets.switchOff(target.name)
        log.error(facts, 'the target answers 410 and gets no more notifications until a restart or a reload')
        backlog.settle(lane)
        giveUp([key], 'discarded')
        return
      case 'failed': {
        const became = backlog.failed(lane, now(), random())
        meter.notification(became)
        if (became === 'dropped') {
          removeSoon([key])
          log.warn({ ...facts, code: outcome.code }, 'notification dropped: the last try failed')
        } else complain(target, { ...facts, code: outcome.code })
      }
    }
  }

  function complain(target: Target, facts: object): void {
    const time = timers.elapsed()
    const last = complainedAt.get(target.name)
    if (last !== undefined && time - last < COMPLAIN_EVERY_MS) {
      log.debug(facts, 'notification not taken, trying again later')
      return
    }
    complainedAt.set(target.name, time)
    log.warn(facts, 'notification not taken, trying again later')
  }

  function giveUp(keys: readonly string[], why: 'expired' | 'overflowed' | 'discarded', facts: object = {}): void {
    if (keys.length === 0) return
    for (const _ of keys) meter.notification(why)
    removeSoon(keys)
    log.warn({ ...facts, many: keys.length, why }, 'notifications dropped')
  }

  function removeSoon(keys: readonly string[]): void {
    // Not spread into one call: a whole backlog has more keys than a call can have arguments.
    for (const key of keys) over.push(key)
    void flush()
  }

  function flush(): Promise<void> {
    flushing ??= removeAll()
    return flushing
  }

  async function removeAll(): Promise<void> {
    // Yields first, so that the caller holds the promise before the work begins.
    await null
    while (over.length > 0) {
      const keys = over
      over = []
      try {
        await queue.remove(keys)
      } catch (error) {
        // Kept for the next flush: left in the store, they would be delivered again by the next reader.
        over = [...keys, ...over]
        log.debug({ reason: String(error) }, 'could not remove notifications, trying again')
        break
      }
    }
    flushing = null
  }

  return { pump, giveUp, flush }
}
