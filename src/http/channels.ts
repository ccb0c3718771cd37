import type { FastifyInstance } from 'fastify'
import type { ApiParts } from './api.js'
import { isoTime } from './json.js'

/** `GET /api/channels`: which pages are connected, and when they were last heard of. */
export async function channels(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { store, allChannels } = parts

  app.get('/api/channels', async () => {
    const all = [...allChannels()]
    const facts = await Promise.all(all.map(({ id }) => store.channelFacts(id)))
    const shown = all.map((channel, i) => {
      const { lastInboundAt, lastEchoAt, lastSentAt, lastProbedAt, trouble } = facts[i]!
      // A message that got through since then is the better news.
      const lasting = trouble !== null && trouble.at >= lastSentAt ? trouble : null
      return {
        id: channel.id,
        platform: channel.platform,
        name: channel.name,
        mode: channel.policy.mode,
        // Null: nothing is known of its token yet.
        connected: lasting !== null ? false : lastSentAt > 0 || lastProbedAt > 0 ? true : null,
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
