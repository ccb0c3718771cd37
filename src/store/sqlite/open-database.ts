import { closeSync, fdatasync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { RouterError } from '../../engine/ports.js'
import { damageOf, failureOf } from './failures.js'
import { lockDirectory } from './lock.js'
import { type Database, loadSqlite } from './package.js'
import { quickCheck } from './quick-check.js'
import { migrate } from './schema.js'
import { createSide, type Side } from './side.js'

/** Opens the file with this process as its only writer. Problems are reported here, before the first webhook. */
export interface OpenedDatabase {
  readonly path: string
  readonly writer: Database
  /** Reads committed data without blocking the writer. */
  readonly reader: Database
  readonly side: Side
  /** Resolves to the problem found in a file that was too large to be checked before the start; null for none. */
  readonly checked: Promise<string | null>
  /** Waits until what was written to the file is on the disk, without holding the event loop. */
  sync(): Promise<void>
  /** The size of the file and its WAL. */
  bytes(): number
  close(): Promise<void>
}

export type Sync = 'normal' | 'full'

const syncFile = promisify(fdatasync)

const FILE = 'message-router.db'
/** Smaller files are checked at once, which takes some ten milliseconds. */
const SMALL_BYTES = 8 * 1024 * 1024
/** How long the start waits for the check, enough for 100 MB; a larger file is checked while the router works. */
const LONGEST_CHECK_MS = 500
/** A fallback for when the side thread cannot checkpoint: SQLite does so itself at half a gigabyte of WAL. */
const LAST_RESORT_PAGES = 125_000
const CACHE_KILOBYTES = 32_000

export function fileIn(directory: string): string {
  return join(directory, FILE)
}

export async function openDatabase(directory: string, sync: Sync): Promise<OpenedDatabase> {
  const sqlite = await loadSqlite()
  const path = fileIn(directory)
  const closing: (() => void)[] = []
  try {
    makeDirectory(directory)
    const lock = lockDirectory(sqlite, directory)
    closing.push(() => lock.release())
    const writer = new sqlite.DatabaseSync(path)
    closing.push(() => writer.close())
    writer.exec(
      `PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON; PRAGMA cache_size = -${CACHE_KILOBYTES};
       PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL;
       PRAGMA synchronous = ${sync === 'full' ? 'FULL' : 'NORMAL'}; PRAGMA wal_autocheckpoint = ${LAST_RESORT_PAGES}`,
    )
    writer.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    checkLength(writer, path)
    migrate(writer, path)
    const reader = new sqlite.DatabaseSync(path)
    closing.push(() => reader.close())
    reader.exec('PRAGMA query_only = ON')
    const side = createSide(path)
    // Closed after all of SQLite's connections: closing a file gives up every lock that the process has on it.
    const file = openSync(path, 'r+')
    closing.unshift(() => closeSync(file))
    const checked = statSync(path).size < SMALL_BYTES ? Promise.resolve(quickCheck(writer)) : side.check()
    const problem = await Promise.race([checked, elapsed(LONGEST_CHECK_MS)])
    if (problem !== null) {
      await side.close()
      throw damageOf(path, problem)
    }
    return {
      path,
      writer,
      reader,
      side,
      checked,
      sync: () => syncFile(file),
      bytes: () => sizeOf(path) + sizeOf(`${path}-wal`),
      async close() {
        await side.close()
        reader.close()
        moveLog(writer)
        writer.close()
        closeSync(file)
        lock.release()
      },
    }
  } catch (error) {
    for (const close of closing.reverse()) close()
    throw failureOf(error, path)
  }
}

/** Where it fails, as on a full disk, the commits stay in the log, and the next start reads them there. */
function moveLog(writer: Database): void {
  try {
    writer.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {}
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const isInTheWay = code === 'EEXIST' || code === 'ENOTDIR'
    const what = isInTheWay ? 'a file stands where a directory should be' : 'name another, or make its parent writable'
    throw new RouterError('store_unavailable', `DATA_DIR ${directory} cannot be made (${code}): ${what}.`, { cause })
  }
}

/** Detects a truncated copy, which SQLite would notice only on reading a missing page. */
function checkLength(database: Database, path: string): void {
  const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { readonly page_count: number }
  const { page_size: size } = database.prepare('PRAGMA page_size').get() as { readonly page_size: number }
  const length = statSync(path).size
  if (length < pages * size) throw damageOf(path, `it ends after ${length} of ${pages * size} bytes`)
}

async function elapsed(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, ms, null).unref())
}
