import { named } from '../../named-token.js'
import { nameOf } from './auth.js'

/** The API tokens of the current settings, by the names that identify their callers (`Caller.key`). */
export interface ApiKeys {
  has(key: string): boolean
  /** Called after the settings were reloaded. */
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
