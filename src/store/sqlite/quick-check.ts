import type { Database } from './package.js'

/** What is wrong with the file, null for nothing. */
export function quickCheck(database: Database): string | null {
  const { quick_check: found } = database.prepare('PRAGMA quick_check(1)').get() as { readonly quick_check: string }
  return found === 'ok' ? null : found
}
