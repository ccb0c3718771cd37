import type { ConversationId } from '../../conversation/ids.js'
import type { Store } from '../../engine/ports.js'
import type { Render } from './frame.js'

/** A piece of what a client missed, ready to be sent. */
export interface LivePage {
  readonly frames: readonly { readonly cursor: string; readonly bytes: Buffer }[]
  readonly isTooOld: boolean
  /** Where the next one begins; null after the last. */
  readonly next: string | null
}

export type ReadPage = (id: ConversationId | null, after: string) => Promise<LivePage>

/** Some 200 KiB of usual messages, and a few milliseconds to write them down. */
const PAGE_OF_ONE = 200
const PAGE_OF_ALL = 1_000

export function createReadPage(store: Pick<Store, 'readFeed'>, render: Render): ReadPage {
  return async (id, after) => {
    for (let limit = id === null ? PAGE_OF_ALL : PAGE_OF_ONE; ; limit *= 2) {
      const { entries, isTooOld, isCut } = await store.readFeed(after, id, limit)
      const newest = entries.at(-1)?.cursor ?? null
      // Of all conversations some comes again: a page of nothing else would come for ever.
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
 * Who asks for the same while it is being read gets the same. That is right only among those who all held back what is
 * live before the first of them asked: what came between would pass another by.
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
