import { FOREVER } from '../../conversation/channel.js'
import { LISTS } from '../../conversation/state/lifetimes.js'
import { NO_OUTBOX } from '../../conversation/state/outbox-state.js'
import type { Conversation } from '../../conversation/state/state.js'

/**
 * The state of a conversation that was silent for longer than any rule looks back, without what its next event would
 * prune anyway. Otherwise a million silent conversations would hold their last texts outside of the history's byte
 * limit.
 */
export function atRest(state: Conversation, now: number): Conversation {
  let rested = state
  for (const list of LISTS) rested = list.rested(rested, now)
  return withSharedOutbox(rested)
}

/** When that first drops something by its time; FOREVER for never. */
export function restEnds(state: Conversation): number {
  let end = FOREVER
  for (let i = 0; i < LISTS.length; i++) end = Math.min(end, LISTS[i]!.restEnds(state))
  return end
}

/** Shares one empty outbox among all conversations. */
function withSharedOutbox(state: Conversation): Conversation {
  const { parts, setAside, dead, posts } = state.outbox
  const isEmpty = parts.length + setAside.length + dead.length + posts.length === 0
  return isEmpty && state.outbox !== NO_OUTBOX ? { ...state, outbox: NO_OUTBOX } : state
}
