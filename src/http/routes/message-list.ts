import type { FastifyInstance } from 'fastify'
import type { Channel } from '../../conversation/channel.js'
import type { Message } from '../../conversation/state/message.js'
import type { Conversation } from '../../conversation/state/state.js'
import { parseDuration } from '../../conversation/text/duration.js'
import { type FeedEntry, RouterError } from '../../engine/ports.js'
import { type Static, Type } from '../../schema.js'
import type { ApiParts } from '../api-parts.js'
import { messageJson } from '../json.js'
import { Limit, limitOf, NextCursor, PageCursor } from '../paging.js'
import { answerObject, type MessageShape, NOT_GIVEN, refusals, SHAPES } from '../shapes.js'

/** `GET /api/messages`: messages of all conversations, newest first, as far back as the live feed is kept. */

/** Feed entries read per page; a page whose filter matches few of them is short. */
const AT_ONCE = 500
const MOST_FOR_PAGE = 10_000
/** The feed is ordered by the recording server's clock; two servers' clocks may differ by this much. */
const SKEW_MS = 2_000

const ListQuery = Type.Object({
  type: Type.Optional(
    Type.Union(
      [
        ...(['customer', 'support', 'AI', 'marketing', 'automation'] as const).map((word) => Type.Literal(word)),
        NOT_GIVEN,
      ],
      { description: 'Only those of this type.' },
    ),
  ),
  source: Type.Optional(Type.String({ maxLength: 64, description: 'Only those with this source, such as Workflow.' })),
  since: Type.Optional(
    Type.String({ maxLength: 20, description: 'Only those recorded within this time, such as 15m.' }),
  ),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(PageCursor),
})
type ListQuery = Static<typeof ListQuery>

interface Found {
  readonly message: Message
  readonly state: Conversation
  readonly channel: Channel
}

export async function messageList(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { store, channelOf } = parts

  app.get<{ Querystring: ListQuery }>('/api/messages', {
    schema: {
      tags: ['Conversations'],
      operationId: 'listRecentMessages',
      summary: 'What was said in all conversations, newest first.',
      querystring: ListQuery,
      response: {
        200: answerObject('A page of messages.', { messages: Type.Array(SHAPES.Message), next_cursor: NextCursor }),
        ...refusals({ 400: 'A parameter is not as it should be.' }),
      },
    },
    handler: async ({ query }) => {
      const since = sinceOf(query.since)
      const { found, nextCursor } = await gather(query, since === null ? 0 : store.now() - since)
      const asTheyAre = isFiltered(query) ? found : await Promise.all(found.map(asItIsNow))
      return { messages: asTheyAre.map(shown), next_cursor: nextCursor }
    },
  })

  async function gather(
    query: ListQuery,
    since: number,
  ): Promise<{ readonly found: readonly Found[]; readonly nextCursor: string | null }> {
    const limit = limitOf(query.limit)
    const found: Found[] = []
    let cursor = query.cursor || null
    for (let left = MOST_FOR_PAGE; left > 0; left -= AT_ONCE) {
      const part = await store.readFeedBack(cursor, AT_ONCE)
      const wanted = await Promise.all(part.entries.map((entry) => wantedIn(entry, query, since)))
      for (const [i, entry] of part.entries.entries()) {
        const { notice } = entry
        if (notice.is === 'said' && notice.message.arrivedAt < since - SKEW_MS) return { found, nextCursor: null }
        const one = wanted[i]!
        if (one !== null) {
          if (found.length === limit) return { found, nextCursor: cursor }
          found.push(one)
        }
        cursor = entry.cursor
      }
      if (!part.isCut) return { found, nextCursor: null }
    }
    return { found, nextCursor: cursor }
  }

  /**
   * A filter judges the message as it is now, and finds it so. Null also when the conversation's channel is no longer in
   * the settings.
   */
  async function wantedIn({ notice, state }: FeedEntry, query: ListQuery, since: number): Promise<Found | null> {
    const channel = channelOf(state.id)
    if (notice.is !== 'said' || notice.message.arrivedAt < since || channel === undefined) return null
    const said: Found = { message: notice.message, state, channel }
    if (!isFiltered(query)) return said
    // A program may claim one of ours later, which changes its type and source; a customer's stay.
    if (said.message.type === 'customer' && !fits(said, query)) return null
    const one = await asItIsNow(said)
    return fits(one, query) ? one : null
  }

  /** The feed holds the message as it was recorded; its current state is in the history, if there is one. */
  async function asItIsNow({ message, state, channel }: Found): Promise<Found> {
    const { seq } = message
    const { historyTtlMs } = channel.policy
    const [now] = await store.history(state.id, { before: seq + 1, after: seq - 1, limit: 1, historyTtlMs })
    return { message: now ?? message, state, channel }
  }
}

function isFiltered({ type, source }: ListQuery): boolean {
  return Boolean(type || source)
}

function fits(one: Found, { type, source }: ListQuery): boolean {
  return (!type || one.message.type === type) && (!source || shown(one).source === source)
}

function shown({ message, state, channel }: Found): MessageShape {
  return messageJson(message, state, channel)
}

function sinceOf(text: string | undefined): number | null {
  if (!text) return null
  const ms = parseDuration(text)
  if (ms === null || ms === 0) throw new RouterError('invalid_request', 'since must be a duration such as 15m or 2h.')
  return ms
}
