import type { FastifyInstance } from 'fastify'
import { Type } from '../../schema.js'
import type { ApiParts } from '../api-parts.js'
import { channelJson } from '../channel-connection.js'
import { answerObject, SHAPES } from '../shapes.js'

const DESCRIBED = {
  tags: ['Channels'],
  operationId: 'listChannels',
  summary: 'Which pages are connected, and when they were last heard of.',
  response: { 200: answerObject('All channels of the settings.', { channels: Type.Array(SHAPES.Channel) }) },
}

/** `GET /api/channels`: the pages, whether each is connected, and when it was last active. */
export async function channels(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { store, allChannels, readTokens } = parts

  app.get('/api/channels', { schema: DESCRIBED }, async () => {
    await readTokens()
    const all = [...allChannels()]
    const facts = await Promise.all(all.map(({ id }) => store.channelFacts(id)))
    return { channels: all.map((channel, i) => channelJson(channel, facts[i]!)) }
  })
}
