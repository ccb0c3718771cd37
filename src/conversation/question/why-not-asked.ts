import type { Hours, Policy } from '../channel.js'
import type { CustomerMessage } from '../event.js'
import { isWindowOpen } from '../outbox/window.js'
import { wasAsked } from '../state/asked-texts.js'
import { CAPS } from '../state/caps.js'
import { timeOf } from '../state/draft.js'
import type { Reason } from '../state/message.js'
import type { Conversation } from '../state/state.js'
import { stretchAt } from '../text/hours.js'
import { isOneOf } from '../text/words.js'

/** Why this message is not asked, even when the bot may speak. */
export function whyUnasked(state: Conversation, message: CustomerMessage, policy: Policy, now: number): Reason | null {
  const past = message.via === 'backfill' ? whyPast(state, message, now) : null
  // Somebody has answered the customer's wish for a person already.
  if (past === null && isOneOf(message.text, policy.handoffWords)) return 'customer_request'
  if (policy.hours !== null && isClosedFor(policy.hours, now)) return 'closed_hours'
  if (!policy.hasAssistant) return 'no_assistant'
  if (!message.supported) return 'unsupported'
  if (isRepeated(state, message)) return 'repeated_text'
  if (past !== null) return past
  if (state.waiting.length >= CAPS.waiting) return 'too_many'
  return null
}

/** Why a message that is only read now needs no answer any more, or can get none. */
function whyPast(state: Conversation, message: CustomerMessage, now: number): Reason | null {
  if (message.isAnswered) return 'answered'
  return isWindowOpen(state, timeOf(message, now), now) ? null : 'window_closed'
}

/** `inside`: the bot answers during opening hours; `outside`: outside of them. */
function isClosedFor(hours: Hours, now: number): boolean {
  if (hours.bot === 'always') return false
  return stretchAt(hours, now).isOpen === (hours.bot === 'outside')
}

function isRepeated(state: Conversation, message: CustomerMessage): boolean {
  // The same text about another post is another question.
  if (message.text === null || message.attachments.length > 0 || state.asking.share !== null) return false
  return wasAsked(state, message.text)
}
