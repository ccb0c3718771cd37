import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { MaybePromise } from '../../engine/maybe-promise.js'
import { type Change, type Loaded, type Question, RouterError, SEND_WINDOW_MS, type Store } from '../../engine/ports.js'
import type { Timers } from '../../engine/timers.js'
import { messageTexts } from '../rows/message-texts.js'
import { channelFacts, createChannelNotes } from './channel-notes.js'
import { createServerClock } from './clock.js'
import { withCommands } from './commands.js'
import { commitArguments, listsTouched } from './commit-arguments.js'
import { CONFLICT } from './commit-script.js'
import { type Client, createLine, retryDelay } from './connect.js'
import { depth } from './depth.js'
import { createDue } from './due.js'
import { readFeed, readFeedBack } from './feed.js'
import { decodeEntry, headStart } from './feed-entry.js'
import { historyPage } from './history.js'
import { createKeys, PARTITIONS } from './keys.js'
import { createKnown, NOTHING_KNOWN } from './known.js'
import { listPage } from './list.js'
import { createLive } from './live.js'
import { createNotifications } from './notifications.js'
import { findOldLists } from './old-lists.js'
import { createPlaces } from './places.js'
import { createPutRight } from './put-right.js'
import { VERSION_WIDTH } from './scripts.js'
import { periodAt, SEEN, SEEN_PERIOD_MS } from './seen.js'
import { createStateCache, type Remembered, type StoredState, storedState, UNSEEN } from './state-cache.js'
import { createTidying } from './tidy.js'

/** The store in Redis, for any number of processes. */

/** A part of a partition at a time; all of them within a few minutes. */
const TIDY_EVERY_MS = 5_000
const NOTE_CHANNEL_EVERY_MS = 500
/** By then the connection is up, and no failure is logged. */
const FIRST_LOOK_AFTER_MS = 250

export function createRedisStore(parts: {
  readonly client: Client
  readonly prefix: string
  /** Nine characters, unique among all processes ever. */
  readonly processId: string
  readonly now: () => number
  readonly timers: Timers
  /** How long the feed is kept for clients that reconnect. */
  readonly feedLifeMs: number
  /** The database holds data that this version cannot use; waiting does not help. */
  readonly onForeign: (message: string) => void
}): Store {
  const { processId, timers, feedLifeMs } = parts
  const keys = createKeys(parts.prefix)
  const commands = withCommands(parts.client)
  const cache = createStateCache()
  const clock = createServerClock(parts.now)
  const due = createDue({ commands, keys, clock, ownTime: parts.now })
  const nextPlace = createPlaces(clock.now)
  const notes = createChannelNotes(
    (channelId, direction, at) => commands.setField(keys.channel(channelId), direction, String(at)),
    NOTE_CHANNEL_EVERY_MS,
    timers,
  )
  const live = createLive({
    channel: keys.live(),
    open: () => createLine(parts.client),
    decode: (streamId, text) => decodeEntry(streamId, text, keys.partitionOf),
    retryDelay,
    timers,
  })
  const knownOf = createKnown({ commands, keys, now: clock.now })
  let commits = 0
  let isLaidOut = false

  const putRight = createPutRight({ commands, keys, look })
  const tidy = createTidying({ commands, keys, putRight, now: clock.now, feedLifeMs })
  const stopTidying = timers.every(TIDY_EVERY_MS, () => tidy().catch(ignore))

  async function whenLaidOut(): Promise<void> {
    if (!isLaidOut) await prepare()
  }

  const tryToWrite = (): Promise<void> => commands.tryToWrite(keys.layout(), keys.live())

  /**
   * Before the first use: checks that the partitions match this version's and that commits are permitted as a whole, and
   * reads the server's clock.
   */
  async function prepare(): Promise<void> {
    await commands.setOnce(keys.layout(), String(PARTITIONS))
    const layout = await commands.get(keys.layout())
    if (layout !== String(PARTITIONS)) {
      const message = `Redis holds ${layout} partitions and this version works with ${PARTITIONS}; use another REDIS_PREFIX.`
      parts.onForeign(message)
      throw new RouterError('store_unavailable', message)
    }
    await tryToWrite()
    const askedAt = parts.now()
    clock.heard(await commands.time(), askedAt)
    ;(await findOldLists({ commands, keys, putRight }))().catch(ignore)
    isLaidOut = true
  }

  function nextVersion(): string {
    commits += 1
    return processId + commits.toString(36).padStart(VERSION_WIDTH - processId.length, '0')
  }

  async function readState(id: ConversationId): Promise<Remembered> {
    return cache.heard(id, await commands.get(keys.conversation(id)))
  }

  async function loadFresh(id: ConversationId, question: Question): Promise<Loaded> {
    if (!isLaidOut) await prepare()
    const [{ state, version }, known] = await Promise.all([readState(id), knownOf(id, question)])
    return { state, version, known, isFresh: true }
  }

  function commit(id: ConversationId, version: string | null, change: Change): MaybePromise<'committed' | 'conflict'> {
    if (!isLaidOut) return prepare().then(() => commit(id, version, change))
    const based = cache.find(id) ?? UNSEEN
    // The cache has changed since the state was loaded: deciding again uses the newer one.
    if (based.version !== version) return 'conflict'
    const now = clock.now()
    const { state } = change
    const next = state === null ? null : { state, version: nextVersion(), texts: messageTexts(based, state) }
    const period = periodAt(now)
    const [list, listBefore] = listsTouched(based.state, change.state)
    const touched = keys.committed(id, period, list, listBefore)
    const seenUntil = (period + 2) * SEEN_PERIOD_MS
    const args = commitArguments({ id, based, next, change, now, seenUntil, place: nextPlace(), live: keys.live() })
    return commands.commit(touched, args).then(
      ([outcome, value]) => {
        // A cluster's client resends a command after it lost the connection: the stored version may be this very commit's.
        const isOurs = outcome === CONFLICT && next !== null && value?.startsWith(next.version) === true
        if (outcome === CONFLICT && !isOurs) {
          cache.heard(id, value ?? null)
          return 'conflict'
        }
        if (outcome === SEEN) {
          cache.doubt(id, based)
          return 'conflict'
        }
        if (next !== null) {
          const { state, version, texts } = next
          cache.committed(id, based, { state, version, texts, dueAt: change.dueAt, isDoubtful: false })
          due.hint(keys.partitionOf(id), change.dueAt)
        }
        return 'committed'
      },
      (error: unknown) => {
        // Whether the commit was executed is unknown: the next load must read from the server.
        cache.forget(id)
        throw error
      },
    )
  }

  async function erase(id: ConversationId): Promise<void> {
    try {
      await commands.erase(keys.erased(id), id, headStart(id), feedLifeMs)
    } finally {
      cache.forget(id)
    }
  }

  async function look(id: ConversationId): Promise<StoredState | null> {
    const value = await commands.get(keys.conversation(id))
    if (value === null) return null
    return storedState(id, value)
  }

  return {
    now: clock.now,
    load(id, question) {
      const cached = cache.find(id)
      const isGuess = question.find === null || question.find.is === 'ours'
      if (!isLaidOut || !isGuess || cached?.isDoubtful) return loadFresh(id, question)
      if (cached === undefined && cache.areOthersStored) return readState(id).then(guessed)
      return guessed(cached ?? UNSEEN)
    },
    loadFresh,
    commit: (id, version, change) => commit(id, version as string | null, change),
    read: async (id) => (await look(id))?.state ?? null,
    async claimDue(limit, leaseMs) {
      if (!isLaidOut) await prepare()
      const ids = await due.claim(limit, leaseMs)
      for (const id of ids) cache.claimed(id)
      return ids
    },
    release: (id) => commands.setScore(keys.due(keys.partitionOf(id)), AT_ONCE, id),
    erase,
    listen: live.listen,
    async readFeed(after, id, limit) {
      await whenLaidOut()
      return readFeed({ commands, keys, now: clock.now, lifeMs: feedLifeMs }, after, id, limit)
    },
    async readFeedBack(before, limit) {
      await whenLaidOut()
      return readFeedBack({ commands, keys }, before, limit)
    },
    putTicket: (ticket, key, lifeMs) => commands.setForAWhile(keys.ticket(ticket), key, Math.ceil(lifeMs)),
    takeTicket: (ticket) => commands.take(keys.ticket(ticket)),
    nextDue: () => (isLaidOut ? due.next() : clock.now() + FIRST_LOOK_AFTER_MS),
    history(id, { historyTtlMs, ...page }) {
      return historyPage({ commands, keys }, id, page, historyTtlMs === FOREVER ? 0 : clock.now() - historyTtlMs)
    },
    list: (page) => listPage({ commands, keys, look, putRight, now: clock.now }, page),
    async takeSlot(channelId, perSecond, earliest) {
      return Number(await commands.slot(keys.slots(channelId), perSecond, SEND_WINDOW_MS, earliest))
    },
    noteChannel: notes.note,
    noteTrouble(channelId, trouble) {
      // A lost note is written again by the next send or probe.
      commands.setField(keys.channel(channelId), 'trouble', JSON.stringify(trouble)).catch(ignore)
    },
    channelFacts: (channelId) => channelFacts(commands, keys.channel(channelId)),
    leases: {
      take: (name, holder, lifeMs) => commands.lease(keys.lease(name), holder, lifeMs),
      end: (name, holder) => commands.endLease(keys.lease(name), holder),
    },
    notifications: createNotifications({ commands, keys }),
    tokens: {
      read: (channelId) => commands.get(keys.token(channelId)),
      replace: (channelId, expected, sealed) => commands.replace(keys.token(channelId), expected, sealed),
    },
    depth: () => depth(commands, keys, clock.now()),
    async check() {
      if (!isLaidOut) await prepare()
      await tryToWrite()
    },
    close() {
      stopTidying()
      notes.close()
      live.close()
      commands.close()
    },
  }
}

/** In the past for every server, whatever their clocks' difference. */
const AT_ONCE = 0
/** Assumes that the cache is current and the event is new; the commit checks both. */
function guessed({ state, version }: Remembered): Loaded {
  return { state, version, known: NOTHING_KNOWN, isFresh: false }
}

/** The next timer tries again. */
function ignore(): void {}
