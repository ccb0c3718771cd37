import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { Conversation } from '../../conversation/state/state.js'
import { type MessageTexts, NO_TEXTS } from '../rows/message-texts.js'
import { createRecent } from '../rows/recent.js'
import { decodeState } from '../rows/state-row.js'
import { VERSION_WIDTH } from './scripts.js'

export interface StoredState {
  readonly state: Conversation
  readonly version: string
}

/** The cached last state of a conversation, which saves a round trip for its next event. */
export interface Remembered {
  readonly state: Conversation | null
  /** Null when there is none. */
  readonly version: string | null
  readonly texts: MessageTexts
  /** Its time in the due index; null when another process or a claim set it. */
  readonly dueAt: number | null
  /** Its last event was a repeat or concerned a message of ours: the next look-up must read from the server. */
  readonly isDoubtful: boolean
}

/** The last states that this process has read or committed. */
export interface StateCache {
  find(id: ConversationId): Remembered | undefined
  /**
   * Whether the last conversation that was not cached turned out to be stored. The next one probably is too: a process
   * meets mostly new customers, or, with more conversations than it caches and after its start, mostly known ones.
   */
  readonly areOthersStored: boolean
  /** Takes in a value that the server has for the conversation, null for none. */
  heard(id: ConversationId, value: string | null): Remembered
  /** Takes in a commit, made on what was cached before. */
  committed(id: ConversationId, before: Remembered, after: Remembered): void
  doubt(id: ConversationId, based: Remembered): void
  /** It was claimed: the due index has the end of its lease now. */
  claimed(id: ConversationId): void
  forget(id: ConversationId): void
}

/** Some 10 MB. Each is two dozen objects, which each collection of the whole heap comes by. */
const REMEMBERED = 4_000

/** What is assumed of a conversation that is not cached: that it is new. Its commit checks that. */
export const UNSEEN: Remembered = { state: null, version: null, texts: NO_TEXTS, dueAt: FOREVER, isDoubtful: false }

export function createStateCache(): StateCache {
  const recent = createRecent<Remembered>(REMEMBERED)
  let areOthersStored = false
  return {
    find: recent.get,
    get areOthersStored() {
      return areOthersStored
    },
    heard(id, value) {
      if (recent.get(id) === undefined) areOthersStored = value !== null
      const stored = value === null ? null : storedState(id, value)
      const what: Remembered = {
        state: stored?.state ?? null,
        version: stored?.version ?? null,
        texts: NO_TEXTS,
        dueAt: null,
        isDoubtful: false,
      }
      recent.set(id, what)
      return what
    },
    committed(id, before, after) {
      if (before === UNSEEN) areOthersStored = false
      recent.set(id, after)
    },
    doubt: (id, based) => recent.set(id, { ...based, isDoubtful: true }),
    claimed(id) {
      const known = recent.get(id)
      if (known !== undefined) recent.set(id, { ...known, dueAt: null })
    },
    forget: recent.delete,
  }
}

/** Reads the value that the server has for a conversation. */
export function storedState(id: ConversationId, value: string): StoredState {
  return { state: decodeState(id, value.slice(VERSION_WIDTH)), version: value.slice(0, VERSION_WIDTH) }
}
