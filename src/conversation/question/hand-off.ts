import { textAnswer } from '../answer/answer.js'
import type { Policy } from '../channel.js'
import { queue } from '../outbox/outbox.js'
import { silenceBot } from '../pause/takeover.js'
import type { Draft } from '../state/draft.js'

/** Somebody asked for a person, the customer or the assistant: the bot falls silent, and the customer is told so. */
export function handOff(
  draft: Draft,
  by: { readonly reason: 'customer_request' | 'assistant'; readonly seq: number },
  policy: Policy,
  now: number,
): void {
  silenceBot(draft, { ...by, forMs: policy.pauseMs, note: null }, policy, now)
  const text = policy.handoffText
  if (text === null || !mayAnswer(policy)) return
  queue(draft, { type: 'AI', answer: textAnswer(text), leaves: 'as_farewell' }, policy, now)
}

/** A channel without an assistant is listened to, and never answered. */
export function mayAnswer(policy: Policy): boolean {
  return policy.hasAssistant && policy.canSend
}
