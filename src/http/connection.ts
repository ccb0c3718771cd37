import type { ChannelFacts, ChannelTrouble } from '../engine/ports.js'

/** What still keeps a channel's messages from getting through: a message that did since then is the better news. */
export function lastingTrouble({ trouble, lastSentAt }: ChannelFacts): ChannelTrouble | null {
  return trouble !== null && trouble.at >= lastSentAt ? trouble : null
}

/** Null: nothing is known of its token yet. */
export function isConnected(facts: ChannelFacts): boolean | null {
  if (lastingTrouble(facts) !== null) return false
  return facts.lastSentAt > 0 || facts.lastProbedAt > 0 ? true : null
}
