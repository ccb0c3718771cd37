import type { Hours, Policy } from '../channel.js'
import type { CustomerMessage } from '../event.js'
import { userOf } from '../ids.js'
import { pauseOf } from '../pause/pause.js'
import { CAPS } from '../state/lifetimes.js'
import type { Message, Reason } from '../state/message.js'
import { type Conversation, kept } from '../state/state.js'
import { stretchAt } from '../text/hours.js'
import { sameTextKey } from '../text/text.js'
import { isOneOf } from '../text/words.js'

/** Why the bot may not speak in this conversation now; null when it may. */
export function whySilent(state: Conversation, policy: Policy, now: number): Reason | null {
  if (policy.mode === 'off') return 'bot_off'
  if (policy.mode === 'test' && !policy.testers.has(userOf(state.id))) return 'not_a_tester'
  if (state.closedAt > 0) return 'conversation_closed'
  if (pauseOf(state, now) !== null) return 'bot_paused'
  return null
}

/** Why this message is not asked, even when the bot may speak. */
export function whyUnasked(state: Conversation, message: CustomerMessage, policy: Policy, now: number): Reason | null {
  if (isOneOf(message.text, policy.handoffWords)) return 'customer_request'
  if (policy.hours !== null && isClosedFor(policy.hours, now)) return 'closed_hours'
  if (!policy.hasAssistant) return 'no_assistant'
  if (!message.supported) return 'unsupported'
  if (isRepeated(state, message)) return 'repeated_text'
  if (state.waiting.length >= CAPS.waiting) return 'too_many'
  return null
}

/** `inside`: the bot answers during opening hours; `outside`: outside of them. */
function isClosedFor(hours: Hours, now: number): boolean {
  if (hours.bot === 'always') return false
  return stretchAt(hours, now).isOpen === (hours.bot === 'outside')
}

/** Removes messages that were not answered from the memory of repeats: the customer may ask them again. */
export function notAsked(state: Conversation, messages: readonly Message[]): Conversation {
  if (state.asked.length === 0) return state
  const texts = messages.map(({ text }) => (text === null ? null : sameTextKey(text)))
  return { ...state, asked: kept(state.asked, (each) => !texts.includes(each.text)) }
}

function isRepeated(state: Conversation, message: CustomerMessage): boolean {
  // The same text about another post is another question.
  if (message.text === null || message.attachments.length > 0 || state.asking.share !== null) return false
  const text = sameTextKey(message.text)
  return state.asked.some((asked) => asked.text === text)
}
