import type { Outbox } from './outbox-state.js'
import type { Asking, Conversation } from './state.js'

/** Longer than any lease on a conversation's work. */
export const LONGEST_LEASE_MS = 15_000

/** Ends the leases on a conversation's work at once: the process that held them is known to be dead. */
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
