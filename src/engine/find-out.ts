import type { Channel } from '../conversation/channel.js'
import type { AskedQuestion } from '../conversation/question/question-text.js'
import type { RunNames } from '../conversation/state/state.js'
import type { Store } from './ports.js'
import type { AskOutcome, AssistantClient } from './providers.js'
import { sleep, type Timers } from './timers.js'

/** A run whose call was lost and which may still be running at Dify. */
export interface LostRun {
  readonly question: AskedQuestion
  readonly channel: Channel
  readonly startedAt: number
  readonly signal: AbortSignal
  /** The run's ids as far as they are known now. */
  readonly names: () => RunNames
}

/** Looks the run's outcome up at Dify; returns `otherwise` when Dify does not know it. */
export type FindOut = (lost: LostRun, otherwise: AskOutcome) => Promise<AskOutcome>

const LOOK_EVERY_MS = 2_000

export function createFindOut(parts: {
  readonly assistant: Pick<AssistantClient, 'lookUp' | 'stop'>
  readonly store: Pick<Store, 'now'>
  readonly timers: Timers
}): FindOut {
  const { assistant, store, timers } = parts
  return async ({ question, channel, startedAt, signal, names }, otherwise) => {
    const settings = channel.assistant
    // The channel was removed from the settings after the question was asked.
    if (settings === null) return otherwise
    for (;;) {
      const found = await assistant.lookUp(settings, question, names(), startedAt)
      if (signal.aborted) {
        await assistant.stop(settings, question.id, names())
        return { is: 'cancelled' }
      }
      if (found === null) return otherwise
      if (found.is !== 'unknown') return found
      if (store.now() >= startedAt + channel.policy.difyTimeoutMs) return found
      await sleep(timers, LOOK_EVERY_MS, signal)
    }
  }
}
