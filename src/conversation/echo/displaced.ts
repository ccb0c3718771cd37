import type { RunBeat, RunEnd } from '../event.js'
import { judgedAt, latestStart } from '../expected/expected-echoes.js'
import { flagRaisedBetween, flagTailAt, useFlag, withoutOne } from '../expected/flags.js'
import {
  announcedUntil,
  endSpokenRun,
  hearText,
  isTextOf,
  runExpecting,
  runThatSent,
  withWords,
} from '../expected/spoken-runs.js'
import type { Via } from '../said.js'
import { changed } from '../state/changed.js'
import { type Draft, rewrite } from '../state/draft.js'
import { BACKFILL_SOURCE, type Message } from '../state/message.js'
import type { FlagUse, SpokenRun } from '../state/spoken-run.js'
import { kept } from '../state/state.js'
import { personSpoke, takesOver } from '../takeover/takeover.js'
import { undoTakeover } from '../takeover/undo.js'
import { digestOf } from '../text/digest.js'

/**
 * Corrects wrong attributions by flags. A flag vouches for the next echo, whoever wrote it. When messages of a run
 * are recognised by text or id, each of them claims one announcement (mark) of the run; if none is left, it claims
 * the one used by an echo that only the flag had attributed to the bot. That echo was then a person's.
 */

/** A run streamed texts or ended; also after nobody waits for its answer any more. */
export function hearRun(draft: Draft, event: RunBeat | RunEnd): void {
  const { policy, now } = draft
  const run = draft.state.spoken.find(({ runId }) => runId === event.runId)
  if (run === undefined) return
  if (event.is === 'run_end') draft.state = endSpokenRun(draft.state, run.startedAt, policy, now)
  if (event.said !== null) learnWords(draft, run.startedAt, event.said)
}

/** Replaces the run's known texts. Echoes that came earlier are judged again. */
function learnWords(draft: Draft, startedAt: number, said: readonly string[]): void {
  const { policy } = draft
  draft.state = withWords(draft.state, startedAt, said, policy)
  for (const { message } of draft.state.unclaimed) {
    if (message.text === null || message.origin.evidence === 'text' || message.arrivedAt < startedAt) continue
    const run = runFor(draft, message)
    if (run?.startedAt === startedAt) claimForRun(draft, run, message)
  }
}

/** An earlier echo is recognised as a message of the run. */
function claimForRun(draft: Draft, run: SpokenRun, message: Message): void {
  const isKnownAsBots = message.type === 'AI'
  if (!isKnownAsBots) rewrite(draft, changed(message, { type: 'AI', evidence: 'text' }))
  recogniseLate(draft, run, message, message.seq)
  if (!isKnownAsBots) undoTakeover(draft, message.seq)
}

/**
 * Another program reports a message whose echo had come earlier: if it belongs to a run, it claims its announcement
 * now.
 */
export function claimForProgram(draft: Draft, heard: Message, claimed: Message): void {
  const { now } = draft
  if (draft.state.spoken.length === 0) return
  const run = runFor(draft, heard) ?? runThatSent(draft.state, claimed) ?? runThatSent(draft.state, claimed, now)
  if (run !== null && heard.origin.evidence !== 'text') recogniseLate(draft, run, heard, claimed.seq)
}

/** The run that expected this earlier echo. */
function runFor(draft: Draft, heard: Message): SpokenRun | null {
  const at = heardAt(heard)
  return heard.text === null ? null : runExpecting(draft.state, digestOf(heard.text), at, latestStart(viaOf(heard), at))
}

/** `seq` is that of the echo's message. */
function recogniseLate(draft: Draft, run: SpokenRun, heard: Message, seq: number): void {
  draft.state = hearText(draft.state, run, heard.text === null ? null : digestOf(heard.text))
  const use = draft.state.flagUses.find(({ seq }) => seq === heard.seq)
  if (use !== undefined) draft.state = withoutUse(draft.state, use)
  if (use === undefined || use.isTail)
    accountFor(draft, run, { seq, text: heard.text, heardAt: heardAt(heard), raisedBy: heard.at })
  else closeTail(draft, run, use)
}

/** A message of a run whose echo has come. */
export interface Returned {
  readonly seq: number
  readonly text: string | null
  /** The time by which its echo's lifetimes are judged. */
  readonly heardAt: number
  /** Of flags raised before the run, only those raised at or after this time count. */
  readonly raisedBy: number
}

export function accountFor(draft: Draft, { startedAt }: SpokenRun, message: Returned): void {
  const { state } = draft
  // Read again, since recognising the message changed the run.
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
    draft.state = useFlag(state, message.text, message.heardAt, message.raisedBy) ?? state
    return
  }
  displace(draft, wrong)
  closeTail(draft, run, wrong)
}

/** The echo matches none of the run's known texts. */
function isStrange(draft: Draft, run: SpokenRun, { seq }: FlagUse): boolean {
  const heard = draft.state.unclaimed.find(({ message }) => message.seq === seq)?.message
  return heard !== undefined && (heard.text === null || !isTextOf(run, digestOf(heard.text)))
}

/** Echoes in the tail of a withdrawn use that match neither another tail nor the run were a person's as well. */
function closeTail(draft: Draft, { startedAt }: SpokenRun, closed: FlagUse): void {
  const { policy } = draft
  const { flagUses, spoken } = draft.state
  const run = spoken.find((each) => each.startedAt === startedAt)!
  for (const use of flagUses) {
    if (!use.isTail || !use.isDisputable || Math.abs(use.at - closed.at) > policy.flagTailMs) continue
    const isOpen = flagTailAt(flagUses, use.at, policy.flagTailMs) !== null
    if (!isOpen && isStrange(draft, run, use)) displace(draft, use)
  }
}

/** Attributes the echo to a person, with its consequences as of the time when it came. */
function displace(draft: Draft, use: FlagUse): void {
  draft.state = withoutUse(draft.state, use)
  const heard = draft.state.unclaimed.find(({ message }) => message.seq === use.seq)!.message
  const message = changed(heard, { type: 'support', evidence: 'displaced' })
  rewrite(draft, message)
  if (!takesOver(draft, message.at)) return
  const since = viaOf(message) === 'backfill' ? message.at : message.arrivedAt
  personSpoke(draft, message, 'human_echo', since)
}

function withoutUse(state: Draft['state'], use: FlagUse): Draft['state'] {
  return { ...state, flagUses: kept(state.flagUses, (each) => each !== use) }
}

/** The time by which an echo's lifetimes were judged when it came. */
function heardAt(message: Message): number {
  return viaOf(message) === 'backfill' ? message.at : judgedAt(message.at, message.arrivedAt)
}

function viaOf({ origin }: Message): Via {
  return origin.source === BACKFILL_SOURCE ? 'backfill' : 'webhook'
}
