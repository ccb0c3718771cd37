import type { Database } from './package.js'

/** The result of SQLite's quick check; null when the file is sound. */
export function quickCheck(database: Database): string | null {
  const { quick_check: found } = database.prepare('PRAGMA quick_check(1)').get() as { readonly quick_check: string }
  return found === 'ok' ? null : found
}
