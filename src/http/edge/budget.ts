/** So much in each window of time. */
export interface Budget {
  /** 0 where it was there to take, else the milliseconds until there is something again; nothing is taken then. */
  take(amount: number): number
}

export function createBudget(most: number, windowMs: number, now: () => number): Budget {
  let since = Number.NEGATIVE_INFINITY
  let taken = 0
  return {
    take(amount) {
      const at = now()
      if (at - since >= windowMs) {
        since = at
        taken = 0
      }
      if (taken + amount > most) return since + windowMs - at
      taken += amount
      return 0
    },
  }
}
