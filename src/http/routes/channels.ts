import type { FastifyInstance } from 'fastify'
import { FOREVER } from '../../conversation/channel.js'
import { Type } from '../../schema.js'
import type { ApiParts } from '../api.js'
import { isConnected, lastingTrouble } from '../channel-connection.js'
import { isoTime } from '../json.js'
import { type ChannelShape, SHAPES, told } from '../shapes.js'

const DESCRIBED = {
  tags: ['Channels'],
  operationId: 'listChannels',
  summary: 'Which pages are connected, and when they were last heard of.',
  response: { 200: told('All channels of the settings.', { channels: Type.Array(SHAPES.Channel) }) },
}

/** `GET /api/channels`: which pages are connected, and when they were last heard of. */
export async function channels(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { store, allChannels } = parts

  app.get('/api/channels', { schema: DESCRIBED }, async () => {
    const all = [...allChannels()]
    const facts = await Promise.all(all.map(({ id }) => store.channelFacts(id)))
    const shown = all.map((channel, i): ChannelShape => {
      const { lastInboundAt, lastEchoAt, lastSentAt } = facts[i]!
      const lasting = lastingTrouble(facts[i]!)
      return {
        id: channel.id,
        platform: channel.platform,
        name: channel.name,
        mode: channel.policy.mode,
        bot_pause_seconds: channel.policy.pauseMs === FOREVER ? null : Math.round(channel.policy.pauseMs / 1000),
        connected: isConnected(facts[i]!),
        last_error: lasting === null ? null : { code: lasting.code, at: isoTime(lasting.at) },
        // Meta tells it to the app alone, and not to whoever holds the token.
        token_expires_at: null,
        last_sent_at: isoTime(lastSentAt),
        last_inbound_at: isoTime(lastInboundAt),
        last_echo_at: isoTime(lastEchoAt),
      }
    })
    return { channels: shown }
  })
}
