import { queue } from '../outbox/outbox.js'
import { notAsked } from '../state/asked-texts.js'
import { changed } from '../state/changed.js'
import { changeAsking, type Draft, rewrite } from '../state/draft.js'
import type { Message, Reason } from '../state/message.js'
import { silenceBot } from '../takeover/takeover.js'

/** The question failed for good. `isCertain` is false when Dify may still send an answer by itself. */
export function giveUp(draft: Draft, messages: readonly Message[], isCertain: boolean): void {
  const { policy } = draft
  skip(draft, messages, 'assistant_failed')
  changeAsking(draft, { attempts: 0, heldSince: 0 })
  // The customer took every message back, and expects no answer.
  if (messages.length === 0) return
  const answer = policy.fallback
  const maySpeak = policy.canSend && (isCertain || !policy.assistantSends)
  if (answer !== null && maySpeak) queue(draft, { type: 'AI', answer, leaves: 'as_farewell' })
  if (!policy.pauseOnFailure) return
  silenceBot(draft, { reason: 'assistant_failed', forMs: policy.pauseMs, seq: 0, note: null })
}

export function skip(draft: Draft, messages: readonly Message[], reason: Reason): void {
  for (const message of messages) rewrite(draft, changed(message, { status: 'skipped', reason }))
  draft.state = notAsked(draft.state, messages)
}
