import type { FastifyInstance } from 'fastify'
import { type ConversationId, parseConversationId } from '../../conversation/ids.js'
import { messageId } from '../../conversation/state/message.js'
import type { Conversation, DeadLetter } from '../../conversation/state/state.js'
import { NO_FILTER } from '../../engine/list-filter.js'
import { RouterError } from '../../engine/ports.js'
import { type Static, Type } from '../../schema.js'
import type { ApiParts } from '../api.js'
import { isoTime, messageJson } from '../json.js'
import { Limit, limitOf, NextCursor, PageCursor } from '../paging.js'
import { type DeadLetterShape, nothing, refusals, SHAPES, told } from '../shapes.js'

/** What could not be sent, and what people do about it. */

const ById = Type.Object({ id: Type.String({ description: 'The dead letter’s.' }) })
const ListQuery = Type.Object({
  limit: Type.Optional(Limit),
  cursor: Type.Optional(PageCursor),
})
const TAGS = ['Dead letters']
const GONE = refusals({ 404: 'There is no such dead letter (any more).' })

export async function deadLetters(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { store, receive, channelFor, channelOf, log } = parts

  app.get<{ Querystring: Static<typeof ListQuery> }>('/api/dead-letters', {
    schema: {
      tags: TAGS,
      operationId: 'listDeadLetters',
      summary: 'What could not be sent, and why; limit counts conversations.',
      querystring: ListQuery,
      response: {
        200: told('A page, by conversation.', {
          dead_letters: Type.Array(SHAPES.DeadLetter),
          next_cursor: NextCursor,
        }),
        ...refusals({ 400: 'A parameter is not as it should be.' }),
      },
    },
    handler: async (request) => {
      const { limit, cursor } = request.query
      const page = await store.list({ ...NO_FILTER, dead: true, limit: limitOf(limit), cursor: cursor || null })
      const shown = page.conversations.flatMap(({ state }) =>
        // Within a conversation the newest first as well.
        state.outbox.dead.toReversed().flatMap((letter) => deadLetterJson(state, letter)),
      )
      return { dead_letters: shown, next_cursor: page.nextCursor }
    },
  })

  app.post<{ Params: Static<typeof ById> }>('/api/dead-letters/:id/redrive', {
    schema: {
      tags: TAGS,
      operationId: 'redriveDeadLetter',
      summary: 'Send it after all.',
      params: ById,
      response: {
        202: told('It will be sent.', { status: Type.Literal('queued'), id: Type.String() }),
        ...GONE,
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      await order(id, 'redrive', request.id)
      return reply.code(202).send({ status: 'queued', id })
    },
  })

  app.delete<{ Params: Static<typeof ById> }>('/api/dead-letters/:id', {
    schema: {
      tags: TAGS,
      operationId: 'discardDeadLetter',
      summary: 'Let it go.',
      params: ById,
      response: { 204: nothing('It is gone.'), ...GONE },
    },
    handler: async (request, reply) => {
      await order(request.params.id, 'discard', request.id)
      return reply.code(204).send()
    },
  })

  async function order(letterId: string, is: 'redrive' | 'discard', requestId: string): Promise<void> {
    const place = placeOf(letterId)
    const state = place === null ? null : await store.read(place.id)
    // A conversation that was erased and began anew has other messages under the same numbers.
    if (place === null || state === null || messageId(state.id, state.createdAt, place.seq) !== letterId) {
      throw unknownLetter()
    }
    const { verdict } = await receive(place.id, channelFor(place.id), { is, seq: place.seq }, null)
    if (verdict.outcome === 'refused') throw unknownLetter()
    log.info({ req_id: requestId, conversation_id: place.id, seq: place.seq }, `dead letter: ${is}`)
  }

  function deadLetterJson(state: Conversation, letter: DeadLetter): readonly DeadLetterShape[] {
    const channel = channelOf(state.id)
    if (channel === undefined) return []
    const messages = letter.parts.map(({ message }) => messageJson(message, state, channel))
    return [
      {
        id: messageId(state.id, state.createdAt, letter.seq),
        conversation_id: state.id,
        reason: letter.reason,
        code: letter.code,
        at: isoTime(letter.at),
        message: messages[0]!,
        messages,
      },
    ]
  }
}

function unknownLetter(): RouterError {
  return new RouterError('not_found', 'There is no such dead letter (any more).')
}

/** The letter's id is that of its first message, and names its conversation. */
function placeOf(letterId: string): { readonly id: ConversationId; readonly seq: number } | null {
  const match = /^(\d+-\d+)-[0-9a-z]{1,12}-(\d{1,15})$/.exec(letterId)
  const id = match === null ? null : parseConversationId(match[1]!)
  return match === null || id === null ? null : { id, seq: Number(match[2]) }
}
