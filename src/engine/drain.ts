import type { Channel } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import type { Conversation } from '../conversation/state/state.js'
import type { Ask } from './ask.js'
import type { Log, Store } from './ports.js'
import type { TakeStep } from './steps.js'
import { sleep, type Timers } from './timers.js'
import type { UnderWay } from './under-way.js'
import type { Wake } from './wake.js'

/** A process that stops begins nothing new, but what it has begun it brings to its end: the answers it still gets are sent. */
export interface Drain {
  /** Told of every commit of this process. */
  note(state: Conversation, dueAt: number): void
  /** From now on nothing new is begun. */
  begin(): void
  /** The same, and resolves when nothing is left to do. */
  run(): Promise<void>
}

const LOOK_EVERY_MS = 20

export function createDrain(parts: {
  readonly store: Store
  /** Others work on the same conversations, and go on with whatever is left. */
  readonly isShared: boolean
  readonly takeStep: TakeStep
  readonly channelOf: (id: ConversationId) => Channel | undefined
  readonly ask: Ask
  readonly wake: Wake
  readonly underWay: UnderWay
  readonly log: Log
  readonly timers: Timers
}): Drain {
  const { store, isShared, takeStep, channelOf, ask, wake, underWay, log, timers } = parts
  /** Where nobody else is: conversations with something of ours that has not left yet. */
  const leaving = new Set<ConversationId>()
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
    // What is of a channel that is no longer in the settings stays.
    for (const id of leaving) if (channelOf(id) !== undefined) return true
    return false
  }

  function begin(): void {
    ask.drain()
    if (!isShared) return
    // What is due in general is for those who stay: claimed here, it would only wait for the lease's end.
    isFollowing = true
    void wake.stop()
  }

  return {
    note(state, dueAt) {
      const isLeaving = hasLeaving(state)
      if (!isShared) {
        if (isLeaving) leaving.add(state.id)
        else if (leaving.size > 0) leaving.delete(state.id)
      } else if (isFollowing && isLeaving && dueAt <= store.now()) underWay.add(follow(state.id))
    },
    begin,
    async run() {
      begin()
      do {
        await underWay.idle()
        await sleep(timers, LOOK_EVERY_MS)
      } while (underWay.size > 0 || isSomethingLeaving())
      await wake.stop()
    },
  }
}

/** What waits for its echo waits in vain: nobody listens any more. */
function hasLeaving({ outbox }: Conversation): boolean {
  const [first] = outbox.parts
  return first !== undefined && first.message.status !== 'unknown'
}
