import type { Policy } from '../channel.js'
import type { Message } from '../state/message.js'
import type { Conversation } from '../state/state.js'
import { isLoneShare } from './shares.js'

/** Debounce: a customer's messages are gathered into one question until the customer pauses. */

/** When the waiting messages are to be asked; null when there are none, or when something else must happen first. */
export function askAt(state: Conversation, policy: Policy): number | null {
  const { waiting, asking, outbox } = state
  if (waiting.length === 0 || asking.run !== null || outbox.parts.length > 0) return null
  return Math.max(quietAt(waiting, policy), asking.restUntil)
}

/** When the customer's burst is over (debounce). */
function quietAt(waiting: readonly Message[], policy: Policy): number {
  const last = waiting.at(-1)!.arrivedAt + policy.debounceMs
  // A post that had waited for its question does not make the debounce end earlier.
  const first = waiting.find((message) => !isLoneShare(message, policy)) ?? waiting[0]!
  return Math.min(last, first.arrivedAt + policy.debounceMaxMs)
}
