import type { ConversationId } from '../../conversation/ids.js'

/** A position in a list: by activity, and for equal activity in Redis's order of members. */
export interface Place {
  readonly at: number
  readonly id: ConversationId
}

/** A process never gives a place out twice, so that its commits within a millisecond keep their order. */
export const PLACES_PER_MS = 1_000

export function createPlaces(now: () => number): () => number {
  let last = 0
  return () => {
    last = Math.max(last + 1, now() * PLACES_PER_MS)
    return last
  }
}

/** Parses alternating members and scores. */
export function pairs(flat: readonly string[]): readonly Place[] {
  const places: Place[] = []
  for (let i = 0; i < flat.length; i += 2) places.push({ id: flat[i] as ConversationId, at: Number(flat[i + 1]) })
  return places
}

/** Newest first, and for the same place the greatest id first, like Redis. */
export function byPlace(a: Place, b: Place): number {
  return b.at - a.at || (a.id > b.id ? -1 : a.id < b.id ? 1 : 0)
}
