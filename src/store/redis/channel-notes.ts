import type { ChannelFacts, ChannelNews, ChannelTrouble } from '../../engine/ports.js'
import type { Cancel, Timers } from '../../engine/timers.js'
import type { Commands } from './commands.js'

/**
 * Throttles the notes of when each channel was last active, which every message would write: the first of an interval
 * is written at once, and the last one at the interval's end.
 */
export interface ChannelNotes {
  note(channelId: string, what: ChannelNews, at: number): void
  close(): void
}

export function createChannelNotes(
  write: (channelId: string, what: string, at: number) => Promise<void>,
  everyMs: number,
  timers: Timers,
): ChannelNotes {
  /** The latest note of the current interval; null for none. */
  const resting = new Map<string, { readonly cancel: Cancel; latest: number | null }>()

  function note(channelId: string, what: ChannelNews, at: number): void {
    const name = `${channelId} ${what}`
    const rest = resting.get(name)
    if (rest !== undefined) {
      rest.latest = at
      return
    }
    const cancel = timers.after(everyMs, () => {
      const latest = resting.get(name)?.latest ?? null
      resting.delete(name)
      if (latest !== null) note(channelId, what, latest)
    })
    resting.set(name, { cancel, latest: null })
    // A failed write is repeated by the next message.
    write(channelId, what, at).catch(() => {})
  }

  return {
    note,
    close() {
      for (const { cancel } of resting.values()) cancel()
      resting.clear()
    },
  }
}

export async function channelFacts(commands: Commands, key: string): Promise<ChannelFacts> {
  const { inbound, echo, sent, probed, trouble } = await commands.fields(key)
  return {
    lastInboundAt: Number(inbound ?? 0),
    lastEchoAt: Number(echo ?? 0),
    lastSentAt: Number(sent ?? 0),
    lastProbedAt: Number(probed ?? 0),
    trouble: trouble === undefined ? null : (JSON.parse(trouble) as ChannelTrouble | null),
  }
}
