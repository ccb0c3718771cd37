import type { MemoryLimits } from './store.js'

/** Shares of the memory that the process was given: what is left is for requests, and for the garbage of both. */
export function memoryLimits(heapBytes: number): MemoryLimits {
  return {
    conversations: Math.min(MOST_CONVERSATIONS, Math.floor((heapBytes * 0.3) / CONVERSATION_BYTES)),
    historyBytes: Math.floor(heapBytes * 0.2),
    openBytes: Math.floor(heapBytes * 0.15),
    seenIds: MOST_SEEN_IDS,
  }
}

const MOST_CONVERSATIONS = 1_000_000
/** One with a flag took 700 and one with a pause 800, measured with a million of them; their messages come on top. */
const CONVERSATION_BYTES = 800
/** Each of two generations takes up to 64 MB for this many, outside the heap. */
const MOST_SEEN_IDS = 4_000_000
