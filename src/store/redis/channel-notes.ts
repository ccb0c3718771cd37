import type { ChannelNews } from '../../engine/ports.js'

/**
 * When each channel was last heard of. Every message would tell, and nobody needs it to the moment: the first of a while
 * is written at once, and the last one when the while is over.
 */
export interface ChannelNotes {
  note(channelId: string, what: ChannelNews, at: number): void
  close(): void
}

export function createChannelNotes(
  write: (channelId: string, what: string, at: number) => Promise<void>,
  everyMs: number,
): ChannelNotes {
  /** What came meanwhile, null for nothing. */
  const resting = new Map<string, { timer: NodeJS.Timeout; latest: number | null }>()

  function note(channelId: string, what: ChannelNews, at: number): void {
    const name = `${channelId} ${what}`
    const rest = resting.get(name)
    if (rest !== undefined) {
      rest.latest = at
      return
    }
    const timer = setTimeout(() => {
      const latest = resting.get(name)?.latest ?? null
      resting.delete(name)
      if (latest !== null) note(channelId, what, latest)
    }, everyMs).unref()
    resting.set(name, { timer, latest: null })
    // The next message tells it again.
    write(channelId, what, at).catch(() => {})
  }

  return {
    note,
    close() {
      for (const { timer } of resting.values()) clearTimeout(timer)
      resting.clear()
    },
  }
}
