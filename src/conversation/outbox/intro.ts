import type { Draft } from '../state/draft.js'
import type { Intro } from '../state/intro.js'
import type { Message } from '../state/message.js'
import type { Cause, Conversation, PauseReason } from '../state/state.js'
import { queue } from './outbox.js'

/**
 * The bot's introduction: sent before its first message in a conversation and before its first after a takeover. A
 * message of its own, queued by the same decision as the message that it precedes, so that neither a crash nor
 * another process can repeat it. If it cannot be delivered, the message is sent all the same.
 */
export function introduce(draft: Draft): void {
  const { policy } = draft
  const { intro } = policy
  if (intro === null || isIntroduced(draft.state)) return
  const { seq } = queue(draft, { type: 'AI', answer: intro, leaves: 'while_on' })
  patchIntro(draft, { seq, hasLeft: false, personSeq: 0 })
}

/** An introduction that was cancelled or refused does not count. */
function isIntroduced({ intro, outbox }: Conversation): boolean {
  if (intro.seq === 0 || intro.personSeq > 0) return false
  return intro.hasLeft || outbox.parts.some(({ message }) => message.seq === intro.seq)
}

/** The message with this `seq` was sent, or may have been. */
export function introLeft(draft: Draft, seq: number): void {
  if (draft.state.intro.seq === seq) patchIntro(draft, { hasLeft: true })
}

export function personIntervened(draft: Draft, { seq }: Message): void {
  const { intro } = draft.state
  if (intro.seq > 0 && seq > intro.seq && intro.personSeq === 0) patchIntro(draft, { personSeq: seq })
}

/** The message was not a person's after all, but a later one may have been. */
export function personDidNotIntervene(draft: Draft, seq: number): void {
  const { intro, causes } = draft.state
  if (intro.personSeq === 0 || intro.personSeq !== seq) return
  const isOther = (cause: Cause): boolean => BY_PEOPLE.has(cause.reason) && cause.seq > intro.seq && cause.seq !== seq
  const others = causes.filter(isOther).map((cause) => cause.seq)
  patchIntro(draft, { personSeq: others.length === 0 ? 0 : Math.min(...others) })
}

const BY_PEOPLE: ReadonlySet<PauseReason> = new Set(['human_echo', 'support_message'])

function patchIntro(draft: Draft, changes: Partial<Intro>): void {
  draft.state = { ...draft.state, intro: { ...draft.state.intro, ...changes } }
}
