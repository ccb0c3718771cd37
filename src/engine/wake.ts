import { type Channel, FOREVER } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import type { Log, Store } from './ports.js'
import type { TakeStep } from './steps.js'
import type { Cancel, Timers } from './timers.js'

/**
 * Wakes conversations at their due time. The store's due index decides; the timer only makes it fast. The next claim
 * picks up the work of a process that died.
 */
export interface Wake {
  hint(at: number): void
  start(): void
  /** Resolves when the claim in hand is finished. */
  stop(): Promise<void>
}

/** Long enough for any step, short enough that a dead process's work is soon claimed by another. */
const LEASE_MS = 8_000
const CLAIM_LIMIT = 200
/** This timer does not know the due times that other processes commit, so the index is polled at least this often. */
const LONGEST_SLEEP_MS = 1_000
const PAUSE_AFTER_FAILURE_MS = 500
const MOST_STRANGERS = 10_000

export function createWake(parts: {
  readonly store: Store
  readonly takeStep: TakeStep
  readonly channelOf: (id: ConversationId) => Channel | undefined
  readonly log: Log
  readonly timers: Timers
}): Wake {
  const { store, takeStep, channelOf, log, timers } = parts
  let disarm: Cancel | null = null
  let armedFor = FOREVER
  let running: Promise<void> | null = null
  let stopped = true
  let isFailing = false
  const strangers = new Set<ConversationId>()

  function hint(at: number): void {
    if (at < armedFor) arm(at)
  }

  function arm(at: number): void {
    if (stopped) return
    disarm?.()
    armedFor = at
    disarm = timers.after(Math.max(0, Math.min(at - store.now(), LONGEST_SLEEP_MS)), run)
  }

  function run(): void {
    disarm = null
    armedFor = 0
    running = claim().then(
      (count) => {
        isFailing = false
        rest(count < CLAIM_LIMIT ? store.nextDue() : store.now())
      },
      (error: unknown) => {
        // Logged once for each outage: the store logs its own state.
        if (!isFailing) log.warn({ reason: reasonOf(error) }, 'cannot look for due conversations, trying again')
        isFailing = true
        rest(store.now() + PAUSE_AFTER_FAILURE_MS)
      },
    )
  }

  /** Rearms the timer after a claim. Hints given during the claim are covered: `at` was read from the index after it. */
  function rest(at: number): void {
    running = null
    arm(at)
  }

  /** Claims are sequential; the timer between two of them lets the event loop handle webhooks. */
  async function claim(): Promise<number> {
    const ids = await store.claimDue(CLAIM_LIMIT, LEASE_MS)
    await Promise.all(ids.map(wake))
    return ids.length
  }

  /** Never rejects: a conversation that fails to wake is claimed again after its lease, and delays no other. */
  async function wake(id: ConversationId): Promise<void> {
    const channel = channelOf(id)
    try {
      if (channel === undefined) await leave(id)
      else await takeStep(id, channel)
    } catch (error) {
      log.warn({ err: error, conversation_id: id }, 'could not wake a conversation, trying again')
    }
  }

  /**
   * For a conversation whose channel is not in this process's settings. During a rollout another process may have the
   * channel, so the claim is released at once the first time; after that its lease is kept, which stops it from being
   * claimed over and over.
   */
  async function leave(id: ConversationId): Promise<void> {
    if (strangers.has(id)) return
    if (strangers.size >= MOST_STRANGERS) strangers.clear()
    strangers.add(id)
    await store.release(id)
  }

  return {
    hint,
    start() {
      stopped = false
      arm(store.nextDue())
    },
    async stop() {
      stopped = true
      disarm?.()
      disarm = null
      await running
    },
  }
}

/** The store's own message is the same for every failure; what caused it tells more. */
function reasonOf(error: unknown): string {
  return String((error as Error).cause ?? error)
}
