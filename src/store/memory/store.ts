import type { Known } from '../../conversation/decide.js'
import type { ConversationId } from '../../conversation/ids.js'
import { newConversation } from '../../conversation/state.js'
import { type Change, type ChannelTimes, type Question, RouterError, type Store } from '../../engine/ports.js'
import { createActivityOrder } from './activity.js'
import { createDueQueue } from './due-queue.js'
import { createEntry, type Entry, openBytesOf } from './entry.js'
import { clearHistory, dropOlderThan, newestThat, pageOfHistory, putMessage } from './history.js'
import { listPage } from './list.js'
import { createSeenTable, HANDLED, OURS } from './seen.js'

/** Everything in this process' memory. Every answer is there at once, and a restart forgets it all. */
export interface MemoryStore extends Store {
  /** Forgets what has had its time, a part of the conversations at each call. */
  sweep(): void
}

export interface MemoryLimits {
  readonly conversations: number
  readonly historyBytes: number
  /** What texts may weigh that are still to be asked or recognised: they are never given up for new ones. */
  readonly openBytes: number
  readonly seenIds: number
}

const SEEN_LIFE_MS = 48 * 3_600_000
/** One large Map stops the process while it grows; small ones do so unnoticed. */
const PARTITIONS = 256
/** How long a conversation without open work is remembered after its last event, at the least … */
const IDLE_LIFE_MS = 7 * 24 * 3_600_000
/** … and one in which nobody ever said anything. */
const SILENT_LIFE_MS = 3_600_000
/** A full store empties itself by this share at a time, so that it seldom has to look for what may go. */
const EVICT_SHARE = 0.05
/** After it found nothing that may go. */
const FULL_RETRY_MS = 1_000

export function createMemoryStore(parts: {
  readonly now: () => number
  readonly limits: MemoryLimits
  readonly seed: number
}): MemoryStore {
  const { now, limits } = parts
  const partitions = Array.from({ length: PARTITIONS }, () => new Map<string, Entry>())
  const seen = createSeenTable({ now, lifeMs: SEEN_LIFE_MS, capacity: limits.seenIds, seed: parts.seed })
  const order = createActivityOrder()
  const due = createDueQueue()
  const channels = new Map<string, { lastInboundAt: number; lastEchoAt: number }>()
  let versions = 0
  let count = 0
  let historyBytes = 0
  let openBytes = 0
  let fullUntil = 0
  let sweepNext = 0

  function partitionOf(id: string): Map<string, Entry> {
    // The last digits of a user's id are as good as random.
    const last = id.length - 1
    const mixed = id.charCodeAt(last) + id.charCodeAt(last - 1) * 10 + id.charCodeAt(last - 2) * 100
    return partitions[mixed % PARTITIONS]!
  }

  function known(entry: Entry | undefined, id: ConversationId, question: Question): Known {
    const { key, find } = question
    if (key === null && find === null) return UNKNOWN
    const isSeen = key !== null && (seen.look(id, key) & HANDLED) !== 0
    if (find === null) return isSeen ? { isSeen, isOurs: false, message: withMid(entry, key) } : UNKNOWN
    if (find.is === 'read_up_to') {
      const readable = (at: number, type: string): boolean => type !== 'customer' && at <= find.at
      const message = entry === undefined ? null : newestThat(entry.history, (each) => readable(each.at, each.type))
      return { isSeen, isOurs: false, message }
    }
    const isOurs = (seen.look(id, find.mid) & OURS) !== 0
    if (find.is === 'ours' && !isOurs && !isSeen) return UNKNOWN
    return { isSeen, isOurs, message: withMid(entry, find.mid) }
  }

  function withMid(entry: Entry | undefined, mid: string | null): ReturnType<typeof newestThat> {
    return entry === undefined ? null : newestThat(entry.history, (each) => each.mid === mid)
  }

  function apply(entry: Entry, change: Change): void {
    const { state } = change
    if (state !== null) {
      const open = openBytesOf(state)
      openBytes += open - entry.openBytes
      entry.openBytes = open
      if (state.seq > entry.state.seq) order.toFront(entry)
      entry.state = state
    }
    if (change.historyTtlMs > 0) {
      const before = entry.history.bytes
      for (const record of change.records) putMessage(entry.history, record)
      historyBytes += entry.history.bytes - before
    }
    versions += 1
    entry.version = versions
    entry.touchedAt = now()
    entry.keepUntil = change.keepUntil
    entry.historyTtlMs = change.historyTtlMs
    due.set(entry, change.dueAt)
  }

  function created(id: ConversationId, partition: Map<string, Entry>): Entry {
    if (count >= limits.conversations) evictConversations()
    const entry = createEntry(id, newConversation(id, now()))
    partition.set(id, entry)
    count += 1
    order.toFront(entry)
    return entry
  }

  function forget(entry: Entry): void {
    partitionOf(entry.id).delete(entry.id)
    order.remove(entry)
    due.remove(entry)
    count -= 1
    historyBytes -= entry.history.bytes
    openBytes -= entry.openBytes
  }

  function evictConversations(): void {
    const time = now()
    const enough = limits.conversations * (1 - EVICT_SHARE)
    if (time >= fullUntil) {
      for (let entry = order.oldest(); entry !== null && count > enough; ) {
        const { newer } = entry
        if (entry.keepUntil <= time) forget(entry)
        entry = newer
      }
    }
    if (count < limits.conversations) return
    if (time >= fullUntil) fullUntil = time + FULL_RETRY_MS
    throw new RouterError('store_full', 'Memory is full of open work; use Redis, or give the process more memory.')
  }

  function evictHistory(): void {
    const enough = limits.historyBytes * (1 - EVICT_SHARE)
    for (let entry = order.oldest(); entry !== null && historyBytes > enough; entry = entry.newer) {
      historyBytes -= entry.history.bytes
      clearHistory(entry.history)
    }
  }

  function isOver(entry: Entry, time: number): boolean {
    if (entry.keepUntil > time) return false
    const isSilent = entry.state.seq === 0 && entry.state.closedAt === 0
    const life = isSilent ? SILENT_LIFE_MS : Math.max(IDLE_LIFE_MS, entry.historyTtlMs)
    return time - entry.touchedAt >= life
  }

  return {
    now,
    load(id, question) {
      const entry = partitionOf(id).get(id)
      return {
        state: entry === undefined ? null : entry.state,
        version: entry === undefined ? null : entry.version,
        known: known(entry, id, question),
      }
    },
    commit(id, version, change) {
      const partition = partitionOf(id)
      let entry = partition.get(id)
      if ((entry === undefined ? null : entry.version) !== version) return 'conflict'
      if (change.key !== null && (seen.look(id, change.key) & HANDLED) !== 0) return 'conflict'
      if (change.state !== null) {
        const added = openBytesOf(change.state) - (entry?.openBytes ?? 0)
        if (added > 0 && openBytes + added > limits.openBytes) {
          throw new RouterError('store_full', 'Memory is full of messages that wait for their answer.')
        }
        entry ??= created(id, partition)
      }
      if (entry !== undefined) apply(entry, change)
      if (change.key !== null) seen.add(id, change.key, HANDLED)
      if (change.ownId !== null) seen.add(id, change.ownId, OURS)
      if (historyBytes > limits.historyBytes) evictHistory()
      return 'committed'
    },
    claimDue(limit, leaseMs) {
      const time = now()
      const ids: ConversationId[] = []
      while (ids.length < limit) {
        const entry = due.take(time)
        if (entry === null) break
        due.set(entry, time + leaseMs)
        ids.push(entry.id)
      }
      return ids
    },
    nextDue: () => due.next(),
    history(id, page) {
      const entry = partitionOf(id).get(id)
      return entry === undefined ? [] : pageOfHistory(entry.history, page)
    },
    list: (page) => listPage(order, page, now()),
    noteChannel(channelId, direction, at) {
      let times = channels.get(channelId)
      if (times === undefined) {
        times = { lastInboundAt: 0, lastEchoAt: 0 }
        channels.set(channelId, times)
      }
      if (direction === 'inbound') times.lastInboundAt = at
      else times.lastEchoAt = at
    },
    channelTimes: (channelId): ChannelTimes => channels.get(channelId) ?? { lastInboundAt: 0, lastEchoAt: 0 },
    check() {},
    close() {},
    sweep() {
      const time = now()
      for (const entry of partitions[sweepNext]!.values()) {
        if (isOver(entry, time)) {
          forget(entry)
          continue
        }
        const before = entry.history.bytes
        dropOlderThan(entry.history, time - entry.historyTtlMs)
        historyBytes += entry.history.bytes - before
      }
      sweepNext = (sweepNext + 1) % PARTITIONS
    },
  }
}

const UNKNOWN: Known = { isSeen: false, isOurs: false, message: null }
