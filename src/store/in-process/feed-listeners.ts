import type { FeedEntry, FeedListener, StopListening } from '../../engine/ports.js'

/** The listeners to a feed within this process. */
export interface FeedListeners {
  listen(listener: FeedListener): StopListening
  hasAny(): boolean
  tell(entry: FeedEntry): void
}

export function createFeedListeners(): FeedListeners {
  const all = new Set<{ readonly listener: FeedListener }>()
  return {
    listen(listener) {
      const listening = { listener }
      all.add(listening)
      return () => void all.delete(listening)
    },
    hasAny: () => all.size > 0,
    tell(entry) {
      for (const { listener } of all) {
        try {
          listener.entry(entry)
        } catch {
          // A listener's error must not affect the commit.
        }
      }
    },
  }
}
