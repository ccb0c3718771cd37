import { FOREVER } from './channel.js'
import { LATEST_ECHO_MS } from './ledger.js'
import type { Conversation } from './state.js'

/** What a conversation needs next. */
export type Step =
  /** A pause has run its time. */
  | { readonly is: 'resume' }
  /** Nothing before that time. */
  | { readonly is: 'rest'; readonly until: number }

export function nextStep(state: Conversation, now: number): Step {
  const until = state.causes.reduce((latest, cause) => Math.max(latest, cause.until), 0)
  if (until === 0) return { is: 'rest', until: FOREVER }
  return until <= now ? { is: 'resume' } : { is: 'rest', until }
}

/** When the due index has to bring the conversation up again; FOREVER for never. */
export function dueAt(state: Conversation, now: number): number {
  const step = nextStep(state, now)
  return step.is === 'rest' ? step.until : now
}

/** So long after a customer's message Meta lets a bot answer it; a question older than that waits for nothing. */
export const ANSWER_WINDOW_MS = 24 * 3_600_000

/** Until when forgetting this state would change what the bot does. */
export function keepUntil(state: Conversation): number {
  let latest = 0
  for (const message of state.waiting) latest = Math.max(latest, message.arrivedAt + ANSWER_WINDOW_MS)
  for (const cause of state.causes) latest = Math.max(latest, cause.until)
  for (const flag of state.flags) if (flag.left > 0) latest = Math.max(latest, flag.until + LATEST_ECHO_MS)
  for (const sent of state.sent) latest = Math.max(latest, sent.until + LATEST_ECHO_MS)
  return Math.min(latest, FOREVER)
}
