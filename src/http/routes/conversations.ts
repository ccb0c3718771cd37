import type { FastifyInstance } from 'fastify'
import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import { parseDuration } from '../../conversation/text/duration.js'
import { RouterError } from '../../engine/ports.js'
import { type Static, Type } from '../../schema.js'
import type { ApiParts } from '../api-parts.js'
import { mayTouch, whoAsked } from '../edge/auth.js'
import { conversationIdIn } from '../edge/ids.js'
import { FROM_ZERO_OR_EMPTY } from '../edge/number-text.js'
import { conversationJson, messageJson } from '../json.js'
import { Limit, limitOf } from '../paging.js'
import { answerObject, ByKey, nothing, refusals, SHAPES, shape } from '../shapes.js'

/** Single conversations, and the switches that operators have over them. */

const seqThat = (description: string) => Type.String({ pattern: FROM_ZERO_OR_EMPTY, description })
const HistoryQuery = Type.Object({
  limit: Type.Optional(Limit),
  before: Type.Optional(seqThat('Messages before the one with this seq.')),
  after: Type.Optional(seqThat('Messages after the one with this seq.')),
})
const BotBody = Type.Object(
  {
    enabled: Type.Boolean({ description: 'false: a person takes over, the bot is silent. true: it is handed back.' }),
    for: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description:
          'How long the bot is silent, such as 2h. Leave it out, rather than empty, for: until it is handed back.',
      }),
    ),
    reason: Type.Optional(
      Type.Union([Type.String({ maxLength: 500 }), Type.Null()], { description: 'A note to yourselves.' }),
    ),
  },
  // Unknown properties are refused: with `for` misspelt the bot would be paused for ever.
  { additionalProperties: false, examples: [{ enabled: false, for: '2h', reason: 'waiting for the warehouse' }] },
)
const StateBody = Type.Object(
  {
    state: Type.Union([Type.Literal('open'), Type.Literal('closed')], {
      description: 'A closed conversation is not answered, until the customer comes back to it.',
    }),
  },
  { examples: [{ state: 'closed' }] },
)

const TAGS = ['Conversations']
const NO_CHANNEL = { 400: 'The id or a parameter is not as it should be.', 404: 'No channel has this page.' }
const UNKNOWN = { ...NO_CHANNEL, 404: 'No channel has this page, or nothing is known of this conversation.' }
const shown = { 200: shape('Conversation', 'The conversation.'), ...refusals(UNKNOWN) }

export async function conversations(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { store, receive, erase, channelFor, wantProfile, log } = parts

  app.get<{ Params: Static<typeof ByKey> }>('/api/conversations/:id', {
    schema: {
      tags: TAGS,
      operationId: 'getConversation',
      summary: 'A conversation as it stands.',
      params: ByKey,
      response: shown,
    },
    handler: async (request) => {
      return show(conversationIdIn(request.params.id))
    },
  })

  app.get<{ Params: Static<typeof ByKey>; Querystring: Static<typeof HistoryQuery> }>(
    '/api/conversations/:id/messages',
    {
      schema: {
        tags: TAGS,
        operationId: 'listMessages',
        summary: 'What was said, oldest first: the newest messages, or those before or after a seq.',
        params: ByKey,
        querystring: HistoryQuery,
        response: {
          200: answerObject('A page of messages.', { messages: Type.Array(SHAPES.Message) }),
          ...refusals(UNKNOWN),
        },
      },
      handler: async (request) => {
        const id = conversationIdIn(request.params.id)
        const channel = channelFor(id)
        const state = await store.read(id)
        if (state === null) throw unknownConversation()
        const { before, after, limit } = request.query
        const messages = await store.history(id, {
          before: seqOf(before),
          after: seqOf(after),
          limit: limitOf(limit),
          historyTtlMs: channel.policy.historyTtlMs,
        })
        return { messages: messages.map((message) => messageJson(message, state, channel)) }
      },
    },
  )

  app.put<{ Params: Static<typeof ByKey>; Body: Static<typeof BotBody> }>('/api/conversations/:id/bot', {
    config: { access: 'dify' },
    schema: {
      tags: ['Dify'],
      operationId: 'setBot',
      summary: 'Silence the bot in a conversation, or hand it back.',
      description: 'As a tool it lets an assistant hand the customer over to a person: enabled = false.',
      params: ByKey,
      body: BotBody,
      response: shown,
    },
    handler: async (request) => {
      const id = conversationIdIn(request.params.id)
      const channel = channelFor(id)
      mayTouch(request.caller, id)
      const { enabled, reason } = request.body
      const forMs = durationOf(request.body.for ?? null)
      await receive(id, channel, { is: 'bot', enabled, forMs, note: reason || null }, null)
      log.info(
        { ...whoAsked(request), conversation_id: id, enabled, for_ms: forMs === FOREVER ? null : forMs },
        'bot switched by the API',
      )
      return show(id)
    },
  })

  app.put<{ Params: Static<typeof ByKey>; Body: Static<typeof StateBody> }>('/api/conversations/:id/state', {
    schema: {
      tags: TAGS,
      operationId: 'setConversationState',
      summary: 'Close a conversation, or open it again.',
      params: ByKey,
      body: StateBody,
      response: shown,
    },
    handler: async (request) => {
      const id = conversationIdIn(request.params.id)
      const channel = channelFor(id)
      const { state } = request.body
      await receive(id, channel, { is: 'state', open: state === 'open' }, null)
      log.info({ ...whoAsked(request), conversation_id: id, state }, 'conversation switched by the API')
      return show(id)
    },
  })

  app.delete<{ Params: Static<typeof ByKey> }>('/api/conversations/:id', {
    schema: {
      tags: TAGS,
      operationId: 'deleteConversation',
      summary: 'Forget a customer: all data, in all places.',
      params: ByKey,
      response: { 204: nothing('Nothing is known any more.'), ...refusals(NO_CHANNEL) },
    },
    handler: async (request, reply) => {
      const id = conversationIdIn(request.params.id)
      await erase(id, channelFor(id))
      log.info({ ...whoAsked(request), conversation_id: id }, 'conversation erased by the API')
      return reply.code(204).send()
    },
  })

  async function show(id: ConversationId) {
    const channel = channelFor(id)
    const state = await store.read(id)
    if (state === null) throw unknownConversation()
    wantProfile(state)
    return conversationJson(state, channel, store.now())
  }
}

function unknownConversation(): RouterError {
  return new RouterError('not_found', 'Nothing is known of this conversation.')
}

function seqOf(seq: string | undefined): number | null {
  return seq ? Number(seq) : null
}

function durationOf(text: string | null): number {
  if (text === null) return FOREVER
  const ms = parseDuration(text)
  if (ms === null || ms === 0) throw new RouterError('invalid_request', 'for must be a duration such as 30m, 2h or 7d.')
  return ms
}
