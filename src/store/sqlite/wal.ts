import type { Group } from './group.js'
import type { OpenedDatabase } from './open-database.js'
import type { Database } from './package.js'

/**
 * Committed data is in a log beside the file (the WAL) until a checkpoint moves it. The side thread does nearly all
 * of that; this thread only the remainder, once the WAL has grown large, so that it can start over.
 */
export interface Wal {
  /** That many commits were added. */
  grew(commits: number): void
  /** Called at intervals. */
  tick(): void
  /** Afterwards no erased data is left in the WAL, or as soon as its remaining readers have ended. */
  scrub(): Promise<void>
  /** Resolves when no checkpoint is under way. */
  rest(): Promise<void>
}

/** About 20 MB of WAL. */
const MOVE_AFTER_COMMITS = 1_000
/** 64 MB: the more seldom this thread moves a rest, the fewer webhooks wait for it. */
const LARGE_PAGES = 16_000
/** What this thread moves in a few milliseconds. */
const FEW_COMMITS = 50
const MOST_ROUNDS = 8

export function createWal(parts: {
  readonly writer: Database
  readonly opened: Pick<OpenedDatabase, 'side' | 'sync'>
  readonly group: Group
  readonly failed: (error: unknown) => void
}): Wal {
  const { writer, group, failed } = parts
  const { side, sync } = parts.opened
  const passive = writer.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  const truncate = writer.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  let commits = 0
  let isToBeScrubbed = false
  let moving: Promise<void> | null = null

  async function move(): Promise<void> {
    let pages = 0
    // What is committed during a checkpoint is left for the next one. Among a million conversations that are thousands of
    // pages, so that the side thread goes on until this thread can move the rest. SQLite syncs the file only with the
    // checkpoint that leaves nothing, which is this thread's: so that it need not wait for the disk, the file is
    // synced before.
    for (let round = 0; round === 0 || (pages > LARGE_PAGES && commits > FEW_COMMITS && round < MOST_ROUNDS); round++) {
      commits = 0
      pages = await side.checkpoint()
      if (pages > LARGE_PAGES) await sync()
    }
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
      // A checkpoint under way may have begun before the erasure was written.
      await moving
      isToBeScrubbed = true
      await start()
    },
    async rest() {
      await moving
    },
  }
}
