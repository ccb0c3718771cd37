export interface MemoryLimits {
  readonly conversations: number
  readonly historyBytes: number
  /** The limit for texts of open work, which is never evicted for new work. */
  readonly openBytes: number
  readonly seenIds: number
}

/** Shares of the heap limit; the rest is for requests and for garbage. */
export function memoryLimits(heapBytes: number): MemoryLimits {
  return {
    conversations: Math.min(MOST_CONVERSATIONS, Math.floor((heapBytes * 0.3) / CONVERSATION_BYTES)),
    historyBytes: Math.floor(heapBytes * 0.2),
    openBytes: Math.floor(heapBytes * 0.15),
    seenIds: MOST_SEEN_IDS,
  }
}

const MOST_CONVERSATIONS = 1_000_000
/** Measured: 700 with a flag, 800 with a pause while it is awake, and half of that at rest; messages are counted separately. */
const CONVERSATION_BYTES = 800
/** Each of the two generations takes up to 64 MB outside the heap for this many. */
const MOST_SEEN_IDS = 4_000_000
