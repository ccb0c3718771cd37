import type { ConversationId } from '../../conversation/ids.js'
import type { Message } from '../../conversation/state/message.js'
import { inOneShape } from '../../conversation/state/one-shape.js'
import type { Conversation } from '../../conversation/state/state.js'
import { ownCopy } from '../../conversation/text/text.js'
import { decodeHistory, encodeHistory } from '../rows/history-row.js'
import { encodeMessage } from '../rows/message-row.js'
import { textsFrom } from '../rows/message-texts.js'
import { listOf } from '../rows/row.js'
import { decodeState, encodeState } from '../rows/state-row.js'
import { atRest, restEnds } from './at-rest.js'
import { type Entry, openBytesOf } from './entry.js'
import { clearHistory, lastMessage, NO_MESSAGES, NOTHING_EARLIER, oldestAt, sharedWith } from './history.js'
import { createIdIndex } from './id-index.js'
import { createRowBlocks, type Row } from './row-blocks.js'
import { NEVER, type Seconds } from './seconds.js'
import type { Sums } from './sums.js'
import {
  HISTORY_BYTES,
  HISTORY_TTL,
  LIST,
  NOWHERE,
  OPEN_BYTES,
  REST_BYTES,
  type Slot,
  type Table,
  TIDY_AT,
  TOUCHED_AT,
} from './table.js'

/**
 * All conversations. One without an event for some seconds goes to rest: it becomes a row outside of the heap, which
 * costs the garbage collector nothing and takes half of the memory. Its next event wakes it.
 */
export interface Conversations {
  /** NOWHERE for an unknown id. */
  find(id: string): Slot
  add(state: Conversation): Entry
  remove(slot: Slot): void
  idOf(slot: Slot): ConversationId
  /** Wakes the conversation if it is at rest. */
  entryOf(slot: Slot): Entry
  isAtRest(slot: Slot): boolean
  /** For a look at many: those at rest stay so. */
  stateOf(slot: Slot): Conversation
  lastMessageOf(slot: Slot): Message | null
  historyBytesOf(slot: Slot): number
  clearHistory(slot: Slot): void
  setOpenBytes(slot: Slot, bytes: number): void
  /** Puts some of those that are silent to rest. */
  sweep(): void
}

const REST_S = 2
/** With each that wakes or begins so many go to rest, so that no more are awake than had an event of late. */
const RESTED_FOR_ONE = 2
/** Some milliseconds of work. */
const RESTED_BY_SWEEP = 200
/** A row is read again no sooner than this, to drop what is of no use any more. */
const TIDY_AFTER_S = 20 * 60
/** The weight in memory above which a conversation stays awake: to read a long row takes milliseconds. */
const MOST_BYTES = 128 * 1024

export function createConversations(parts: {
  readonly table: Table
  readonly clock: Seconds
  readonly sums: Pick<Sums, 'openBytes'>
  readonly seed: number
  /** How long a conversation is silent before `atRest` may drop something, in seconds. */
  readonly restsAfter: () => number
}): Conversations {
  const { table, clock, sums, restsAfter } = parts
  const rows = createRowBlocks(table)
  const index = createIdIndex(parts.seed, isOf)
  /** By slot; null for one at rest. */
  const entries: (Entry | null)[] = []
  /** Those that are awake, in the order in which they may go to rest. */
  let first: Entry | null = null
  let last: Entry | null = null

  function isOf(slot: Slot, id: string): boolean {
    const entry = entries[slot]!
    return entry === null ? rows.isOf(slot, id) : entry.id === id
  }

  function put(entry: Entry): Entry {
    entries[entry.slot] = entry
    // Rounded up, as the time of the event is.
    queue(entry, clock.now() + 1)
    rest(RESTED_FOR_ONE)
    return entry
  }

  function queue(entry: Entry, now: number): void {
    entry.queuedAt = now
    if (last === null) first = entry
    else last.next = entry
    last = entry
  }

  function rest(most: number): void {
    const now = clock.now()
    for (let i = 0; i < most && first !== null && isLongAgo(first.queuedAt, now); i++) {
      const entry: Entry = first
      first = entry.next
      // One that is garbage already, but in the old generation, would keep the next one alive.
      entry.next = null
      if (first === null) last = null
      if (entries[entry.slot] !== entry) continue
      if (!isLongAgo(table.get(entry.slot, TOUCHED_AT), now) || !toRow(entry)) queue(entry, now)
    }
  }

  function toRow(entry: Entry): boolean {
    const { slot, id, state } = entry
    if (entry.historyBytes + table.get(slot, OPEN_BYTES) > MOST_BYTES) return false
    const { messages, earlier } = entry
    const texts = listOf(messages, encodeMessage)
    const shared = sharedWith(entry, state.waiting)
    const own = messages.length - shared
    const isPut = rows.put(slot, {
      id,
      state: encodeState(state, textsFrom(messages, texts, state)),
      shared,
      oldestAt: oldestAt(entry, clock.at),
      newest: own > 0 ? messages[own - 1]!.seq : earlier.newest,
      history: encodeHistory(shared === 0 ? texts : texts.slice(0, own)),
      goesOn: earlier !== NOTHING_EARLIER,
    })
    if (!isPut) return false
    table.set(slot, HISTORY_BYTES, entry.historyBytes)
    const rested = atRest(state, clock.timeOf(table.get(slot, TOUCHED_AT) + restsAfter()))
    table.set(slot, REST_BYTES, rested === state ? table.get(slot, OPEN_BYTES) : openBytesOf(rested))
    table.set(slot, TIDY_AT, tidyAt(entry, rested))
    entries[slot] = null
    return true
  }

  /** When the sweep finds something to drop. A conversation with a flag alone is forgotten soon enough as a whole. */
  function tidyAt(entry: Entry, rested: Conversation): number {
    const { slot, state, historyBytes } = entry
    if (table.get(slot, LIST) === NOWHERE && table.get(slot, OPEN_BYTES) === 0) return NEVER
    const soonest = table.get(slot, TOUCHED_AT) + Math.max(restsAfter(), TIDY_AFTER_S)
    const ofState = rested === state ? Math.max(soonest, clock.at(restEnds(state))) : soonest
    const ofHistory = historyBytes === 0 ? NEVER : oldestAt(entry, clock.at) + table.get(slot, HISTORY_TTL)
    return Math.min(ofState, ofHistory, NEVER)
  }

  /** Its row stays, for the messages in it. */
  function wake(slot: Slot): Entry {
    const entry = resting(slot)
    setOpenBytes(slot, openBytesOf(entry.state))
    return put(entry)
  }

  /** What the row of a conversation at rest says. */
  function resting(slot: Slot): Entry {
    const row = rows.get(slot)
    const state = stateIn(row)
    const { oldestAt, newest, shared } = row
    return {
      slot,
      id: state.id,
      state,
      messages: shared === 0 ? NO_MESSAGES : state.waiting.slice(-shared),
      earlier: newest === 0 ? NOTHING_EARLIER : { oldestAt, newest, read: () => decodeHistory(rows.historyOf(slot)) },
      historyBytes: table.get(slot, HISTORY_BYTES),
      queuedAt: 0,
      next: null,
    }
  }

  function setOpenBytes(slot: Slot, bytes: number): void {
    sums.openBytes += bytes - table.get(slot, OPEN_BYTES)
    table.set(slot, OPEN_BYTES, bytes)
  }

  function idOf(slot: Slot): ConversationId {
    return entries[slot]?.id ?? (rows.idOf(slot) as ConversationId)
  }

  function stateOf(slot: Slot): Conversation {
    return entries[slot]?.state ?? stateIn(rows.get(slot))
  }

  return {
    find: index.find,
    add(state) {
      const slot = table.take()
      const id = ownCopy(state.id)
      index.add(id, slot)
      return put({
        slot,
        id,
        state: inOneShape(state, id),
        messages: NO_MESSAGES,
        earlier: NOTHING_EARLIER,
        historyBytes: 0,
        queuedAt: 0,
        next: null,
      })
    },
    remove(slot) {
      index.remove(idOf(slot), slot)
      rows.drop(slot)
      entries[slot] = null
      table.free(slot)
    },
    idOf,
    entryOf: (slot) => entries[slot] ?? wake(slot),
    isAtRest: (slot) => entries[slot] === null,
    stateOf,
    lastMessageOf: (slot) => lastMessage(entries[slot] ?? resting(slot)),
    historyBytesOf: (slot) => entries[slot]?.historyBytes ?? table.get(slot, HISTORY_BYTES),
    clearHistory(slot) {
      const entry = entries[slot]!
      if (entry !== null) clearHistory(entry)
      else if (table.get(slot, HISTORY_BYTES) > 0) {
        rows.clearHistory(slot)
        table.set(slot, HISTORY_BYTES, 0)
      }
    },
    setOpenBytes,
    sweep() {
      rest(RESTED_BY_SWEEP)
      rows.tidy()
    },
  }
}

function stateIn({ id, state }: Row): Conversation {
  return decodeState(id as ConversationId, state)
}

/** Where the clock was set back, a time ahead counts too. */
function isLongAgo(at: number, now: number): boolean {
  return Math.abs(now - at) >= REST_S
}
