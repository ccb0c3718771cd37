import { type ChannelFacts, type ChannelNews, type ChannelTrouble, SEND_WINDOW_MS } from '../../engine/ports.js'

/** The data of each channel: when it was last active, its trouble, its send-rate slots. */
export interface Channels {
  noteChannel(channelId: string, what: ChannelNews, at: number): void
  noteTrouble(channelId: string, trouble: ChannelTrouble | null): void
  channelFacts(channelId: string): ChannelFacts
  takeSlot(channelId: string, perSecond: number, earliest: number): number
}

interface Notes {
  readonly at: Record<ChannelNews, number>
  trouble: ChannelTrouble | null
  /** The slots given out last, newest at the end. */
  slots: readonly number[]
}

export function createChannels(now: () => number): Channels {
  const channels = new Map<string, Notes>()

  function of(channelId: string): Notes {
    let notes = channels.get(channelId)
    if (notes === undefined) {
      notes = { at: { inbound: 0, echo: 0, sent: 0, probed: 0 }, trouble: null, slots: [] }
      channels.set(channelId, notes)
    }
    return notes
  }

  return {
    noteChannel(channelId, what, at) {
      of(channelId).at[what] = at
    },
    noteTrouble(channelId, trouble) {
      of(channelId).trouble = trouble
    },
    channelFacts(channelId) {
      const { at, trouble } = of(channelId)
      const { inbound, echo, sent, probed } = at
      return { lastInboundAt: inbound, lastEchoAt: echo, lastSentAt: sent, lastProbedAt: probed, trouble }
    },
    takeSlot(channelId, perSecond, earliest) {
      const notes = of(channelId)
      const before = notes.slots.at(-perSecond)
      const free = before === undefined ? 0 : before + SEND_WINDOW_MS
      const at = Math.max(now(), earliest, free, notes.slots.at(-1) ?? 0)
      notes.slots = [...notes.slots, at].slice(-perSecond)
      return at
    },
  }
}
