/** The lease on delivering notifications, for a store that only one process uses. */
export interface Lease {
  take(holder: string, lifeMs: number): boolean
  end(holder: string): void
}

export function createLease(now: () => number): Lease {
  let held: { readonly by: string; readonly until: number } | null = null
  return {
    take(holder, lifeMs) {
      if (held !== null && held.by !== holder && now() < held.until) return false
      held = { by: holder, until: now() + lifeMs }
      return true
    },
    end(holder) {
      if (held?.by === holder) held = null
    },
  }
}
