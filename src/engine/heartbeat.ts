import type { Channel } from '../conversation/channel.js'
import { mayHaveSpoken } from '../conversation/expected/spoken-runs.js'
import type { ConversationId } from '../conversation/ids.js'
import type { Conversation, RunNames } from '../conversation/state/state.js'
import type { OrderVerdict } from '../conversation/verdict.js'
import { listenOn } from './listen-on.js'
import type { Receive, Received } from './ports.js'
import type { AssistantClient, ReadAnswer } from './providers.js'
import type { RunWords } from './run-words.js'
import { spokenTexts } from './spoken-texts.js'
import type { Timers } from './timers.js'

/** The heartbeat of a call to the assistant: keeps the run's lease, and ends a call that nobody waits for any more. */

/** A third of the lease, so that two may be lost. */
export const BEAT_MS = 2_500

export interface RunningCall {
  readonly id: ConversationId
  readonly channel: Channel
  readonly runId: string
  readonly startedAt: number
  readonly stopper: AbortController
  readonly words: RunWords
  names: RunNames
  /** The run's end is recorded, and its answer is not waited for. */
  isOver: boolean
  /** Dify was told to stop the run, or is about to be. */
  isStopped: boolean
  /** Set while the run is only listened to. */
  endListening: (() => void) | null
}

export interface Heartbeat {
  /** Sends a heartbeat, which also shows whether the run is still wanted. Null when the store is unreachable. */
  beat(id: ConversationId, channel: Channel, call: RunningCall): Promise<Received<OrderVerdict> | null>
  /** A run that another process adopted continues at Dify, where that process looks its answer up. */
  endUnwanted(state: Conversation, call: RunningCall): void
  /**
   * Called after the run's end is recorded: Dify keeps the partial answer of a stopped run, which a look-up could
   * find.
   */
  stop(call: RunningCall): Promise<void>
}

export function createHeartbeat(parts: {
  readonly assistant: AssistantClient
  readonly readAnswer: ReadAnswer
  readonly receive: Receive
  readonly timers: Timers
}): Heartbeat {
  const { assistant, readAnswer, receive, timers } = parts

  async function beat(id: ConversationId, channel: Channel, call: RunningCall): Promise<Received<OrderVerdict> | null> {
    const untold = call.words.untold()
    const said = untold === null ? null : spokenTexts(untold, readAnswer, channel)
    const event = { is: 'run_beat', runId: call.runId, names: call.names, said } as const
    try {
      const received = await receive(id, channel, event, null)
      if (untold !== null) call.words.told(untold)
      endUnwanted(received.state, call)
      return received
    } catch {
      // The next heartbeat tries again; without any the run is adopted by another process.
      return null
    }
  }

  async function stop({ id, channel, names }: RunningCall): Promise<void> {
    if (channel.assistant !== null) await assistant.stop(channel.assistant, id, names)
  }

  function endUnwanted(state: Conversation, call: RunningCall): void {
    if (state.asking.run?.startedAt === call.startedAt || call.endListening !== null) return
    const endCall = (): void => call.stopper.abort()
    if (!state.spoken.some(({ startedAt }) => startedAt === call.startedAt)) {
      endCall()
      return
    }
    const stopNow = (): void => {
      call.isStopped = true
      void stop(call)
    }
    const run = { mayHaveSpoken: mayHaveSpoken(state, call.startedAt), stop: stopNow, endCall }
    call.endListening = listenOn(timers, run)
  }

  return { beat, endUnwanted, stop }
}
