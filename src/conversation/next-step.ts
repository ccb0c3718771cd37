import { FOREVER, type Policy } from './channel.js'
import { askAt } from './question/debounce.js'
import { flagEnd } from './state/lifetimes.js'
import { type OpenPart, stageEnd } from './state/outbox-state.js'
import { wordsEnd } from './state/prune.js'
import type { Conversation, Run } from './state/state.js'

/** The next step that a conversation needs. */
export type Step =
  /** A pause has ended. */
  | { readonly is: 'resume' }
  /** An unused flag has expired, or texts are older than the history keeps them. */
  | { readonly is: 'forget' }
  | { readonly is: 'ask' }
  /** The shared post has waited long enough for its question. */
  | { readonly is: 'let_go' }
  /** The run's process has died: its lease has expired. */
  | { readonly is: 'adopt'; readonly run: Run }
  /** The part's lease or its wait for an echo has ended without a result. */
  | { readonly is: 'lose_track' | 'end_wait'; readonly part: OpenPart }
  /** `slotAt` is the part's slot in the channel's send rate; 0 for none yet. */
  | { readonly is: 'send'; readonly slotAt: number }
  /** Nothing until that time. */
  | { readonly is: 'rest'; readonly until: number }

export function nextStep(state: Conversation, policy: Policy, now: number): Step {
  const due = dueAt(state, policy)
  if (due > now) return { is: 'rest', until: due }
  const part = state.outbox.parts[0]
  if (part !== undefined && stageEnd(part.stage) === due) {
    const { stage } = part
    return stage.is === 'queued' ? { is: 'send', slotAt: stage.slotAt } : { is: STEP_OF[stage.is], part }
  }
  const { run } = state.asking
  if (run !== null && run.leaseUntil === due) return { is: 'adopt', run }
  if (pauseEnd(state) === due) return { is: 'resume' }
  if (state.asking.share?.until === due) return { is: 'let_go' }
  return forgetAt(state, policy) === due ? { is: 'forget' } : { is: 'ask' }
}

const STEP_OF = { sending: 'lose_track', unknown: 'end_wait' } as const

/** The time at which the due index must wake the conversation; FOREVER for never. */
export function dueAt(state: Conversation, policy: Policy): number {
  const { asking, outbox, waiting } = state
  let due = pauseEnd(state)
  if (outbox.parts.length > 0) due = Math.min(due, stageEnd(outbox.parts[0]!.stage))
  if (asking.run !== null) due = Math.min(due, asking.run.leaseUntil)
  if (asking.share !== null) due = Math.min(due, asking.share.until)
  if (waiting.length > 0) due = Math.min(due, askAt(state, policy) ?? FOREVER)
  return Math.min(due, forgetAt(state, policy))
}

function forgetAt(state: Conversation, policy: Policy): number {
  let end = wordsEnd(state, policy)
  for (const flag of state.flags) if (flag.left > 0) end = Math.min(end, flagEnd(flag, policy.flagTtlMs))
  return end
}

function pauseEnd(state: Conversation): number {
  let latest = 0
  for (const cause of state.causes) latest = Math.max(latest, cause.until)
  return latest === 0 ? FOREVER : latest
}
