import { type Channel, FOREVER } from '../conversation/channel.js'
import type { ChannelFacts, ChannelTrouble } from '../engine/ports.js'
import { timeOrNull } from './json.js'
import type { ChannelShape } from './shapes.js'

/** The channel's trouble, unless a message was sent since it was found. */
export function lastingTrouble({ trouble, lastSentAt }: ChannelFacts): ChannelTrouble | null {
  return trouble !== null && trouble.at >= lastSentAt ? trouble : null
}

/** Whether the channel's token works; null when neither a probe nor a send has used it yet. */
export function isConnected(facts: ChannelFacts): boolean | null {
  if (lastingTrouble(facts) !== null) return false
  return facts.lastSentAt > 0 || facts.lastProbedAt > 0 ? true : null
}

/** A channel as the API shows it. */
export function channelJson(channel: Channel, facts: ChannelFacts): ChannelShape {
  const lasting = lastingTrouble(facts)
  return {
    id: channel.id,
    platform: channel.platform,
    name: channel.name,
    mode: channel.policy.mode,
    bot_pause_seconds: channel.policy.pauseMs === FOREVER ? null : Math.round(channel.policy.pauseMs / 1000),
    connected: isConnected(facts),
    last_error: lasting === null ? null : { code: lasting.code, at: timeOrNull(lasting.at) },
    token_expires_at: timeOrNull(channel.tokenExpiresAt),
    last_sent_at: timeOrNull(facts.lastSentAt),
    last_inbound_at: timeOrNull(facts.lastInboundAt),
    last_echo_at: timeOrNull(facts.lastEchoAt),
  }
}
