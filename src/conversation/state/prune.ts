import { FOREVER, type Policy } from '../channel.js'
import { IDLE_LIFE_MS, LISTS } from './lifetimes.js'
import { type Conversation, kept } from './state.js'

/** Whatever ran out since the last event goes first, so that no rule meets it. */
export function prune(conversation: Conversation, policy: Policy, now: number): Conversation {
  let state = conversation
  for (const list of LISTS) state = list.pruned(state, policy, now)
  return withoutUndisputed(conversation, state)
}

/** A pause that ended by itself was right: nothing that it set aside is brought back any more. */
function withoutUndisputed(before: Conversation, state: Conversation): Conversation {
  if (state.setAside.length === 0 && state.outbox.setAside.length === 0) return state
  const isDisputed = state.causes.length > 0 && state.causes === before.causes
  return isDisputed ? state : withNothingAside(state)
}

/** From now on a pause that proves wrong brings nothing back. */
export function withNothingAside(state: Conversation): Conversation {
  const { outbox } = state
  if (outbox.setAside.length === 0) return { ...state, setAside: kept(state.setAside, none) }
  return {
    ...state,
    setAside: kept(state.setAside, none),
    outbox: { ...outbox, setAside: kept(outbox.setAside, none) },
  }
}

/**
 * When the first words in the state end that the history no longer has, if nothing happens until then: the due index
 * brings the conversation up at that time, and they are pruned. FOREVER where there are none, or where the history has them
 * for as long as the state is remembered.
 */
export function wordsEnd(state: Conversation, policy: Policy): number {
  if (policy.historyTtlMs >= IDLE_LIFE_MS) return FOREVER
  let end = FOREVER
  for (const list of LISTS) end = Math.min(end, list.wordsEnd(state, policy))
  return end === FOREVER ? FOREVER : Math.max(end, state.lastMessageAt + policy.historyTtlMs)
}

const none = () => false
