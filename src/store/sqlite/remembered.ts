import type { Conversation } from '../../conversation/state/state.js'

/** The last state of a conversation: this process alone writes the file, so what it remembers is what is there. */
export interface Remembered {
  /** Its row's, null where it has none. */
  readonly number: number | null
  readonly version: number | null
  /** Its place in the lists: the higher, the newer; null where it is not listed. */
  readonly place: number | null
  readonly state: Conversation | null
  /** Its last event was handled before, or had an id of ours: the next look must be at the file. */
  readonly isDoubtful: boolean
}
