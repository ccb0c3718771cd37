import type { Conversation } from '../../conversation/state/state.js'

/** The cached last state of a conversation, which saves a round trip for its next event. */
export interface Remembered {
  readonly state: Conversation | null
  /** Null when there is none. */
  readonly version: string | null
  /** See waitingTexts. */
  readonly waiting: readonly string[]
  /** Its time in the due index; null when another process set it. */
  readonly dueAt: number | null
  /** Its last event was a repeat or concerned a message of ours: the next look-up must read from the server. */
  readonly isDoubtful: boolean
}
