/** The server's time, as this process's clock plus an offset. */
export interface ServerClock {
  now(): number
  /** Adjusts the offset by a server time that was read at some moment since `askedAt` (own clock). */
  heard(serverTime: number, askedAt: number): void
}

export function createServerClock(ownTime: () => number): ServerClock {
  let offset: number | null = null
  return {
    now: () => Math.round(ownTime() + (offset ?? 0)),
    heard(serverTime, askedAt) {
      // Clamps the offset to what the round trip allows: after a slow one only an impossible offset is corrected. The
      // time never falls below the one just read, or what the server calls due would not be due here.
      const least = serverTime - ownTime()
      const most = serverTime - askedAt
      offset = offset === null ? (least + most) / 2 : Math.min(Math.max(offset, least), Math.max(least, most))
    },
  }
}
