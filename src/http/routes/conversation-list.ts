import type { FastifyInstance } from 'fastify'
import type { Channel } from '../../conversation/channel.js'
import type { Message } from '../../conversation/state/message.js'
import { LONGEST_TERM, searchKey } from '../../engine/list-filter.js'
import type { Listed, ListFilter } from '../../engine/ports.js'
import { type Static, Type } from '../../schema.js'
import type { ApiParts } from '../api-parts.js'
import { ID_OR_EMPTY } from '../edge/text-patterns.js'
import { conversationJson, timeOrNull } from '../json.js'
import { Limit, limitOf, NextCursor, PageCursor } from '../paging.js'
import { answerObject, type ListedShape, NOT_GIVEN, refusals, SHAPES } from '../shapes.js'

/** `GET /api/conversations`: filtered and searched, each with its last message. */

const YesOrNo = (description: string) =>
  Type.Union([Type.Literal('true'), Type.Literal('false'), NOT_GIVEN], { description })

const ListQuery = Type.Object({
  bot: Type.Optional(
    Type.Union([Type.Literal('paused'), Type.Literal('on'), NOT_GIVEN], { description: 'Only those whose bot is so.' }),
  ),
  page: Type.Optional(Type.String({ pattern: ID_OR_EMPTY, description: 'Only those of the page with this id.' })),
  state: Type.Optional(
    Type.Union([Type.Literal('open'), Type.Literal('closed'), NOT_GIVEN], { description: 'Only those that are so.' }),
  ),
  waiting: Type.Optional(YesOrNo('Only those with messages that wait to be asked, or without.')),
  dead: Type.Optional(YesOrNo('Only those with dead letters, or without.')),
  q: Type.Optional(
    Type.String({
      maxLength: LONGEST_TERM,
      description: 'What a name (or a word of it), a username, the customer’s id or the conversation’s begins with.',
    }),
  ),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(PageCursor),
})
type ListQuery = Static<typeof ListQuery>

export async function conversationList(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { store, channelOf } = parts

  app.get<{ Querystring: ListQuery }>('/api/conversations', {
    schema: {
      tags: ['Conversations'],
      operationId: 'listConversations',
      summary: 'Conversations, the newest activity first.',
      querystring: ListQuery,
      response: {
        200: answerObject('A page of them.', {
          conversations: Type.Array(SHAPES.ListedConversation),
          next_cursor: NextCursor,
        }),
        ...refusals({ 400: 'A parameter is not as it should be.' }),
      },
    },
    handler: async (request) => {
      const { cursor, limit } = request.query
      const page = { ...filterOf(request.query), cursor: cursor || null, limit: limitOf(limit) }
      const listing = await store.list(page)
      const now = store.now()
      // Conversations of a channel that was removed from the settings are not shown.
      const shown = listing.conversations.flatMap((listed) => {
        const channel = channelOf(listed.state.id)
        return channel === undefined ? [] : [listedJson(listed, channel, now)]
      })
      return { conversations: shown, next_cursor: listing.nextCursor }
    },
  })
}

function filterOf({ bot, page, state, waiting, dead, q }: ListQuery): ListFilter {
  return {
    bot: bot || null,
    page: page || null,
    state: state || null,
    waiting: waiting ? waiting === 'true' : null,
    dead: dead ? dead === 'true' : null,
    q: searchKey(q ?? ''),
  }
}

/** Enough for one line of a list. */
const LONGEST_CONTENT = 120

function listedJson({ state, lastMessage }: Listed, channel: Channel, now: number): ListedShape {
  const isKept = lastMessage !== null && lastMessage.arrivedAt >= now - channel.policy.historyTtlMs
  return {
    ...conversationJson(state, channel, now),
    last_message: isKept ? lastMessageJson(lastMessage) : null,
  }
}

function lastMessageJson({ type, text, at }: Message): NonNullable<ListedShape['last_message']> {
  return {
    type,
    // Does not end in half of a surrogate pair.
    content: text === null ? null : text.slice(0, LONGEST_CONTENT).replace(/[\ud800-\udbff]$/, ''),
    created_at: timeOrNull(at),
  }
}
