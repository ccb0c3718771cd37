/** One-time tickets with a short life. */
export interface Tickets {
  putTicket(ticket: string, key: string, lifeMs: number): void
  takeTicket(ticket: string): string | null
}

/** Far more than browsers open in the half minute that a ticket lives; above it the oldest ticket becomes invalid. */
const MOST = 10_000

export function createTickets(now: () => number): Tickets {
  const tickets = new Map<string, { readonly key: string; readonly endsAt: number }>()
  return {
    putTicket(ticket, key, lifeMs) {
      if ((tickets.get(ticket)?.endsAt ?? 0) > now()) return
      if (tickets.size >= MOST) tickets.delete(tickets.keys().next().value!)
      tickets.set(ticket, { key, endsAt: now() + lifeMs })
    },
    takeTicket(ticket) {
      const given = tickets.get(ticket)
      tickets.delete(ticket)
      return given !== undefined && now() < given.endsAt ? given.key : null
    },
  }
}
