import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { Conversation } from '../../conversation/state.js'
import { bytesOf, createHistory, type History } from './history.js'

/** A conversation as the memory store holds it: its state, its history, and its place in the order of activity. */
export interface Entry {
  readonly id: ConversationId
  state: Conversation
  version: number
  readonly history: History
  /** What the texts of its open work weigh. */
  openBytes: number
  dueAt: number
  /** When the due queue will bring it up, 0 for not queued; sooner than `dueAt` after a due time moved away. */
  queuedAt: number
  keepUntil: number
  historyTtlMs: number
  touchedAt: number
  /** Grows with every message over all conversations: a place in the list that outlasts the list. */
  activity: number
  newer: Entry | null
  older: Entry | null
}

export function createEntry(id: ConversationId, state: Conversation): Entry {
  return {
    id,
    state,
    version: 0,
    history: createHistory(),
    openBytes: 0,
    dueAt: FOREVER,
    queuedAt: 0,
    keepUntil: 0,
    historyTtlMs: 0,
    touchedAt: 0,
    activity: 0,
    newer: null,
    older: null,
  }
}

export function openBytesOf(state: Conversation): number {
  let bytes = 0
  for (const message of state.waiting) bytes += bytesOf(message)
  for (const each of state.setAside) bytes += bytesOf(each.message)
  for (const each of state.sent) bytes += bytesOf(each.message)
  return bytes
}
