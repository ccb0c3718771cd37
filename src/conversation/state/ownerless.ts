import type { Outbox } from './outbox-state.js'
import type { Asking, Conversation } from './state.js'

/** Longer than any lease that a process takes on a conversation's work. */
export const LONGEST_LEASE_MS = 15_000

/** The process that had the conversation's work in hand is known to be dead: its leases end now and not by themselves. */
export function ownerless(state: Conversation, now: number): Conversation {
  const asking = askingWithout(state.asking, now)
  const outbox = outboxWithout(state.outbox, now)
  return asking === state.asking && outbox === state.outbox ? state : { ...state, asking, outbox }
}

function askingWithout(asking: Asking, now: number): Asking {
  const { run } = asking
  return run === null || run.leaseUntil <= now ? asking : { ...asking, run: { ...run, leaseUntil: now } }
}

function outboxWithout(outbox: Outbox, now: number): Outbox {
  const [first, ...rest] = outbox.parts
  if (first === undefined || first.stage.is !== 'sending' || first.stage.leaseUntil <= now) return outbox
  return { ...outbox, parts: [{ ...first, stage: { is: 'sending', leaseUntil: now } }, ...rest] }
}
