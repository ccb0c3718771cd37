import { LISTS } from '../../conversation/state/lifetimes.js'
import { NO_OUTBOX } from '../../conversation/state/outbox-state.js'
import type { Conversation } from '../../conversation/state/state.js'

/**
 * A conversation in which nothing happened for longer than any rule looks back, without what its next event would prune
 * unseen. Otherwise a million silent ones would hold on to their last texts, outside of what the history may weigh.
 */
export function atRest(state: Conversation, now: number): Conversation {
  let rested = state
  for (const list of LISTS) rested = list.rested(rested, now)
  return withSharedOutbox(rested)
}

/** One empty outbox for all that have none. */
function withSharedOutbox(state: Conversation): Conversation {
  const { parts, setAside, dead, posts } = state.outbox
  const isEmpty = parts.length + setAside.length + dead.length + posts.length === 0
  return isEmpty && state.outbox !== NO_OUTBOX ? { ...state, outbox: NO_OUTBOX } : state
}
