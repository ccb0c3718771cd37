import type { Conversation } from '../../conversation/state/state.js'

/** The cached last state of a conversation, which saves a round trip for its next event. */
export interface Remembered {
  readonly state: Conversation | null
  /** Null when there is none. */
  readonly version: string | null
  /** Its time in the due index; null when another process set it. */
  readonly dueAt: number | null
  /** Its last event was a repeat or concerned a message of ours: the next look-up must read from the server. */
  readonly isDoubtful: boolean
}

export interface Memory {
  get(id: string): Remembered | undefined
  set(id: string, what: Remembered): void
  forget(id: string): void
}

/**
 * Keeps the states that were set lately, in two halves: the older half is dropped when the newer one is full. Moving a
 * key to the end of one Map with each commit would rebuild the Map's table over and over.
 */
export function createMemory(most: number): Memory {
  let newer = new Map<string, Remembered>()
  let older = new Map<string, Remembered>()
  return {
    get: (id) => newer.get(id) ?? older.get(id),
    set(id, what) {
      if (newer.size >= most / 2 && !newer.has(id)) {
        older = newer
        newer = new Map()
      }
      newer.set(id, what)
    },
    forget(id) {
      newer.delete(id)
      older.delete(id)
    },
  }
}
