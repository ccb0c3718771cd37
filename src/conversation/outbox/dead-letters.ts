import type { Draft } from '../state/draft.js'
import { rewrite } from '../state/draft.js'
import { type DeadLetter, type OpenPart, queuedPart } from '../state/outbox-state.js'
import { type Conversation, kept } from '../state/state.js'
import { patchOutbox } from './outbox.js'

/** Dead letters, and what an operator decides about them. */

export function deadLetter(state: Conversation, seq: number): DeadLetter | null {
  return state.outbox.dead.find((letter) => letter.seq === seq) ?? null
}

/** Sends a dead letter after all, also while the bot is paused: a person asked for it. */
export function redrive(draft: Draft, letter: DeadLetter): void {
  const { now } = draft
  discard(draft, letter)
  const parts = letter.parts.map(
    (part): OpenPart => ({ ...queuedPart(part, now), leaves: 'always', attempts: 0, claim: null, isSecondTry: false }),
  )
  patchOutbox(draft, { parts: [...draft.state.outbox.parts, ...parts] })
  for (const { message } of parts) rewrite(draft, message)
}

export function discard(draft: Draft, letter: DeadLetter): void {
  patchOutbox(draft, { dead: kept(draft.state.outbox.dead, (each) => each !== letter) })
}
