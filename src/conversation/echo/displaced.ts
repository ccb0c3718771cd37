import type { Policy } from '../channel.js'
import type { RunBeat, RunEnd } from '../event.js'
import { personSpoke, takesOver, undoTakeover } from '../pause/takeover.js'
import { type Draft, rewrite } from '../state/draft.js'
import type { Message } from '../state/message.js'
import type { FlagUse, SpokenRun } from '../state/spoken-run.js'
import { kept } from '../state/state.js'
import { digestOf } from '../text/digest.js'
import { judgedAt } from './expected-echoes.js'
import { flagRaisedBetween, flagTailAt, useFlag, withoutOne } from './flags.js'
import {
  announcedUntil,
  endSpokenRun,
  hearText,
  isTextOf,
  runExpecting,
  runThatSent,
  withWords,
} from './spoken-runs.js'

/**
 * A flag vouches for the next echo, whoever wrote it. Where the messages that a run announced are known by text or id, it
 * comes out for whom a flag vouched wrongly: each of them takes one announcement, and one that finds none left takes it
 * back from an echo of which nothing but the flag was known. That echo was a person's.
 */

/** The run said something, or came to its end; also one that nobody waits for any more. */
export function hearRun(draft: Draft, event: RunBeat | RunEnd, policy: Policy, now: number): void {
  const run = draft.state.spoken.find(({ runId }) => runId === event.runId)
  if (run === undefined) return
  if (event.is === 'run_end') draft.state = endSpokenRun(draft.state, run.startedAt, policy, now)
  if (event.said !== null) learnWords(draft, run.startedAt, event.said, policy, now)
}

/** What is known of a run's texts takes the place of what was known before. Echoes that came earlier are judged anew. */
function learnWords(draft: Draft, startedAt: number, said: readonly string[], policy: Policy, now: number): void {
  draft.state = withWords(draft.state, startedAt, said, policy)
  for (const { message } of draft.state.unclaimed) {
    if (message.text === null || message.evidence === 'text' || message.arrivedAt < startedAt) continue
    const run = runExpecting(draft.state, digestOf(message.text), heardAt(message))
    if (run?.startedAt === startedAt) claimForRun(draft, run, message, policy, now)
  }
}

/** An echo proves to be the run's. */
function claimForRun(draft: Draft, run: SpokenRun, message: Message, policy: Policy, now: number): void {
  const isKnownAsBots = message.type === 'AI'
  if (!isKnownAsBots) rewrite(draft, { ...message, type: 'AI', evidence: 'text' })
  recogniseLate(draft, run, message, message.seq, policy, now)
  if (!isKnownAsBots) undoTakeover(draft, message.seq, policy, now)
}

/** Another program sent what had been heard before: if that was a message of a run, it takes its announcement now. */
export function claimForProgram(draft: Draft, heard: Message, claimed: Message, policy: Policy, now: number): void {
  if (draft.state.spoken.length === 0) return
  const digest = heard.text === null ? null : digestOf(heard.text)
  const run =
    (digest === null ? null : runExpecting(draft.state, digest, heardAt(heard))) ??
    runThatSent(draft.state, claimed) ??
    runThatSent(draft.state, { ...claimed, at: now })
  if (run !== null && heard.evidence !== 'text') recogniseLate(draft, run, heard, claimed.seq, policy, now)
}

/** `seq` is that of the message which the echo was. */
function recogniseLate(draft: Draft, run: SpokenRun, heard: Message, seq: number, policy: Policy, now: number): void {
  draft.state = hearText(draft.state, run, heard.text === null ? null : digestOf(heard.text))
  const use = draft.state.flagUses.find(({ seq }) => seq === heard.seq)
  if (use !== undefined) draft.state = withoutUse(draft.state, use)
  if (use === undefined || use.isTail) accountFor(draft, run, { ...heard, seq, raisedBy: heard.at }, policy, now)
  else closeTail(draft, run, use, policy, now)
}

/** A message of a run that has come back. */
export interface Returned {
  readonly seq: number
  readonly text: string | null
  readonly at: number
  readonly arrivedAt: number
  /** Of flags from before the run one counts that is not younger than this. */
  readonly raisedBy: number
}

export function accountFor(
  draft: Draft,
  { startedAt }: SpokenRun,
  message: Returned,
  policy: Policy,
  now: number,
): void {
  const { state } = draft
  // As it is now that this message was heard.
  const run = state.spoken.find((each) => each.startedAt === startedAt)!
  const until = announcedUntil(state, run)
  const announced = flagRaisedBetween(state, message.text, startedAt, until)
  if (announced !== null) {
    draft.state = withoutOne(state, announced)
    return
  }
  const isWrong = (use: FlagUse): boolean =>
    use.isDisputable && !use.isTail && use.raisedAt >= startedAt && use.raisedAt < until && isStrange(draft, run, use)
  const wrong = run.furtherParts.includes(message.seq) ? undefined : state.flagUses.findLast(isWrong)
  if (wrong === undefined) {
    draft.state = useFlag(state, message.text, heardAt(message), message.raisedBy) ?? state
    return
  }
  displace(draft, wrong, policy, now)
  closeTail(draft, run, wrong, policy, now)
}

/** The echo is none of the run's, as far as its texts are known. */
function isStrange(draft: Draft, run: SpokenRun, { seq }: FlagUse): boolean {
  const heard = draft.state.unclaimed.find(({ message }) => message.seq === seq)?.message
  return heard !== undefined && (heard.text === null || !isTextOf(run, digestOf(heard.text)))
}

/** What this use's tail let pass, no other's would, and is none of the run's, was a person's too. */
function closeTail(draft: Draft, { startedAt }: SpokenRun, closed: FlagUse, policy: Policy, now: number): void {
  const { flagUses, spoken } = draft.state
  const run = spoken.find((each) => each.startedAt === startedAt)!
  for (const use of flagUses) {
    if (!use.isTail || !use.isDisputable || Math.abs(use.at - closed.at) > policy.flagTailMs) continue
    const isOpen = flagTailAt(flagUses, use.at, policy.flagTailMs) !== null
    if (!isOpen && isStrange(draft, run, use)) displace(draft, use, policy, now)
  }
}

/** The strange echo was a person's; what follows is as of the time when it was heard. */
function displace(draft: Draft, use: FlagUse, policy: Policy, now: number): void {
  draft.state = withoutUse(draft.state, use)
  const heard = draft.state.unclaimed.find(({ message }) => message.seq === use.seq)!.message
  const message: Message = { ...heard, type: 'support', evidence: 'displaced' }
  rewrite(draft, message)
  if (takesOver(draft, message.at)) personSpoke(draft, message, 'human_echo', policy, now, message.arrivedAt)
}

function withoutUse(state: Draft['state'], use: FlagUse): Draft['state'] {
  return { ...state, flagUses: kept(state.flagUses, (each) => each !== use) }
}

/** The time at which an echo's lifetimes were judged when it came. */
function heardAt({ at, arrivedAt }: Pick<Message, 'at' | 'arrivedAt'>): number {
  return judgedAt(at, arrivedAt)
}
