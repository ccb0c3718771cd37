import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type ConversationId, conversationIdOf, parseConversationId } from '../../conversation/ids.js'
import { messageId } from '../../conversation/state/message.js'
import type { DeadLetter } from '../../conversation/state/outbox-state.js'
import type { Conversation } from '../../conversation/state/state.js'
import { NO_FILTER } from '../../engine/list-filter.js'
import { type Listing, RouterError } from '../../engine/ports.js'
import { type Static, Type } from '../../schema.js'
import type { ApiParts } from '../api-parts.js'
import { whoAsked } from '../edge/auth.js'
import { ID } from '../edge/text-patterns.js'
import { messageJson, timeOrNull } from '../json.js'
import { Limit, limitOf, NextCursor, PageCursor } from '../paging.js'
import { answerObject, type DeadLetterShape, NOT_GIVEN, nothing, refusals, SHAPES } from '../shapes.js'

/** Messages that could not be sent: list, redrive, discard. */

const ById = Type.Object({ id: Type.String({ description: 'The dead letter’s.' }) })
const ListQuery = Type.Object({
  limit: Type.Optional(Limit),
  cursor: Type.Optional(PageCursor),
})
const RedriveBody = Type.Union([
  Type.Object(
    {
      page: Type.Optional(
        Type.Union([Type.String({ pattern: ID, description: 'A page’s id.' }), NOT_GIVEN, Type.Null()]),
      ),
    },
    { additionalProperties: false },
  ),
  Type.Null(),
])
/** Conversations that are redriven per page; a call redrives at least this many dead letters if there are. */
const LISTED_AT_ONCE = 50
const MOST_AT_ONCE = 10_000
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
        200: answerObject('A page, by conversation.', {
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
        // Newest first within a conversation too.
        state.outbox.dead.toReversed().flatMap((letter) => deadLetterJson(state, letter)),
      )
      return { dead_letters: shown, next_cursor: page.nextCursor }
    },
  })

  app.post<{ Body: Static<typeof RedriveBody> | undefined }>('/api/dead-letters/redrive', {
    schema: {
      tags: TAGS,
      operationId: 'redriveDeadLetters',
      summary: 'Send all of them after all, or those of one page.',
      body: RedriveBody,
      response: {
        202: answerObject('They will be sent.', {
          redriven: Type.Integer(),
          more: Type.Boolean({ description: `There are more than ${MOST_AT_ONCE}: call it again.` }),
        }),
        ...refusals({ 400: 'The body is not as it should be.', 404: 'No channel has this page.' }),
      },
    },
    handler: async (request, reply) => {
      const page = request.body?.page || null
      if (page !== null) channelFor(conversationIdOf(page, '0'))
      const { redriven, more } = await redriveAll(page)
      log.info({ ...whoAsked(request), page, redriven, more }, 'dead letters: all redriven')
      return reply.code(202).send({ redriven, more })
    },
  })

  app.post<{ Params: Static<typeof ById> }>('/api/dead-letters/:id/redrive', {
    schema: {
      tags: TAGS,
      operationId: 'redriveDeadLetter',
      summary: 'Send it after all.',
      params: ById,
      response: {
        202: answerObject('It will be sent.', { status: Type.Literal('queued'), id: Type.String() }),
        ...GONE,
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      await order(id, 'redrive', request)
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
      await order(request.params.id, 'discard', request)
      return reply.code(204).send()
    },
  })

  async function order(letterId: string, is: 'redrive' | 'discard', request: FastifyRequest): Promise<void> {
    const place = placeOf(letterId)
    const state = place === null ? null : await store.read(place.id)
    // Numbers restart when a conversation is erased: compare the whole id.
    if (place === null || state === null || messageId(state.id, state.createdAt, place.seq) !== letterId) {
      throw unknownLetter()
    }
    const { verdict } = await receive(place.id, channelFor(place.id), { is, seq: place.seq }, null)
    if (verdict.outcome === 'refused') throw unknownLetter()
    log.info({ ...whoAsked(request), conversation_id: place.id, seq: place.seq }, `dead letter: ${is}`)
  }

  /** Redrives page by page instead of from one list: redriven letters leave the list, and the cursor stays valid. */
  async function redriveAll(page: string | null): Promise<{ readonly redriven: number; readonly more: boolean }> {
    let redriven = 0
    let cursor: string | null = null
    do {
      const listing: Listing = await store.list({ ...NO_FILTER, dead: true, page, limit: LISTED_AT_ONCE, cursor })
      const done = await Promise.all(listing.conversations.map(({ state }) => redriveIn(state)))
      redriven += done.reduce((sum, many) => sum + many, 0)
      cursor = listing.nextCursor
    } while (cursor !== null && redriven < MOST_AT_ONCE)
    return { redriven, more: cursor !== null }
  }

  /** In sequence, so that messages are sent in the order in which they failed. */
  async function redriveIn({ id, outbox }: Conversation): Promise<number> {
    const channel = channelOf(id)
    let redriven = 0
    if (channel === undefined) return 0
    for (const { seq } of outbox.dead) {
      const { verdict } = await receive(id, channel, { is: 'redrive', seq }, null)
      if (verdict.outcome === 'accepted') redriven += 1
    }
    return redriven
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
        at: timeOrNull(letter.at),
        message: messages[0]!,
        messages,
      },
    ]
  }
}

function unknownLetter(): RouterError {
  return new RouterError('not_found', 'There is no such dead letter (any more).')
}

/** A letter's id is that of the message that was given up, which contains the conversation's id. */
function placeOf(letterId: string): { readonly id: ConversationId; readonly seq: number } | null {
  const match = /^(\d+-\d+)-[0-9a-z]{1,12}-(\d{1,15})$/.exec(letterId)
  const id = match === null ? null : parseConversationId(match[1]!)
  return match === null || id === null ? null : { id, seq: Number(match[2]) }
}
