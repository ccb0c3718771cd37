import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Channel } from '../../conversation/channel.js'
import type { Message } from '../../conversation/state/message.js'
import type { Conversation } from '../../conversation/state/state.js'
import { RouterError } from '../../engine/ports.js'
import { type Static, Type } from '../../schema.js'
import type { ApiParts } from '../api-parts.js'
import { conversationIdIn } from '../edge/ids.js'
import { conversationJson, messageJson } from '../json.js'
import { answerObject, ByKey, refusals, SHAPES } from '../shapes.js'

/** `GET /api/conversations/{id}/export`: the whole history of a conversation, streamed page by page. */

const AT_ONCE = 200

export async function conversationExport(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { store, channelFor } = parts

  app.get<{ Params: Static<typeof ByKey> }>('/api/conversations/:id/export', {
    schema: {
      tags: ['Conversations'],
      operationId: 'exportConversation',
      summary: 'A conversation and everything that was said in it, as far as the history goes back.',
      params: ByKey,
      response: {
        200: answerObject('The whole thread, oldest first.', {
          conversation: SHAPES.Conversation,
          messages: Type.Array(SHAPES.Message),
        }),
        ...refusals({
          400: 'The id is not as it should be.',
          404: 'No channel has this page, or nothing is known of this conversation.',
        }),
      },
    },
    handler: async (request, reply) => {
      const id = conversationIdIn(request.params.id)
      const channel = channelFor(id)
      const state = await store.read(id)
      if (state === null) throw new RouterError('not_found', 'Nothing is known of this conversation.')
      // The first page is read before the response starts, so that a failing store can still be answered with an error.
      const first = await pageAfter(state, channel, 0)
      reply.header('content-type', 'application/json; charset=utf-8')
      reply.header('content-disposition', `attachment; filename="${id}.json"`)
      return reply.send(Readable.from(written(state, channel, first)))
    },
  })

  function pageAfter({ id }: Conversation, { policy }: Channel, after: number): Promise<readonly Message[]> {
    const page = { before: null, after, limit: AT_ONCE, historyTtlMs: policy.historyTtlMs }
    return Promise.resolve(store.history(id, page))
  }

  async function* written(state: Conversation, channel: Channel, first: readonly Message[]): AsyncGenerator<string> {
    yield `{"conversation":${JSON.stringify(conversationJson(state, channel, store.now()))},"messages":[`
    let start = ''
    for (let page = first; page.length > 0; page = await pageAfter(state, channel, page.at(-1)!.seq)) {
      for (const message of page) {
        yield start + JSON.stringify(messageJson(message, state, channel))
        start = ','
      }
    }
    yield ']}'
  }
}
