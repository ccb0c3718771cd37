import { textAnswer } from '../answer/answer.js'
import type { Policy } from '../channel.js'
import { queue } from '../outbox/outbox.js'
import type { Draft } from '../state/draft.js'
import { silenceBot } from './takeover.js'

/** A hand-off: customer or assistant asked for a person. Pauses the bot and tells the customer. */
export function handOff(
  draft: Draft,
  by: { readonly reason: 'customer_request' | 'assistant'; readonly seq: number },
): void {
  const { policy } = draft
  silenceBot(draft, { ...by, forMs: policy.pauseMs, note: null })
  const text = policy.handoffText
  if (text === null || !mayAnswer(policy)) return
  queue(draft, { type: 'AI', answer: textAnswer(text), leaves: 'as_farewell' })
}

/** Whether the channel answers at all: one without an assistant only records. */
export function mayAnswer(policy: Policy): boolean {
  return policy.hasAssistant && policy.canSend
}
