import type { Policy } from '../channel.js'
import type { Wake } from '../event.js'
import { beginSpokenRun, renameSpokenRun } from '../expected/spoken-runs.js'
import { whySilent } from '../pause/why-silent.js'
import { changeAsking, type Draft } from '../state/draft.js'
import type { Message } from '../state/message.js'
import { NONE } from '../state/none.js'
import { type Conversation, NO_NAMES, type Run, type RunNames } from '../state/state.js'
import { giveUp, skip } from './give-up.js'
import { holdWhatIsLeft } from './shares.js'

/** A run of the assistant: its start, and the lease of the process that it runs in. */

/** More than three heartbeats of the run's process; after a crash the run is adopted this much later. */
const RUN_LEASE_MS = 8_000
/** How long a question waits for an assistant that is down: twice the circuit's longest rest. */
const LONGEST_HOLD_MS = 60_000

/**
 * Whether marks may come from a run whose answer the router sends: it is under way, is about to be retried, or was
 * cut off by a takeover that Dify learns of a moment later.
 */
export function mayRunMark(state: Conversation, proceed: boolean, policy: Policy, now: number): boolean {
  if (!policy.hasAssistant || policy.assistantSends) return false
  const { run, attempts, cutOffUntil } = state.asking
  return run !== null || (attempts > 0 && state.waiting.length > 0) || (!proceed && now < cutOffUntil)
}

/** Starts the run; null when nothing may be asked now. */
export function startRun(draft: Draft, event: Wake): Run | null {
  const { state, policy, now } = draft
  const silent = whySilent(state, policy, now)
  if (silent !== null || !policy.hasAssistant) {
    skip(draft, state.waiting, silent ?? 'no_assistant')
    draft.state = { ...draft.state, waiting: NONE }
    return null
  }
  if (holdWhatIsLeft(draft)) return null
  if (event.assistantFreeAt > now) {
    hold(draft, event)
    return null
  }
  const run: Run = {
    id: event.runId,
    messages: state.waiting,
    startedAt: now,
    leaseUntil: now + RUN_LEASE_MS,
    names: NO_NAMES,
  }
  draft.state = {
    ...state,
    waiting: NONE,
    asking: { ...state.asking, run, attempts: state.asking.attempts + 1, heldSince: 0, cutOffUntil: 0 },
  }
  if (policy.assistantSends) draft.state = beginSpokenRun(draft.state, run)
  return run
}

/** Its messages without those that the customer deleted meanwhile. */
export function stillAsked(run: Run): readonly Message[] {
  return run.messages.filter(({ outcome }) => outcome.deletedAt === 0)
}

/** The assistant cannot take questions now. Those that have waited too long for it are given up. */
function hold(draft: Draft, event: Wake): void {
  const { now } = draft
  const { waiting, asking } = draft.state
  const heldSince = asking.heldSince || now
  if (!event.isAssistantDown || now - heldSince < LONGEST_HOLD_MS) {
    changeAsking(draft, { restUntil: event.assistantFreeAt, heldSince: event.isAssistantDown ? heldSince : 0 })
    return
  }
  draft.state = { ...draft.state, waiting: NONE }
  giveUp(draft, waiting, true)
}

/** The run's process died: this process adopts the run and looks its outcome up. */
export function adoptRun(draft: Draft, run: Run, runId: string): Run {
  const { now } = draft
  const adopted: Run = { ...run, id: runId, leaseUntil: now + RUN_LEASE_MS }
  changeAsking(draft, { run: adopted })
  draft.state = renameSpokenRun(draft.state, run.startedAt, runId)
  return adopted
}

/** The heartbeat of a run, which may bring its ids at Dify. False when the conversation does not wait for it any more. */
export function beatRun(draft: Draft, runId: string, names: RunNames): boolean {
  const { now } = draft
  const { run } = draft.state.asking
  if (run === null || run.id !== runId) return false
  changeAsking(draft, { run: { ...run, names, leaseUntil: now + RUN_LEASE_MS } })
  return true
}
