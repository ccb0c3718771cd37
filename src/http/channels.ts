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
      const { lastInboundAt, lastEchoAt, lastSentAt, trouble } = facts[i]!
      return {
        id: channel.id,
        platform: channel.platform,
        name: channel.name,
        mode: channel.policy.mode,
        // Null: nothing has been tried with its token yet.
        connected: trouble !== null ? false : lastSentAt > 0 ? true : null,
        last_error: trouble === null ? null : { code: trouble.code, at: isoTime(trouble.at) },
        last_sent_at: isoTime(lastSentAt),
        last_inbound_at: isoTime(lastInboundAt),
        last_echo_at: isoTime(lastEchoAt),
      }
    })
    return { channels: shown }
  })
}
