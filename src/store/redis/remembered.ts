import type { Conversation } from '../../conversation/state/state.js'

/** The last state of a conversation that this process saw, for the next event to be decided upon without a round trip. */
export interface Remembered {
  readonly state: Conversation | null
  /** Null where there is none. */
  readonly version: string | null
  /** What the due index says, null where this process did not set it. */
  readonly dueAt: number | null
  /** Its last event was handled before, or had an id of ours: the next look must be at the server. */
  readonly isDoubtful: boolean
}

export interface Memory {
  get(id: string): Remembered | undefined
  set(id: string, what: Remembered): void
  forget(id: string): void
}

/** The least recently used one goes when another comes in over the limit. */
export function createMemory(most: number): Memory {
  const all = new Map<string, Remembered>()
  return {
    get: (id) => all.get(id),
    set(id, what) {
      // Deleted first, so that it becomes the youngest of the Map's order.
      if (!all.delete(id) && all.size >= most) all.delete(all.keys().next().value!)
      all.set(id, what)
    },
    forget: (id) => void all.delete(id),
  }
}
