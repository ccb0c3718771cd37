/** What the store knows of a channel: when it last worked, and why its sends fail. */

/** `probed`: Meta accepted the channel's token. */
export type ChannelNews = 'inbound' | 'echo' | 'sent' | 'probed'

/** Times are 0 for never. */
export interface ChannelFacts {
  readonly lastInboundAt: number
  readonly lastEchoAt: number
  readonly lastSentAt: number
  readonly lastProbedAt: number
  readonly trouble: ChannelTrouble | null
}

/** Why the channel's sends fail. */
export interface ChannelTrouble {
  readonly at: number
  readonly code: string
}
