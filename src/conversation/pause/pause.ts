import { FOREVER } from '../channel.js'
import { CAPS } from '../state/caps.js'
import { GIVE_BACK_MS } from '../state/lifetimes.js'
import type { Message } from '../state/message.js'
import { NONE } from '../state/none.js'
import { withNothingAside } from '../state/prune.js'
import { added, type Cause, type Conversation, kept } from '../state/state.js'

/** A pause of the bot: a list of causes, of which the latest end counts. */

export function endOf(now: number, forMs: number): number {
  return forMs === FOREVER ? FOREVER : now + forMs
}

/** The cause that pauses the bot longest; null when it may speak. */
export function pauseOf(state: Conversation, now: number): Cause | null {
  let longest: Cause | null = null
  for (const cause of state.causes) {
    if (now < cause.until && (longest === null || cause.until >= longest.until)) longest = cause
  }
  return longest
}

export function withCause(state: Conversation, cause: Cause): Conversation {
  // An operator's pause replaces the operator's previous one; those by people's messages accumulate, since each can be
  // undone on its own.
  const others = cause.reason === 'api' ? kept(state.causes, (each) => each.reason !== 'api') : state.causes
  return { ...state, causes: mostLasting([...others, cause]) }
}

/** Over the cap drops the cause that ends first, which does not change when the pause ends. */
function mostLasting(causes: readonly Cause[]): readonly Cause[] {
  if (causes.length <= CAPS.causes) return causes
  const first = causes.reduce((a, b) => (b.until < a.until ? b : a))
  return causes.filter((cause) => cause !== first)
}

/** The message with this `seq` was not a person's after all. */
export function withoutCause(state: Conversation, seq: number): Conversation {
  return { ...state, causes: kept(state.causes, (cause) => cause.seq !== seq) }
}

export function withoutCauses(state: Conversation): Conversation {
  return withNothingAside({ ...state, causes: NONE })
}

export function setAside(state: Conversation, message: Message, now: number): Conversation {
  return { ...state, setAside: added(state.setAside, { message, at: now }, CAPS.setAside) }
}

export function givenBack(state: Conversation, now: number): readonly Message[] {
  return state.setAside.filter((each) => isYoung(each, now)).map((each) => each.message)
}

export function isYoung(each: { readonly at: number }, now: number): boolean {
  return now - each.at < GIVE_BACK_MS
}
