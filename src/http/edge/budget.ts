/** A rate limit: a fixed amount per time window. */
export interface Budget {
  /** Takes the amount and returns 0; or takes nothing and returns the milliseconds until some is available again. */
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
