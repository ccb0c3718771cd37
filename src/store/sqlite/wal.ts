import type { Group } from './group.js'
import type { Database } from './package.js'
import type { Side } from './side.js'

/**
 * What is committed stands in a log beside the file (the WAL) until it is moved over. The side thread does nearly all of
 * that; this thread only what came meanwhile, and only when the log has grown large, so that it begins anew.
 */
export interface Wal {
  /** So many commits were added. */
  grew(commits: number): void
  /** Comes by once in a while. */
  tick(): void
  /** Nothing that was erased is left in the log afterwards, or as soon as whoever still reads it has ended. */
  scrub(): Promise<void>
  /** Resolves when nothing is under way. */
  rest(): Promise<void>
}

/** Some 20 MB of log. */
const MOVE_AFTER_COMMITS = 1_000
const LARGE_PAGES = 8_000

export function createWal(parts: {
  readonly writer: Database
  readonly side: Side
  readonly group: Group
  readonly failed: (error: unknown) => void
}): Wal {
  const { writer, side, group, failed } = parts
  const passive = writer.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  const truncate = writer.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  let commits = 0
  let isToBeScrubbed = false
  let moving: Promise<void> | null = null

  async function move(): Promise<void> {
    commits = 0
    const pages = await side.checkpoint()
    if (isToBeScrubbed) {
      group.flush()
      const { busy } = truncate.get() as { readonly busy: number }
      if (busy === 0) isToBeScrubbed = false
    } else if (pages > LARGE_PAGES) {
      group.flush()
      passive.get()
    }
  }

  function start(): Promise<void> {
    moving ??= move()
      .catch(failed)
      .finally(() => {
        moving = null
      })
    return moving
  }

  return {
    grew(many) {
      commits += many
      if (commits >= MOVE_AFTER_COMMITS) void start()
    },
    tick() {
      if (commits > 0 || isToBeScrubbed) void start()
    },
    async scrub() {
      // One under way may have begun before what is to go was written.
      await moving
      isToBeScrubbed = true
      await start()
    },
    async rest() {
      await moving
    },
  }
}
