import type { ConversationId } from '../../conversation/ids.js'

/** A place in a list: by activity, and among those of the same moment as Redis has them. */
export interface Place {
  readonly at: number
  readonly id: ConversationId
}

/** A process gives no place twice: what it commits within one millisecond keeps its order. */
export const PLACES_PER_MS = 1_000

export function createPlaces(now: () => number): () => number {
  let last = 0
  return () => {
    last = Math.max(last + 1, now() * PLACES_PER_MS)
    return last
  }
}

/** From members and scores by turns. */
export function pairs(flat: readonly string[]): readonly Place[] {
  const places: Place[] = []
  for (let i = 0; i < flat.length; i += 2) places.push({ id: flat[i] as ConversationId, at: Number(flat[i + 1]) })
  return places
}

/** The newest first, and of the same moment the greatest id first: so does Redis. */
export function byPlace(a: Place, b: Place): number {
  return b.at - a.at || (a.id > b.id ? -1 : a.id < b.id ? 1 : 0)
}
