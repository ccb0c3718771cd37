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

/** A least-recently-used cache. */
export function createMemory(most: number): Memory {
  const all = new Map<string, Remembered>()
  return {
    get: (id) => all.get(id),
    set(id, what) {
      // Deleted first, so that it becomes the newest in the Map's order.
      if (!all.delete(id) && all.size >= most) all.delete(all.keys().next().value!)
      all.set(id, what)
    },
    forget: (id) => void all.delete(id),
  }
}
