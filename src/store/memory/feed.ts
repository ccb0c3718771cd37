import type { ConversationId } from '../../conversation/ids.js'
import type { Notice } from '../../conversation/notices.js'
import { type Conversation, newConversation, type Profile } from '../../conversation/state/state.js'
import type { FeedEntry, FeedListener, FeedPage, FeedPart, StopListening } from '../../engine/ports.js'
import { cursorOf, FRAME_ADVICE, numberOf, PAGE_ADVICE } from '../in-process/feed-cursor.js'
import { createFeedListeners } from '../in-process/feed-listeners.js'
import { bytesOf } from './history.js'

/** The newest events for WebSocket clients, in one ring buffer for all conversations. */
export interface Feed {
  add(state: Conversation, notices: readonly Notice[]): void
  listen(listener: FeedListener): StopListening
  read(after: string, id: ConversationId | null, limit: number): FeedPage
  readBack(before: string | null, limit: number): FeedPart
  forget(id: ConversationId): void
  /** Drops entries past the feed's life. */
  sweep(): void
}

/** Minutes of a busy service: enough for a browser to reconnect. */
const MOST_ENTRIES = 20_000
/** More than a process can commit, so that a cursor of an earlier process is never one of this process. */
const ENTRIES_PER_MS = 1_000

/** Only what clients are told: a whole state would keep alive what the conversation itself has dropped. */
interface Told {
  readonly id: ConversationId
  readonly createdAt: number
  readonly profile: Profile
  /** Only for an entry about the state. */
  readonly state: Conversation | null
  readonly notice: Notice
  readonly at: number
}

export function createFeed(parts: {
  readonly now: () => number
  readonly mostBytes: number
  readonly lifeMs: number
}): Feed {
  const { now, mostBytes, lifeMs } = parts
  const base = Math.floor(now()) * ENTRIES_PER_MS
  const ring: (Told | null)[] = []
  const listeners = createFeedListeners()
  let oldest = base + 1
  let newest = base
  let bytes = 0
  /** The last entry delivered to the listeners. */
  let heard = base
  let isTelling = false

  function slotOf(number: number): number {
    return (number - base - 1) % MOST_ENTRIES
  }

  function drop(number: number): void {
    const slot = slotOf(number)
    const told = ring[slot]!
    if (told !== null) bytes -= weightOf(told.notice)
    ring[slot] = null
  }

  function dropOldest(): void {
    drop(oldest)
    oldest += 1
  }

  function put({ id, createdAt, profile }: Conversation, state: Conversation | null, notice: Notice): void {
    if (newest - oldest + 1 === MOST_ENTRIES) dropOldest()
    newest += 1
    ring[slotOf(newest)] = { id, createdAt, profile, state, notice, at: now() }
    bytes += weightOf(notice)
    while (bytes > mostBytes && oldest < newest) dropOldest()
  }

  /** Delivers entries in sequence, also when a listener commits something itself. */
  function tell(): void {
    if (isTelling) return
    isTelling = true
    while (heard < newest) {
      heard += 1
      const told = ring[slotOf(heard)]!
      if (listeners.hasAny() && told !== null) listeners.tell(entryOf(heard, told))
    }
    isTelling = false
  }

  return {
    add(state, notices) {
      for (const notice of notices) put(state, notice.is === 'status' ? state : null, notice)
      tell()
    },
    listen: listeners.listen,
    read(after, id, limit) {
      const cursor = numberOf(after, FRAME_ADVICE)
      // A cursor from the future is from a process whose clock was ahead: what it has seen is unknown here.
      const isTooOld = cursor + 1 < oldest || cursor > newest
      const entries: FeedEntry[] = []
      for (let number = Math.max(cursor + 1, oldest); number <= newest; number++) {
        const told = ring[slotOf(number)]!
        if (told === null || (id !== null && told.id !== id)) continue
        if (entries.length === limit) return { entries, isTooOld, isCut: true }
        entries.push(entryOf(number, told))
      }
      return { entries, isTooOld, isCut: false }
    },
    readBack(before, limit) {
      const end = before === null ? newest + 1 : numberOf(before, PAGE_ADVICE)
      const entries: FeedEntry[] = []
      for (let number = Math.min(end - 1, newest); number >= oldest; number--) {
        const told = ring[slotOf(number)]!
        if (told === null) continue
        if (entries.length === limit) return { entries, isCut: true }
        entries.push(entryOf(number, told))
      }
      return { entries, isCut: false }
    },
    forget(id) {
      for (let number = oldest; number <= newest; number++) if (ring[slotOf(number)]?.id === id) drop(number)
    },
    sweep() {
      const before = now() - lifeMs
      for (; oldest <= newest; dropOldest()) {
        const told = ring[slotOf(oldest)]!
        if (told !== null && told.at >= before) return
      }
    },
  }
}

function entryOf(number: number, { id, createdAt, profile, state, notice }: Told): FeedEntry {
  return {
    cursor: cursorOf(number),
    state: state ?? { ...newConversation(id, createdAt), profile },
    notice,
  }
}

function weightOf(notice: Notice): number {
  return notice.is === 'status' ? 0 : bytesOf(notice.message)
}
