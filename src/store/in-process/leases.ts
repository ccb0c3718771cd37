import type { Leases } from '../../engine/ports.js'

/** Leases in a store that only one process uses. */
export function createLeases(now: () => number): Leases {
  const held = new Map<string, { readonly by: string; readonly until: number }>()
  return {
    take(name, holder, lifeMs) {
      const lease = held.get(name)
      if (lease !== undefined && lease.by !== holder && now() < lease.until) return false
      held.set(name, { by: holder, until: now() + lifeMs })
      return true
    },
    end(name, holder) {
      if (held.get(name)?.by === holder) held.delete(name)
    },
  }
}
