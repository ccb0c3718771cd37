import type { Policy } from '../channel.js'
import type { Draft } from '../state/draft.js'
import type { Intro } from '../state/intro.js'
import type { Message } from '../state/message.js'
import type { Cause, Conversation, PauseReason } from '../state/state.js'
import { queue } from './outbox.js'

/**
 * The bot says that it is one: before its first words in a conversation, and before its first words after a person had it.
 * The introduction is a message of its own, queued by the same decision as the words that it stands before, so neither a
 * crash nor another process can repeat it; and should it not arrive, they leave all the same.
 */
export function introduce(draft: Draft, policy: Policy, now: number): void {
  const { intro } = policy
  if (intro === null || isIntroduced(draft.state)) return
  const { seq } = queue(draft, { type: 'AI', answer: intro, leaves: 'while_on' }, policy, now)
  patchIntro(draft, { seq, hasLeft: false, personSeq: 0 })
}

/** One that was cancelled or refused has introduced nobody. */
function isIntroduced({ intro, outbox }: Conversation): boolean {
  if (intro.seq === 0 || intro.personSeq > 0) return false
  return intro.hasLeft || outbox.parts.some(({ message }) => message.seq === intro.seq)
}

/** The message with this `seq` is with the customer, or may be. */
export function introLeft(draft: Draft, seq: number): void {
  if (draft.state.intro.seq === seq) patchIntro(draft, { hasLeft: true })
}

export function personIntervened(draft: Draft, { seq }: Message): void {
  const { intro } = draft.state
  if (intro.seq > 0 && seq > intro.seq && intro.personSeq === 0) patchIntro(draft, { personSeq: seq })
}

/** The message was not a person's after all; another one since the introduction may have been. */
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
