import { existsSync, renameSync, rmSync } from 'node:fs'
import { RouterError } from '../../engine/ports.js'
import { failureOf } from './failures.js'
import { fileIn } from './open-database.js'
import { loadSqlite } from './package.js'

/**
 * Copies the store of a directory into a file, as a consistent snapshot while the router runs. The copy has no free
 * pages, so that it contains no deleted data. Returns its size in bytes.
 */
export async function backup(directory: string, target: string): Promise<number> {
  const { DatabaseSync } = await loadSqlite()
  const path = fileIn(directory)
  if (!existsSync(path)) throw refusal(`There is no store in DATA_DIR ${directory}: ${path} does not exist.`)
  if (existsSync(target)) throw refusal(`${target} exists already: name a file that does not.`)
  // An interrupted copy must not look like a backup.
  const partial = `${target}.partial`
  rmSync(partial, { force: true })
  try {
    const database = new DatabaseSync(path, { readOnly: true })
    try {
      database.prepare('VACUUM INTO ?').run(partial)
    } finally {
      database.close()
    }
    const copy = new DatabaseSync(partial, { readOnly: true })
    const { size } = copy
      .prepare('SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size')
      .get() as { readonly size: number }
    copy.close()
    renameSync(partial, target)
    return size
  } catch (error) {
    rmSync(partial, { force: true })
    throw failureOf(error, target)
  }
}

function refusal(message: string): RouterError {
  return new RouterError('invalid_request', message)
}
