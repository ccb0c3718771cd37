import { LISTS } from '../../conversation/state/lifetimes.js'
import type { Conversation } from '../../conversation/state/state.js'
import { bytesOf, type History, NO_MESSAGES } from './history.js'

/**
 * A conversation as the memory store holds it: its state, its history, and its place in every order. Its times are whole
 * seconds since the store was opened: small integers cost no memory of their own.
 */
export interface Entry extends History {
  state: Conversation
  version: number
  /** What the texts of its open work weigh. */
  openBytes: number
  /** Where the due queue holds it, -1 for nowhere. */
  duePlace: number
  keepUntil: number
  historyTtl: number
  touchedAt: number
  /** Grows with every message over all conversations: a place in the list that outlasts the list. */
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

/** What the texts weigh that the state holds, which no eviction of the history can free. */
export function openBytesOf(state: Conversation): number {
  const { run, share } = state.asking
  let bytes = 0
  for (const list of LISTS) bytes += list.bytes(state, bytesOf)
  if (run !== null) for (const message of run.messages) bytes += bytesOf(message)
  if (share !== null) bytes += bytesOf(share.message)
  return bytes
}
