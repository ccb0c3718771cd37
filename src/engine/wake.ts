import { type Channel, FOREVER } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import type { Log, Store } from './ports.js'
import type { TakeStep } from './steps.js'
import type { Cancel, Timers } from './timers.js'

/**
 * Brings conversations up again when their time has come. The due index in the store is the truth; the timer here only
 * makes it fast, and a process that died leaves nothing behind that the next claim does not find.
 */
export interface Wake {
  hint(at: number): void
  start(): void
  /** Resolves when what was begun is finished. */
  stop(): Promise<void>
}

/** Long enough for any step in hand, short enough that a dead process' work is not missed. */
const LEASE_MS = 8_000
const CLAIM_LIMIT = 200
/** The store's other users may have committed a due time that nobody told us of. */
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
        // Said once: the store says itself how it fares.
        if (!isFailing) log.warn({ reason: String(error) }, 'cannot look for due conversations, trying again')
        isFailing = true
        rest(store.now() + PAUSE_AFTER_FAILURE_MS)
      },
    )
  }

  /** From here on hints count again: whatever was committed until now, `at` knows of. */
  function rest(at: number): void {
    running = null
    arm(at)
  }

  /** One claim at a time: between two of them the timer lets the webhooks have their turn. */
  async function claim(): Promise<number> {
    const ids = await store.claimDue(CLAIM_LIMIT, LEASE_MS)
    await Promise.all(ids.map(wake))
    return ids.length
  }

  /** Never fails: one conversation that cannot be woken comes again when its lease is over, and holds up no other. */
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
   * No channel here has it. Where settings are being rolled out another process may know it already: the first time it is
   * given back at once. Where its channel is gone for good, the lease keeps it from coming up again and again.
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
