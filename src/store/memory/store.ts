import type { ConversationId } from '../../conversation/ids.js'
import { type Conversation, hasDeadLetters, isSilent } from '../../conversation/state/state.js'
import { type Change, type Loaded, type Question, RouterError, type Store } from '../../engine/ports.js'
import { createChannels } from '../in-process/channels.js'
import { createLeases } from '../in-process/leases.js'
import { createTickets } from '../in-process/tickets.js'
import { createActivityOrder } from './activity.js'
import { atRest } from './at-rest.js'
import { createDueQueue } from './due-queue.js'
import { createEntry, type Entry, openBytesOf, stateIn, stateOf } from './entry.js'
import { createFeed } from './feed.js'
import { clearHistory, dropOlderThan, pageOfHistory, putMessage } from './history.js'
import { knownOf } from './known.js'
import type { MemoryLimits } from './limits.js'
import { listPage } from './list.js'
import { createNotifications } from './notifications.js'
import { createPartitions } from './partitions.js'
import { createSealedTokens } from './sealed-tokens.js'
import { createSeconds, isOver } from './seconds.js'
import { createSeenTable, HANDLED, OURS } from './seen.js'
import { createSilentRows } from './silent-rows.js'

/** The store in this process's memory. Synchronous; a restart forgets everything. */
export interface MemoryStore extends Store {
  /** Removes expired data, a part of the conversations at each call. */
  sweep(): void
  /** Called after a change of the settings: see `restsAfterMs`. */
  restAfter(ms: number): void
}

const SEEN_LIFE_MS = 48 * 3_600_000
/** The store starts to evict at this share, and evicts down to the other, so that it rarely has to start over. */
const FULL = 0.98
const ROOMY = 0.95
/** Entries that one insert inspects for room, about 20 µs; the sweep does the rest. */
const STEPS_FOR_ONE = 256
const STEPS_FOR_SWEEP = 4_096
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
  const partitions = createPartitions()
  const seen = createSeenTable({ now, lifeMs: SEEN_LIFE_MS, capacity: limits.seenIds, seed: parts.seed })
  const order = createActivityOrder()
  const forgetting = order.createHand()
  const clearing = order.createHand()
  const silentRows = createSilentRows()
  const clock = createSeconds(now)
  let restsAfter = Math.ceil(parts.restsAfterMs / 1000)
  const due = createDueQueue()
  const channels = createChannels(now)
  const feed = createFeed({ now, mostBytes: limits.historyBytes * FEED_SHARE, lifeMs: parts.feedLifeMs })
  const notifications = createNotifications({ mostBytes: limits.historyBytes * NOTIFICATIONS_SHARE })
  let versions = 0
  let count = 0
  let historyBytes = 0
  let openBytes = 0
  let withDeadLetters = 0
  let isMakingRoom = false

  function apply(entry: Entry, state: Conversation, change: Change, open: number): void {
    const isNew = entry.version === 0
    const before = stateOf(entry)
    const newest = isNew ? 0 : before.seq
    put(entry, before, isNew ? before : state, open)
    if (change.historyTtlMs > 0) {
      historyBytes -= entry.historyBytes
      for (const record of change.records) putMessage(entry, record, newest)
      historyBytes += entry.historyBytes
    }
    versions += 1
    entry.version = versions
    entry.touchedAt = clock.until(now())
    entry.keepUntil = clock.until(change.keepUntil)
    entry.historyTtl = clock.lasting(change.historyTtlMs)
    due.set(entry, change.dueAt)
  }

  /** `open`: the bytes of the texts of its open work. */
  function put(entry: Entry, before: Conversation, state: Conversation, open: number): void {
    openBytes += open - entry.openBytes
    entry.openBytes = open
    withDeadLetters += Number(hasDeadLetters(state)) - Number(hasDeadLetters(before))
    entry.kept = state
    if (isSilent(state)) silentRows.changed(entry)
    else if (state.seq > before.seq || isSilent(before)) order.toFront(entry)
  }

  function created(state: Conversation, partition: Map<string, Entry>): Entry {
    makeRoom(STEPS_FOR_ONE)
    if (count >= limits.conversations) {
      throw new RouterError('store_full', 'Memory is full of open work; use Redis, or give the process more memory.')
    }
    const entry = createEntry(state)
    partition.set(entry.id, entry)
    count += 1
    if (hasDeadLetters(state)) withDeadLetters += 1
    order.toFront(entry)
    return entry
  }

  function forget(entry: Entry): void {
    partitions.of(entry.id).delete(entry.id)
    order.remove(entry)
    due.remove(entry)
    count -= 1
    historyBytes -= entry.historyBytes
    openBytes -= entry.openBytes
    if (hasDeadLetters(stateOf(entry))) withDeadLetters -= 1
  }

  /** Evicts conversations without open work, the oldest first, a few at a time. */
  function makeRoom(steps: number): void {
    if (!isMakingRoom && count < limits.conversations * FULL) return
    isMakingRoom = true
    const time = clock.now()
    for (let i = 0; i < steps; i++) {
      const entry = forgetting.next()
      if (entry === null || count <= limits.conversations * ROOMY) {
        isMakingRoom = false
        forgetting.rewind()
        return
      }
      if (entry.keepUntil <= time) forget(entry)
    }
  }

  /**
   * Evicts histories, the oldest first. What the cursor has passed stays empty: a conversation with a new message
   * moves to the front.
   */
  function clearHistories(): void {
    for (let i = 0; i < STEPS_FOR_ONE && historyBytes > limits.historyBytes; i++) {
      const entry = clearing.next()
      if (entry === null) continue
      historyBytes -= entry.historyBytes
      clearHistory(entry)
    }
  }

  function sweepOne(entry: Entry, time: number): void {
    const sinceOpened = clock.at(time)
    if (isOver(entry, sinceOpened)) {
      forget(entry)
      return
    }
    dropOld(entry, time - entry.historyTtl * 1000)
    // A row holds no text, and is forgotten soon after its last flag.
    if (typeof entry.kept === 'string' || sinceOpened - entry.touchedAt < restsAfter) return
    const state = atRest(entry.kept, time)
    if (state !== entry.kept) put(entry, entry.kept, state, openBytesOf(state))
  }

  function dropOld(entry: Entry, before: number): void {
    if (entry.historyBytes === 0) return
    historyBytes -= entry.historyBytes
    dropOlderThan(entry, before)
    historyBytes += entry.historyBytes
  }

  function loadFresh(id: ConversationId, question: Question): Loaded {
    const entry = partitions.of(id).get(id)
    return {
      state: stateIn(entry),
      version: entry === undefined ? null : entry.version,
      known: knownOf(seen, entry, id, question),
      isFresh: true,
    }
  }

  return {
    now,
    load: loadFresh,
    loadFresh,
    read: (id) => stateIn(partitions.of(id).get(id)),
    commit(id, version, change) {
      const partition = partitions.of(id)
      let entry = partition.get(id)
      if ((entry === undefined ? null : entry.version) !== version) return 'conflict'
      if (change.key !== null && (seen.look(id, change.key) & HANDLED) !== 0) return 'conflict'
      if (change.notOurs !== null && (seen.look(id, change.notOurs) & OURS) !== 0) return 'conflict'
      if (change.state !== null) {
        const open = openBytesOf(change.state)
        const added = open - (entry?.openBytes ?? 0)
        if (added > 0 && openBytes + added > limits.openBytes) {
          throw new RouterError('store_full', 'Memory is full of messages that wait for their answer.')
        }
        entry ??= created(change.state, partition)
        apply(entry, change.state, change, open)
      }
      if (change.key !== null) seen.add(id, change.key, HANDLED)
      if (change.ownId !== null) seen.add(id, change.ownId, OURS)
      if (historyBytes > limits.historyBytes) clearHistories()
      if (entry === undefined || change.state === null) return 'committed'
      if (change.notices.length > 0) feed.add(stateOf(entry), change.notices)
      if (change.notifications.length > 0) notifications.add(id, change.notifications)
      return 'committed'
    },
    claimDue: (limit, leaseMs) => due.claim(limit, now(), leaseMs).map(({ id }) => id),
    // A single process: nobody else could claim it.
    release() {},
    nextDue: () => due.next(),
    history(id, page) {
      const entry = partitions.of(id).get(id)
      if (entry === undefined) return []
      dropOld(entry, now() - page.historyTtlMs)
      return pageOfHistory(entry, page)
    },
    list: (page) => listPage({ order, entryOf: (id) => partitions.of(id).get(id), now }, page),
    erase(id) {
      const entry = partitions.of(id).get(id)
      if (entry !== undefined) forget(entry)
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
    depth: () => ({ ...due.depth(now()), withDeadLetters }),
    check() {},
    close() {},
    sweep() {
      const time = now()
      for (const entry of partitions.next().values()) sweepOne(entry, time)
      makeRoom(STEPS_FOR_SWEEP)
      silentRows.sweep(clock.at(time))
      seen.sweep()
      feed.sweep()
    },
    restAfter(ms) {
      restsAfter = Math.ceil(ms / 1000)
    },
  }
}
