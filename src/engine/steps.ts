import { randomUUID } from 'node:crypto'
import type { Channel } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import { dueAt, nextStep } from '../conversation/next-step.js'
import { messageId } from '../conversation/state/message.js'
import type { Ask } from './ask.js'
import type { Log, Meter, Receive, Store } from './ports.js'
import type { Send } from './send.js'

/** Takes the next step of a due conversation; resolves once its longer work has been started. */
export type TakeStep = (id: ConversationId, channel: Channel) => Promise<void>

export function createTakeStep(parts: {
  readonly store: Store
  readonly receive: Receive
  readonly ask: Ask
  readonly send: Send
  readonly log: Log
  readonly meter: Meter
}): TakeStep {
  const { store, receive, ask, send, log, meter } = parts

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
    const received = await receive(id, channel, { is: 'wake', runId: randomUUID(), ...readiness }, null)
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
