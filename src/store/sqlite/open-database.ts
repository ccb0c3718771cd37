import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RouterError } from '../../engine/ports.js'
import { damageOf, failureOf } from './failures.js'
import { lockDirectory } from './lock.js'
import { type Database, loadSqlite } from './package.js'
import { quickCheck } from './quick-check.js'
import { migrate } from './schema.js'
import { createSide, type Side } from './side.js'

/** The file, open for this process alone to write; whatever is wrong with it is told here, before anything is taken in. */
export interface OpenedDatabase {
  readonly path: string
  readonly writer: Database
  /** Sees what is committed, and holds up no writer. */
  readonly reader: Database
  readonly side: Side
  /** What is found wrong with a file that was too large to be looked through before the start. */
  readonly checked: Promise<string | null>
  /** Of the file and of its log. */
  bytes(): number
  close(): Promise<void>
}

export type Sync = 'normal' | 'full'

const FILE = 'message-router.db'
/** Looked through at once: some ten milliseconds. */
const SMALL_BYTES = 8 * 1024 * 1024
/** A file of a hundred megabytes is looked through in that time; a larger one is while work is taken in already. */
const LONGEST_CHECK_MS = 500
/** The side thread does it sooner. This is for the day on which it cannot: half a gigabyte. */
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
      bytes: () => sizeOf(path) + sizeOf(`${path}-wal`),
      async close() {
        await side.close()
        reader.close()
        writer.exec('PRAGMA wal_checkpoint(TRUNCATE)')
        writer.close()
        lock.release()
      },
    }
  } catch (error) {
    for (const close of closing.reverse()) close()
    throw failureOf(error, path)
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new RouterError('store_unavailable', `DATA_DIR ${directory} cannot be made (${code}): make it writable.`, {
      cause,
    })
  }
}

/** Somebody copied a part of it: SQLite itself would find out when it gets to the missing pages. */
function checkLength(database: Database, path: string): void {
  const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { readonly page_count: number }
  const { page_size: size } = database.prepare('PRAGMA page_size').get() as { readonly page_size: number }
  const length = statSync(path).size
  if (length < pages * size) throw damageOf(path, `it ends after ${length} of ${pages * size} bytes`)
}

async function elapsed(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, ms, null).unref())
}
