import type { Policy } from '../channel.js'
import { userOf } from '../ids.js'
import type { Reason } from '../state/message.js'
import type { Conversation } from '../state/state.js'
import { pauseOf } from './pause.js'

/** Why the bot may not speak in this conversation now; null when it may. */
export function whySilent(state: Conversation, policy: Policy, now: number): Reason | null {
  if (policy.mode === 'off') return 'bot_off'
  if (policy.mode === 'test' && !policy.testers.has(userOf(state.id))) return 'not_a_tester'
  if (state.closedAt > 0) return 'conversation_closed'
  if (pauseOf(state, now) !== null) return 'bot_paused'
  return null
}
