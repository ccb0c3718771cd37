import type { FastifyInstance } from 'fastify'
import { RouterError } from '../../engine/ports.js'
import { type Static, Type } from '../../schema.js'
import type { ApiParts } from '../api-parts.js'
import { whoAsked } from '../edge/auth.js'
import { conversationIdIn } from '../edge/ids.js'
import { FROM_ONE } from '../edge/number-text.js'
import { messageJson } from '../json.js'
import { KEY_MEANS, refusals, shape } from '../shapes.js'

/** `POST /api/conversations/{id}/messages/{seq}/feedback`: an operator's rating of an answer. */

const MOST_COMMENT = 1_000

const BySeq = Type.Object({
  id: Type.String(KEY_MEANS),
  seq: Type.String({ pattern: FROM_ONE, description: 'The message’s.' }),
})
const Body = Type.Object(
  {
    feedback: Type.Union([Type.Literal('positive'), Type.Literal('negative'), Type.Null()], {
      description: 'Null takes it back.',
    }),
    comment: Type.Optional(
      Type.Union([Type.String({ maxLength: MOST_COMMENT }), Type.Null()], {
        description: 'Why; kept with the message.',
      }),
    ),
  },
  { additionalProperties: false, examples: [{ feedback: 'negative', comment: 'We do deliver there' }] },
)

export async function feedback(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { giveFeedback, channelFor, log } = parts

  app.post<{ Params: Static<typeof BySeq>; Body: Static<typeof Body> }>(
    '/api/conversations/:id/messages/:seq/feedback',
    {
      schema: {
        tags: ['Conversations'],
        operationId: 'giveFeedback',
        summary: 'Say what you think of a message of ours; Dify is told where it made it.',
        params: BySeq,
        body: Body,
        response: {
          200: shape('Message', 'The message.'),
          ...refusals({
            400: 'The id or the body is not as it should be.',
            404: 'No channel has this page, or there is no such message of ours (any more).',
          }),
        },
      },
      handler: async (request) => {
        const id = conversationIdIn(request.params.id)
        const channel = channelFor(id)
        const seq = Number(request.params.seq)
        const { feedback: rating, comment } = request.body
        const given = await giveFeedback(id, channel, { seq, rating, comment: comment || null })
        if (given === null) {
          throw new RouterError('not_found', 'There is no message of ours with this seq (any more).')
        }
        log.info({ ...whoAsked(request), conversation_id: id, seq, feedback: rating }, 'feedback given by the API')
        return messageJson(given.message, given.state, channel)
      },
    },
  )
}
