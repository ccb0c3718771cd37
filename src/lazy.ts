import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * A package that is loaded when it is first used, to keep the start short. Whether it is installed is checked at once:
 * otherwise a broken installation would show in the middle of the work.
 */
export function lazy<T>(name: string): () => T {
  const path = require.resolve(name)
  return () => require(path) as T
}
