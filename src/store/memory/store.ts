import type { ConversationId } from '../../conversation/ids.js'
import { type Conversation, hasDeadLetters } from '../../conversation/state/state.js'
import { listNumber } from '../../engine/list-filter.js'
import { type Change, type Loaded, type Question, RouterError, type Store } from '../../engine/ports.js'
import { createChannels } from '../in-process/channels.js'
import { createLeases } from '../in-process/leases.js'
import { createTickets } from '../in-process/tickets.js'
import { createActivityOrder } from './activity.js'
import { createConversations } from './conversations.js'
import { createDueQueue } from './due-queue.js'
import { type Entry, openBytesOf } from './entry.js'
import { createFeed } from './feed.js'
import { pageOfHistory, putMessage } from './history.js'
import { knownOf } from './known.js'
import type { MemoryLimits } from './limits.js'
import { listPage } from './list.js'
import { createNotifications } from './notifications.js'
import { createSealedTokens } from './sealed-tokens.js'
import { createSeconds } from './seconds.js'
import { createSeenTable, HANDLED, OURS } from './seen.js'
import type { Sums } from './sums.js'
import { createTable, HISTORY_TTL, KEEP_UNTIL, LIST, NOWHERE, OPEN_BYTES, type Slot, TOUCHED_AT } from './table.js'
import { createUpkeep } from './upkeep.js'

/** The store in this process's memory. Synchronous; a restart forgets everything. */
export interface MemoryStore extends Store {
  /** Removes expired data, a part of the conversations at each call. */
  sweep(): void
  /** Called after a change of the settings: see `restsAfterMs`. */
  restAfter(ms: number): void
}

const SEEN_LIFE_MS = 48 * 3_600_000
/** The feed's share of the history's bytes; most of its messages are shared with the history. */
const FEED_SHARE = 0.25
/** The share of undelivered notifications, likewise. */
const NOTIFICATIONS_SHARE = 0.25

export function createMemoryStore(parts: {
  readonly now: () => number
  readonly limits: MemoryLimits
  readonly seed: number
  /** How far back any rule looks at messages: the longest of the lifetimes in the settings. */
  readonly restsAfterMs: number
  /** How long the feed is kept for clients that reconnect. */
  readonly feedLifeMs: number
}): MemoryStore {
  const { now, limits } = parts
  const table = createTable()
  const seen = createSeenTable({ now, lifeMs: SEEN_LIFE_MS, capacity: limits.seenIds, seed: parts.seed })
  const order = createActivityOrder(table)
  const clock = createSeconds(now)
  let restsAfter = Math.ceil(parts.restsAfterMs / 1000)
  const sums: Sums = { conversations: 0, historyBytes: 0, openBytes: 0, withDeadLetters: 0 }
  const all = createConversations({ table, clock, sums, seed: parts.seed, restsAfter: () => restsAfter })
  const due = createDueQueue(table)
  const channels = createChannels(now)
  const feed = createFeed({ now, mostBytes: limits.historyBytes * FEED_SHARE, lifeMs: parts.feedLifeMs })
  const notifications = createNotifications({ mostBytes: limits.historyBytes * NOTIFICATIONS_SHARE })
  let versions = 0
  const upkeep = createUpkeep({
    table,
    all,
    order,
    clock,
    now,
    limits,
    sums,
    restsAfter: () => restsAfter,
    forget,
    put,
  })

  function apply(entry: Entry, state: Conversation, change: Change, open: number): void {
    const { slot } = entry
    const isNew = table.version(slot) === 0
    const before = entry.state
    const newest = isNew ? 0 : before.seq
    put(entry, isNew ? before : state, open)
    if (change.historyTtlMs > 0) {
      sums.historyBytes -= entry.historyBytes
      for (const record of change.records) putMessage(entry, record, newest)
      sums.historyBytes += entry.historyBytes
    }
    versions += 1
    table.setVersion(slot, versions)
    table.set(slot, TOUCHED_AT, clock.until(now()))
    table.set(slot, KEEP_UNTIL, clock.until(change.keepUntil))
    table.set(slot, HISTORY_TTL, clock.lasting(change.historyTtlMs))
    due.set(slot, change.dueAt)
  }

  /** `open`: the bytes of the texts of its open work. */
  function put(entry: Entry, state: Conversation, open: number): void {
    const { slot, state: before } = entry
    all.setOpenBytes(slot, open)
    sums.withDeadLetters += Number(hasDeadLetters(state)) - Number(hasDeadLetters(before))
    entry.state = state
    const wasListed = table.get(slot, LIST) !== NOWHERE
    const list = listNumber(state)
    table.set(slot, LIST, list ?? NOWHERE)
    if (list !== null && (state.seq > before.seq || !wasListed)) order.toFront(slot)
  }

  function created(state: Conversation): Entry {
    upkeep.makeRoom()
    if (sums.conversations >= limits.conversations) {
      throw new RouterError('store_full', 'Memory is full of open work; use Redis, or give the process more memory.')
    }
    const entry = all.add(state)
    sums.conversations += 1
    if (hasDeadLetters(state)) sums.withDeadLetters += 1
    order.toFront(entry.slot)
    return entry
  }

  function forget(slot: Slot): void {
    order.remove(slot)
    due.remove(slot)
    sums.conversations -= 1
    sums.historyBytes -= all.historyBytesOf(slot)
    all.setOpenBytes(slot, 0)
    if (hasDeadLetters(all.stateOf(slot))) sums.withDeadLetters -= 1
    all.remove(slot)
  }

  function find(id: ConversationId): Entry | null {
    const slot = all.find(id)
    return slot === NOWHERE ? null : all.entryOf(slot)
  }

  function loadFresh(id: ConversationId, question: Question): Loaded {
    const entry = find(id)
    return {
      state: entry === null ? null : entry.state,
      version: entry === null ? null : table.version(entry.slot),
      known: knownOf(seen, entry, id, question),
      isFresh: true,
    }
  }

  return {
    now,
    load: loadFresh,
    loadFresh,
    read: (id) => find(id)?.state ?? null,
    commit(id, version, change) {
      let entry = find(id)
      if ((entry === null ? null : table.version(entry.slot)) !== version) return 'conflict'
      if (change.key !== null && (seen.look(id, change.key) & HANDLED) !== 0) return 'conflict'
      if (change.notOurs !== null && (seen.look(id, change.notOurs) & OURS) !== 0) return 'conflict'
      if (change.state !== null) {
        const open = openBytesOf(change.state)
        const added = open - (entry === null ? 0 : table.get(entry.slot, OPEN_BYTES))
        if (added > 0 && sums.openBytes + added > limits.openBytes) {
          throw new RouterError('store_full', 'Memory is full of messages that wait for their answer.')
        }
        entry ??= created(change.state)
        apply(entry, change.state, change, open)
      }
      if (change.key !== null) seen.add(id, change.key, HANDLED)
      if (change.ownId !== null) seen.add(id, change.ownId, OURS)
      if (sums.historyBytes > limits.historyBytes) upkeep.clearHistories()
      if (entry === null || change.state === null) return 'committed'
      if (change.notices.length > 0) feed.add(entry.state, change.notices)
      if (change.notifications.length > 0) notifications.add(id, change.notifications)
      return 'committed'
    },
    claimDue: (limit, leaseMs) => due.claim(limit, now(), leaseMs).map(all.idOf),
    // A single process: nobody else could claim it.
    release() {},
    nextDue: () => due.next(),
    history(id, page) {
      const entry = find(id)
      if (entry === null) return []
      upkeep.dropOld(entry, now() - page.historyTtlMs)
      return pageOfHistory(entry, page)
    },
    list: (page) => listPage({ order, table, all, now }, page),
    erase(id) {
      const slot = all.find(id)
      if (slot !== NOWHERE) forget(slot)
      feed.forget(id)
      notifications.forget(id)
    },
    listen: feed.listen,
    readFeed: feed.read,
    readFeedBack: feed.readBack,
    ...createTickets(now),
    ...channels,
    leases: createLeases(now),
    tokens: createSealedTokens(),
    notifications,
    depth: () => ({ ...due.depth(now()), withDeadLetters: sums.withDeadLetters }),
    check() {},
    close() {},
    sweep() {
      upkeep.sweep()
      all.sweep()
      seen.sweep()
      feed.sweep()
    },
    restAfter(ms) {
      restsAfter = Math.ceil(ms / 1000)
    },
  }
}
