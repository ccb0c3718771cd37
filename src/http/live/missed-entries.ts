import type { ConversationId } from '../../conversation/ids.js'
import type { Store } from '../../engine/ports.js'
import type { Render } from './frame.js'

/** A page of the frames that a client missed, ready to send. */
export interface LivePage {
  readonly frames: readonly { readonly cursor: string; readonly bytes: Buffer }[]
  readonly isTooOld: boolean
  /** The cursor of the next page; null after the last. */
  readonly next: string | null
}

export type ReadPage = (id: ConversationId | null, after: string) => Promise<LivePage>

/** About 200 KiB of usual messages, a few milliseconds to render. */
const PAGE_OF_ONE = 200
const PAGE_OF_ALL = 1_000

export function createReadPage(store: Pick<Store, 'readFeed'>, render: Render): ReadPage {
  return async (id, after) => {
    for (let limit = id === null ? PAGE_OF_ALL : PAGE_OF_ONE; ; limit *= 2) {
      const { entries, isTooOld, isCut } = await store.readFeed(after, id, limit)
      const newest = entries.at(-1)?.cursor ?? null
      // In the feed of all conversations entries may repeat; without this a page of repeats only would be read for
      // ever.
      if (isCut && newest !== null && newest <= after) continue
      const frames = entries.flatMap((entry) => {
        const bytes = render(entry)
        return bytes === null ? [] : [{ cursor: entry.cursor, bytes }]
      })
      return { frames, isTooOld, next: isCut ? newest : null }
    }
  }
}

/**
 * Single flight: callers asking for the same page while it is being read share the result. Correct only if each
 * caller buffers live frames before its first read, or frames between two callers would be lost to one of them.
 */
export function shared(read: ReadPage): ReadPage {
  const reading = new Map<string, Promise<LivePage>>()
  return (id, after) => {
    const key = `${id} ${after}`
    const page = reading.get(key) ?? read(id, after).finally(() => reading.delete(key))
    reading.set(key, page)
    return page
  }
}
