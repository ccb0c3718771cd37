import { type Channel, FOREVER } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import type { Conversation } from '../conversation/state/state.js'
import type { Ask } from './ask.js'
import type { Heirs, Log, Store } from './ports.js'
import type { TakeStep } from './steps.js'
import { sleep, type Timers } from './timers.js'
import type { UnderWay } from './under-way.js'
import type { Wake } from './wake.js'

/**
 * Draining: a stopping process starts no new work, but finishes what it has started, and sends the answers that it
 * still receives.
 */
export interface Drain {
  /** Called after every commit of this process. */
  note(state: Conversation, dueAt: number): void
  /** Stops starting new work. */
  begin(): void
  /** Like `begin`; resolves when no work is left. */
  run(): Promise<void>
}

const POLL_EVERY_MS = 20
/** What the next start would send as well is waited for if it is due so soon: the next part of an answer, a first retry. */
const SOON_MS = 3_000

export function createDrain(parts: {
  readonly store: Store
  readonly heirs: Heirs
  readonly takeStep: TakeStep
  readonly channelOf: (id: ConversationId) => Channel | undefined
  readonly ask: Ask
  readonly wake: Wake
  readonly underWay: UnderWay
  readonly log: Log
  readonly timers: Timers
}): Drain {
  const { store, heirs, takeStep, channelOf, ask, wake, underWay, log, timers } = parts
  /**
   * Conversations with a message of ours that has not been sent yet, and when they are due. Kept only when no other
   * process can send them.
   */
  const leaving = new Map<ConversationId, number>()
  let isFollowing = false

  async function follow(id: ConversationId): Promise<void> {
    const channel = channelOf(id)
    try {
      if (channel !== undefined) await takeStep(id, channel)
    } catch (error) {
      log.warn({ err: error, conversation_id: id }, 'could not finish a conversation, it is left to others')
    }
  }

  function isSomethingLeaving(): boolean {
    const until = heirs === 'next_start' ? store.now() + SOON_MS : FOREVER
    for (const [id, dueAt] of leaving) {
      // Messages of a channel that was removed from the settings cannot be sent and do not delay the stop.
      if (dueAt <= until && channelOf(id) !== undefined) return true
    }
    return false
  }

  function begin(): void {
    ask.drain()
    if (heirs !== 'others') return
    // Due work is left to the other processes: claimed here, it would only wait for the lease to end.
    isFollowing = true
    void wake.stop()
  }

  return {
    note(state, dueAt) {
      const isLeaving = hasLeaving(state)
      if (heirs !== 'others') {
        if (isLeaving) leaving.set(state.id, dueAt)
        else if (leaving.size > 0) leaving.delete(state.id)
      } else if (isFollowing && isLeaving && dueAt <= store.now()) underWay.add(follow(state.id))
    },
    begin,
    async run() {
      begin()
      do {
        await underWay.idle()
        await sleep(timers, POLL_EVERY_MS)
      } while (underWay.size > 0 || isSomethingLeaving())
      await wake.stop()
    },
  }
}

/** A message whose echo is awaited does not count: after the stop nobody receives the echo. */
function hasLeaving({ outbox }: Conversation): boolean {
  const [first] = outbox.parts
  return first !== undefined && first.message.status !== 'unknown'
}
