/** The server's time, from this process' clock and how far it was off when it was last compared. */
export interface ServerClock {
  now(): number
  compare(): Promise<void>
}

export function createServerClock(parts: {
  readonly now: () => number
  readonly serverTime: () => Promise<readonly [seconds: string | number, microseconds: string | number]>
}): ServerClock {
  let offset = 0
  return {
    now: () => Math.round(parts.now() + offset),
    async compare() {
      const before = parts.now()
      const [seconds, microseconds] = await parts.serverTime()
      const after = parts.now()
      // The answer was made about halfway between asking and hearing it.
      offset = Number(seconds) * 1000 + Number(microseconds) / 1000 - (before + after) / 2
    },
  }
}
