import { LISTS } from '../../conversation/state/lifetimes.js'
import type { Conversation } from '../../conversation/state/state.js'
import { bytesOf, type History, NO_MESSAGES } from './history.js'

/**
 * A conversation in the memory store: state, history, and its positions in the indexes. Times are whole seconds since
 * the store was opened, because small integers need no heap object.
 */
export interface Entry extends History {
  state: Conversation
  version: number
  /** The bytes of the texts of its open work. */
  openBytes: number
  /** Its position in the due queue; -1 for none. */
  duePlace: number
  keepUntil: number
  historyTtl: number
  touchedAt: number
  /** Grows with every message of any conversation: a list cursor that stays valid when entries move. */
  activity: number
  newer: Entry | null
  older: Entry | null
}

export function createEntry(state: Conversation): Entry {
  return {
    state,
    version: 0,
    messages: NO_MESSAGES,
    historyBytes: 0,
    openBytes: 0,
    duePlace: -1,
    keepUntil: 0,
    historyTtl: 0,
    touchedAt: 0,
    activity: 0,
    newer: null,
    older: null,
  }
}

/** The bytes of the texts in the state, which evicting history cannot free. */
export function openBytesOf(state: Conversation): number {
  const { run, share } = state.asking
  let bytes = 0
  for (let i = 0; i < LISTS.length; i++) bytes += LISTS[i]!.bytes(state, bytesOf)
  if (run !== null) for (const message of run.messages) bytes += bytesOf(message)
  if (share !== null) bytes += bytesOf(share.message)
  return bytes
}
