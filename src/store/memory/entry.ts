import type { ConversationId } from '../../conversation/ids.js'
import { LISTS } from '../../conversation/state/lifetimes.js'
import type { Conversation } from '../../conversation/state/state.js'
import { bytesOf, type History } from './history.js'
import type { Slot } from './table.js'

/** A conversation that is awake: its state and its history as objects. */
export interface Entry extends History {
  readonly slot: Slot
  readonly id: ConversationId
  state: Conversation
  /** Since when it waits to go to rest, in seconds, and which entry does so after it. */
  queuedAt: number
  next: Entry | null
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
