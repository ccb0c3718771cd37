import type { Conversation } from '../../conversation/state/state.js'
import { encodeMessage } from '../rows/message-row.js'

/** The cached last state of a conversation, which saves a round trip for its next event. */
export interface Remembered {
  readonly state: Conversation | null
  /** Null when there is none. */
  readonly version: string | null
  /** The waiting messages as they were written; empty where another process wrote them. */
  readonly waiting: readonly string[]
  /** Its time in the due index; null when another process set it. */
  readonly dueAt: number | null
  /** Its last event was a repeat or concerned a message of ours: the next look-up must read from the server. */
  readonly isDoubtful: boolean
}

/** The waiting messages of the next state as texts: those that the last one had too are not encoded again. */
export function waitingTexts(before: Remembered, state: Conversation): readonly string[] {
  return state.waiting.map((message, i) => {
    const text = before.state?.waiting[i] === message ? before.waiting[i] : undefined
    return text ?? encodeMessage(message)
  })
}
