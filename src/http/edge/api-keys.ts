import { named, nameOf } from './auth.js'

/** The API tokens that are good now, by the names that callers have (`Caller.key`). */
export interface ApiKeys {
  has(key: string): boolean
  /** The settings were read again. */
  replace(tokens: readonly string[]): void
  onReplaced(listener: () => void): void
}

export function createApiKeys(tokens: readonly string[]): ApiKeys {
  const listeners: (() => void)[] = []
  let keys = keysOf(tokens)
  return {
    has: (key) => keys.has(key),
    replace(others) {
      keys = keysOf(others)
      for (const listener of listeners) listener()
    },
    onReplaced(listener) {
      listeners.push(listener)
    },
  }
}

function keysOf(tokens: readonly string[]): Set<string> {
  return new Set(tokens.map((text, i) => nameOf(named(text, i).token)))
}
