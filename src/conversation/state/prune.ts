import { FOREVER, type Policy } from '../channel.js'
import { IDLE_LIFE_MS, LISTS } from './lifetimes.js'
import { NONE } from './none.js'
import type { Conversation } from './state.js'

/** Removes what has expired since the last event, before any rule looks at it. */
export function prune(conversation: Conversation, policy: Policy, now: number): Conversation {
  let state = conversation
  for (let i = 0; i < LISTS.length; i++) state = LISTS[i]!.pruned(state, policy, now)
  return withoutUndisputed(conversation, state)
}

/** A pause that ended by itself was right: what it set aside is not restored any more. */
function withoutUndisputed(before: Conversation, state: Conversation): Conversation {
  if (state.setAside.length === 0 && state.outbox.setAside.length === 0) return state
  const isDisputed = state.causes.length > 0 && state.causes === before.causes
  return isDisputed ? state : withNothingAside(state)
}

/** Drops what a pause set aside, so that a correction restores nothing. */
export function withNothingAside(state: Conversation): Conversation {
  const { outbox } = state
  if (outbox.setAside.length === 0) return { ...state, setAside: NONE }
  return {
    ...state,
    setAside: NONE,
    outbox: { ...outbox, setAside: NONE },
  }
}

/**
 * When the first text in the state outlives the history, if nothing happens until then: the due index wakes the
 * conversation at that time to prune it. FOREVER when there is none, or when the history is kept as long as the
 * state.
 */
export function wordsEnd(state: Conversation, policy: Policy): number {
  if (policy.historyTtlMs >= IDLE_LIFE_MS) return FOREVER
  let end = FOREVER
  for (const list of LISTS) end = Math.min(end, list.wordsEnd(state, policy))
  return end === FOREVER ? FOREVER : Math.max(end, state.lastMessageAt + policy.historyTtlMs)
}
