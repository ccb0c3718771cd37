import { nameOf } from './auth.js'

/** The API tokens that are good now, by the names that callers have (`Caller.key`). */
export interface ApiKeys {
  has(key: string): boolean
  /** The settings were read again. */
  replace(tokens: readonly string[]): void
  onReplaced(listener: () => void): void
}

export function createApiKeys(tokens: readonly string[]): ApiKeys {
  const listeners: (() => void)[] = []
  let keys = new Set(tokens.map(nameOf))
  return {
    has: (key) => keys.has(key),
    replace(others) {
      keys = new Set(others.map(nameOf))
      for (const listener of listeners) listener()
    },
    onReplaced(listener) {
      listeners.push(listener)
    },
  }
}
