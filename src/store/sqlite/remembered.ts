import type { Conversation } from '../../conversation/state/state.js'

/** The cached last state of a conversation. Only this process writes the file, so that the cache is always current. */
export interface Remembered {
  /** The number of its row; null when it has none. */
  readonly number: number | null
  readonly version: number | null
  /** Its place in the lists, higher is newer; null when it is not listed. */
  readonly place: number | null
  readonly state: Conversation | null
  /** Its last event was a repeat or concerned a message of ours: the next look-up must read the file. */
  readonly isDoubtful: boolean
}
