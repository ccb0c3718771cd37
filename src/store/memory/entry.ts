import type { ConversationId } from '../../conversation/ids.js'
import { LISTS } from '../../conversation/state/lifetimes.js'
import { inOneShape } from '../../conversation/state/one-shape.js'
import { type Conversation, isSilent } from '../../conversation/state/state.js'
import { decodeState } from '../rows/state-row.js'
import { bytesOf, type History, NO_MESSAGES } from './history.js'

/**
 * A conversation in the memory store: state, history, and its positions in the indexes. Times are whole seconds since
 * the store was opened, because small integers need no heap object.
 */
export interface Entry extends History {
  readonly id: ConversationId
  /** The state, or its row: see silent-rows.ts. */
  kept: Conversation | string
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
  // A copy: the id is often a slice of a request's string, which it would keep in memory as a whole.
  const id = Buffer.from(state.id, 'latin1').toString('latin1') as ConversationId
  return {
    id,
    kept: inOneShape(state, id),
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

export function stateOf({ id, kept }: Entry): Conversation {
  return typeof kept === 'string' ? decodeState(id, kept) : kept
}

export function stateIn(entry: Entry | undefined): Conversation | null {
  return entry === undefined ? null : stateOf(entry)
}

/** Only silent conversations are kept as rows. */
export function isSilentEntry({ kept }: Entry): boolean {
  return typeof kept === 'string' || isSilent(kept)
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
