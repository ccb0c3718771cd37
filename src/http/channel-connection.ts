import type { ChannelFacts, ChannelTrouble } from '../engine/ports.js'

/** The trouble that still keeps a channel's messages from getting through; a message sent since then has disproved it. */
export function lastingTrouble({ trouble, lastSentAt }: ChannelFacts): ChannelTrouble | null {
  return trouble !== null && trouble.at >= lastSentAt ? trouble : null
}

/** Null where neither a probe nor a send has used the channel's token yet. */
export function isConnected(facts: ChannelFacts): boolean | null {
  if (lastingTrouble(facts) !== null) return false
  return facts.lastSentAt > 0 || facts.lastProbedAt > 0 ? true : null
}
