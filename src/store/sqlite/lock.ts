import { join } from 'node:path'
import { RouterError } from '../../engine/ports.js'
import { primaryCode } from './failures.js'
import type { Sqlite } from './package.js'

const BUSY = 5

/**
 * Keeps a second process off the directory, with a lock of the operating system on a file of its own, taken through
 * SQLite. The lock ends with the process, so that a killed process leaves no obstacle.
 */
export function lockDirectory({ DatabaseSync }: Sqlite, directory: string): { release(): void } {
  const lock = new DatabaseSync(join(directory, 'message-router.lock'))
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (primaryCode(error) !== BUSY) throw error
    throw new RouterError(
      'store_unavailable',
      `DATA_DIR ${directory} is in use by another message router, and only one process at a time may write there. ` +
        'Stop that one first, or give this one a DATA_DIR of its own; several processes share a store with REDIS_URL.',
      { cause: error },
    )
  }
  return { release: () => lock.close() }
}
