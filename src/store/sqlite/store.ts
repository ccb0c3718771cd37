import { FOREVER } from '../../conversation/channel.js'
import type { Known } from '../../conversation/decide.js'
import type { ConversationId } from '../../conversation/ids.js'
import { lastWords } from '../../conversation/notices.js'
import type { Change, Loaded, Question, Store } from '../../engine/ports.js'
import { createLeases } from '../in-process/leases.js'
import { createTickets } from '../in-process/tickets.js'
import { createRecent } from '../rows/recent.js'
import { decodeState } from '../rows/state-row.js'
import { createLastingChannels } from './channel-facts.js'
import { createConversationTable, type Remembered } from './conversation-table.js'
import { createDepth } from './depth.js'
import { createDue } from './due.js'
import { endLeases } from './end-leases.js'
import { failureOf } from './failures.js'
import { createFeed } from './feed.js'
import { createGroup } from './group.js'
import { knownOf } from './known.js'
import { createList } from './list.js'
import { createMessageReader, createMessageTable } from './message-table.js'
import { createNotifications } from './notifications.js'
import { createNumbers } from './numbers.js'
import type { OpenedDatabase } from './open-database.js'
import { createSealedTokens } from './sealed-tokens.js'
import { createSeen } from './seen.js'
import { createTidy } from './tidy.js'
import { createWal } from './wal.js'

/** The store in a single SQLite file, for one process. */
export interface SqliteStore extends Store {
  /** Removes some expired data, and writes what may be written late. Failures are reported to `failed`. */
  tidy(): void
  /** Moves committed data from the WAL into the file. */
  tick(): void
}

/** Conversations whose state is cached: about 50 MB at most, usually a tenth of that. */
const REMEMBERED = 20_000

export function createSqliteStore(parts: {
  readonly opened: OpenedDatabase
  readonly now: () => number
  /** How long, and with how many entries, the feed is kept for clients that reconnect. */
  readonly feedLifeMs: number
  readonly mostFeedEntries: number
  /** For the column that people read. */
  readonly platformOf: (pageId: string) => string | null
  readonly committed: (ms: number) => void
  readonly failed: (error: Error) => void
}): SqliteStore {
  const { opened, now, platformOf } = parts
  const { writer, reader, path } = opened
  endLeases(writer, now())
  const recent = createRecent<Remembered>(REMEMBERED)
  const table = createConversationTable(writer, now, platformOf)
  const messages = createMessageTable(writer)
  const known = createMessageReader(writer)
  const shown = createMessageReader(reader)
  const seen = createSeen(writer, now)
  const due = createDue(reader, now)
  const numbers = createNumbers(writer, now)
  const { isChanged: areChannelsChanged, write: writeChannels, ...channels } = createLastingChannels(writer, now)
  const list = createList({ database: reader, messages: shown, now, guarded })
  const group = createGroup({ database: writer, committed: onCommitted, failed: onFailed })
  const feed = createFeed({
    writer,
    reader,
    group,
    now,
    lifeMs: parts.feedLifeMs,
    mostEntries: parts.mostFeedEntries,
    newestNumber: numbers.newest,
  })
  const notifications = createNotifications({ writer, reader, group, now, nextNumber: numbers.next })
  const wal = createWal({ writer, opened, group, failed: (error) => parts.failed(failureOf(error, path)) })
  const tidyConversations = createTidy({ database: writer, messages, now, forget })
  const stateOf = reader.prepare('SELECT data FROM conversations WHERE id = ?')
  const depth = createDepth(reader, now, due)
  const check = writer.prepare(`UPDATE numbers SET value = value + 1 WHERE name = 'checked'`)
  let grown = 0

  function onCommitted(ms: number): void {
    parts.committed(ms)
    feed.committed()
    due.committed()
    wal.grew(grown)
    grown = 0
  }

  function onFailed(error: unknown): Error {
    recent.clear()
    numbers.undone()
    feed.undone()
    due.undone()
    grown = 0
    const failure = failureOf(error, path)
    parts.failed(failure)
    return failure
  }

  function look(id: ConversationId): Remembered {
    let found = recent.get(id)
    if (found === undefined) {
      found = guarded(() => table.look(id))
      recent.set(id, found)
    }
    return found
  }

  function guarded<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw failureOf(error, path)
    }
  }

  function loadFresh(id: ConversationId, question: Question): Loaded {
    const { state, version, isDoubtful, ...rest } = look(id)
    if (isDoubtful) recent.set(id, { ...rest, state, version, isDoubtful: false })
    return { state, version, known: guarded(() => knownOf({ seen, messages: known }, id, question)), isFresh: true }
  }

  /** Applies a change within the group's transaction, all of it or nothing; false on a conflict. */
  function apply(id: ConversationId, before: Remembered, change: Change): boolean {
    const { state, key, notOurs, ownId } = change
    if ((notOurs !== null && seen.isOurs(id, notOurs)) || (key !== null && !seen.handle(id, key))) {
      recent.set(id, { ...before, isDoubtful: true })
      return false
    }
    if (ownId !== null) seen.own(id, ownId)
    if (state === null) return true
    recent.set(id, table.put(before, { ...change, state }, numbers.next()))
    due.unlease(id)
    writeMessages(id, before.state?.seq ?? 0, change)
    if (change.notices.length > 0) feed.add(state, change.notices, numbers.next)
    if (change.notifications.length > 0) notifications.add(id, change.notifications)
    grown += 1
    return true
  }

  function writeMessages(id: ConversationId, newest: number, { records, historyTtlMs }: Change): void {
    if (historyTtlMs === 0) {
      if (newest > 0) messages.drop(id)
      return
    }
    const platform = platformOf(id.slice(0, id.indexOf('-')))
    for (const message of lastWords(records)) {
      if (message.seq <= newest) messages.change(id, message, platform)
      else {
        messages.add(id, message, platform)
        messages.trim(id, message.seq)
      }
    }
  }

  /** Must be called within a transaction. */
  function forget(id: ConversationId): void {
    messages.drop(id)
    table.drop(id)
    due.unlease(id)
    recent.delete(id)
  }

  return {
    now,
    load(id, question) {
      const { find } = question
      if (find !== null && find.is !== 'ours') return fresh(id, question)
      const { state, version, isDoubtful } = look(id)
      // Assumes that the event is new; the commit checks it.
      return isDoubtful ? fresh(id, question) : { state, version, known: NOTHING_KNOWN, isFresh: false }
    },
    loadFresh: fresh,
    commit(id, version, change) {
      const before = look(id)
      if (before.version !== version) return 'conflict'
      const { value, settled } = group.write(() => apply(id, before, change))
      return value ? settled.then(committed) : 'conflict'
    },
    read(id) {
      const row = guarded(() => stateOf.get(id)) as { readonly data: string } | undefined
      return row === undefined ? null : decodeState(id, row.data)
    },
    claimDue: (limit, leaseMs) => guarded(() => due.claim(limit, leaseMs)),
    // A single process: nobody else could claim it.
    release() {},
    nextDue: due.next,
    async erase(id) {
      const { value: newest, settled } = group.write(() => {
        forget(id)
        notifications.forget(id)
        return numbers.newest()
      })
      await settled
      await feed.forget(id, newest)
      await wal.scrub()
    },
    listen: feed.listen,
    readFeed: (after, id, limit) =>
      feed.read(after, id, limit).catch((error: unknown) => {
        throw failureOf(error, path)
      }),
    readFeedBack: (before, limit) => guarded(() => feed.readBack(before, limit)),
    ...createTickets(now),
    history(id, { historyTtlMs, ...page }) {
      return guarded(() => shown.page(id, page, historyTtlMs === FOREVER ? 0 : now() - historyTtlMs))
    },
    list,
    ...channels,
    leases: createLeases(now),
    tokens: createSealedTokens({ writer, reader, group, guarded }),
    notifications,
    depth: () => guarded(depth),
    check: () => group.write(() => void check.run()).settled,
    tidy() {
      try {
        group.write(() => {
          if (areChannelsChanged()) writeChannels()
          tidyConversations()
          seen.tidy()
          feed.tidy()
          notifications.tidy()
        })
      } catch {
        // The failure has been reported; the next call tries again.
      }
    },
    tick: wal.tick,
    async close() {
      if (areChannelsChanged()) group.write(writeChannels)
      group.flush()
      await wal.rest()
      await opened.close()
    },
  }

  function fresh(id: ConversationId, question: Question): Loaded | Promise<Loaded> {
    const settled = group.settled()
    // What is not in the file yet may still be rolled back, so wait for it.
    return settled === null ? loadFresh(id, question) : settled.then(() => loadFresh(id, question))
  }
}

const NOTHING_KNOWN: Known = { isSeen: false, isOurs: false, message: null }

const committed = (): 'committed' => 'committed'
