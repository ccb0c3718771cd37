/** The server's time, from this process' clock and how far it is off. */
export interface ServerClock {
  now(): number
  /** What the server's clock showed at some moment since `askedAt`, a time of this process' own clock. */
  heard(serverTime: number, askedAt: number): void
}

export function createServerClock(ownTime: () => number): ServerClock {
  let offset: number | null = null
  return {
    now: () => Math.round(ownTime() + (offset ?? 0)),
    heard(serverTime, askedAt) {
      // An answer that took long says little: only what it rules out is corrected. After it no time is told that lies
      // before the one just heard, or what the server calls due would not be due here.
      const least = serverTime - ownTime()
      const most = serverTime - askedAt
      offset = offset === null ? (least + most) / 2 : Math.min(Math.max(offset, least), Math.max(least, most))
    },
  }
}
