/** Good once, and not for long. */
export interface Tickets {
  put(ticket: string, lifeMs: number): void
  take(ticket: string): boolean
}

/** Far more than browsers open in the half minute that a ticket lives; over it the oldest is worth nothing any more. */
const MOST = 10_000

export function createTickets(now: () => number): Tickets {
  const endsAt = new Map<string, number>()
  return {
    put(ticket, lifeMs) {
      if ((endsAt.get(ticket) ?? 0) > now()) return
      if (endsAt.size >= MOST) endsAt.delete(endsAt.keys().next().value!)
      endsAt.set(ticket, now() + lifeMs)
    },
    take(ticket) {
      const end = endsAt.get(ticket)
      endsAt.delete(ticket)
      return end !== undefined && now() < end
    },
  }
}
