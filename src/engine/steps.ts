import { randomUUID } from 'node:crypto'
import type { Channel } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import { dueAt, nextStep } from '../conversation/next-step.js'
import { messageId } from '../conversation/state/message.js'
import { NO_NAMES } from '../conversation/state/state.js'
import type { Ask } from './ask.js'
import { persist } from './persist.js'
import type { Log, Meter, Receive, Store } from './ports.js'
import type { Send } from './send.js'
import type { Timers } from './timers.js'
import type { UnderWay } from './under-way.js'

/** Takes the next step of a due conversation; resolves once its longer work has been started. */
export type TakeStep = (id: ConversationId, channel: Channel) => Promise<void>

export function createTakeStep(parts: {
  readonly store: Store
  readonly receive: Receive
  readonly ask: Ask
  readonly send: Send
  readonly log: Log
  readonly underWay: UnderWay
  readonly meter: Meter
  readonly timers: Timers
}): TakeStep {
  const { store, receive, ask, send, log, underWay, meter, timers } = parts

  /** Asks the question if its run was committed, which the process did not learn. */
  async function askAfterAll(id: ConversationId, channel: Channel, runId: string): Promise<void> {
    const event = { is: 'run_beat', runId, names: NO_NAMES, said: null } as const
    try {
      const { verdict, state, freshUntil } = await persist(timers, () => receive(id, channel, event, null))
      if (verdict.outcome !== 'refused') ask.begin(state, channel, state.asking.run!, freshUntil)
    } catch (error) {
      log.warn(
        { conversation_id: id, reason: String(error) },
        'could not find out whether a question is still to be asked',
      )
    }
  }

  return async (id, channel) => {
    const state = await store.read(id)
    if (state === null) return
    const now = store.now()
    const step = nextStep(state, channel.policy, now)
    if (step.is !== 'rest') meter.woken(now - dueAt(state, channel.policy))
    if (step.is === 'send') return send(id, channel, step.slotAt)
    if (step.is === 'ask' && ask.isDraining) return
    // The run is still alive in this process: a late heartbeat let its lease expire.
    if (step.is === 'adopt' && ask.has(step.run)) {
      await receive(id, channel, { is: 'run_beat', runId: step.run.id, names: step.run.names, said: null }, null)
      return
    }
    const readiness = step.is === 'ask' ? ask.readiness(channel) : READY
    const event = { is: 'wake', runId: randomUUID(), ...readiness } as const
    const received = await Promise.resolve()
      .then(() => receive(id, channel, event, null))
      .catch((error: unknown) => {
        // The commit may have succeeded although it reported a failure. Another process would take the run for one that
        // may have been asked, and give it up where that must not happen twice.
        if (step.is === 'ask') underWay.add(askAfterAll(id, channel, event.runId))
        throw error
      })
    const { task, expiredShare } = received.verdict
    if (task?.is === 'ask') ask.begin(received.state, channel, task.run, received.freshUntil)
    else if (task?.is === 'look_up') ask.lookUp(received.state, channel, task.run)
    if (expiredShare !== null) {
      const shareId = messageId(id, received.state.createdAt, expiredShare.seq)
      log.info({ conversation_id: id }, `⏰ Timeout for share ${shareId} - no question received`)
    }
    if (step.is === 'resume') log.info({ conversation_id: id }, 'pause is over, the bot may answer')
  }
}

const READY = { assistantFreeAt: 0, isAssistantDown: false }
