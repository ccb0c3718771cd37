import type { Policy } from './channel.js'
import { type Draft, dropWaiting } from './draft.js'
import type { Message } from './message.js'
import { endOf, givenBack, setAside, withCause, withoutCause, withoutCauses } from './pause.js'
import { type Cause, kept, type PauseReason } from './state.js'
import { whySilent } from './why-not-asked.js'

/** A person takes the conversation, gives it back, or turns out never to have been there. */

/** Echoes overtake each other: one this much older than the hand-back was written before it. */
const HAND_BACK_SLACK_MS = 2_000

export function silenceBot(
  draft: Draft,
  cause: { readonly reason: PauseReason; readonly forMs: number; readonly seq: number; readonly note: string | null },
  now: number,
): void {
  if (cause.forMs === 0) return
  const added: Cause = {
    until: endOf(now, cause.forMs),
    reason: cause.reason,
    at: now,
    seq: cause.seq,
    note: cause.note,
  }
  draft.state = withCause(draft.state, added)
  for (const message of dropWaiting(draft, 'bot_paused')) draft.state = setAside(draft.state, message, now)
}

/** Whether a person's echo of that time still takes the conversation, or was overtaken by its hand-back. */
export function takesOver(draft: Draft, echoAt: number): boolean {
  return echoAt === 0 || echoAt >= draft.state.resumedAt - HAND_BACK_SLACK_MS
}

export function handBack(draft: Draft, now: number): void {
  draft.state = { ...withoutCauses(draft.state), resumedAt: now }
}

/** Late evidence: the message that silenced the bot was not a person's. What it kept from being asked is asked after all. */
export function undoTakeover(draft: Draft, seq: number, policy: Policy, now: number): void {
  if (!draft.state.causes.some((cause) => cause.seq === seq)) return
  draft.state = withoutCause(draft.state, seq)
  if (whySilent(draft.state, policy, now) !== null) return
  const back = givenBack(draft.state, now).map((message): Message => ({ ...message, status: 'received', reason: null }))
  draft.records.push(...back)
  draft.state = {
    ...draft.state,
    setAside: kept(draft.state.setAside, () => false),
    waiting: [...draft.state.waiting, ...back].sort((a, b) => a.seq - b.seq),
  }
}
