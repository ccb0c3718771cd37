import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Reported } from '../../conversation/event.js'
import { type MessageKind, NO_ATTACHMENTS, UNNAMED_SOURCE } from '../../conversation/state/message.js'
import { RouterError } from '../../engine/ports.js'
import { type Static, Type } from '../../schema.js'
import type { ApiParts } from '../api-parts.js'
import { mayTouch, whoAsked } from '../edge/auth.js'
import { IDEMPOTENT, idempotencyKeyOf } from '../edge/idempotency-key.js'
import { conversationIdIn } from '../edge/ids.js'
import { MOST_TEXT } from '../edge/text-patterns.js'
import { answerObject, ConversationKey, KEY_MEANS, NOT_GIVEN, refusals, Source } from '../shapes.js'

/**
 * `POST /api/sent-messages`: another program reports a message that it sent, whose echo is then not taken for a
 * person's.
 */

const KINDS = ['image', 'voice', 'audio', 'video', 'file', 'share', 'sticker', 'template', 'location', 'other'] as const

const Body = Type.Object(
  {
    conversation_id: Type.String(KEY_MEANS),
    text: Type.Optional(
      Type.Union([Type.String({ maxLength: MOST_TEXT }), Type.Null()], { description: 'What was sent.' }),
    ),
    message_id: Type.Optional(
      Type.Union([Type.String({ maxLength: 1_024 }), Type.Null()], { description: 'As Meta’s Send API answered it.' }),
    ),
    attachment: Type.Optional(
      Type.Union(
        [
          Type.Object({
            type: Type.Union(KINDS.map((kind) => Type.Literal(kind))),
            url: Type.Optional(Type.Union([Type.String({ maxLength: 4_096 }), Type.Null()])),
          }),
          NOT_GIVEN,
          Type.Null(),
        ],
        { description: 'What was sent, where it was a file, as JSON: {"type": "image", "url": "https://…"}.' },
      ),
    ),
    author: Type.Optional(
      Type.Union([Type.Literal('AI'), Type.Literal('support'), Type.Literal('marketing'), NOT_GIVEN, Type.Null()], {
        description: 'Who spoke: AI by default; support is a person and silences the bot.',
      }),
    ),
    source: Source,
  },
  {
    additionalProperties: true,
    examples: [{ conversation_id: '1001-2001', text: 'Your parcel is on its way', author: 'marketing' }],
  },
)

const DESCRIBED = {
  tags: ['Dify'],
  operationId: 'reportSentMessage',
  summary: 'Report a message that another program has sent.',
  description:
    'Its echo is then recognised, and not taken for a person’s. Give text, message_id, or both; or attachment.',
  headers: IDEMPOTENT,
  body: Body,
  response: {
    200: answerObject(
      'It is in the history.',
      {
        status: Type.Literal('success'),
        conversation_id: ConversationKey,
        matched: Type.Boolean({ description: 'Its echo had come already.' }),
      },
      { status: 'success', conversation_id: '1001-2001', matched: false },
    ),
    ...refusals({ 400: 'The body is not as it should be.', 404: 'No channel has this page.' }),
  },
}

export async function sentMessages(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { receive, channelFor, log } = parts

  app.post<{ Body: Static<typeof Body> }>('/api/sent-messages', {
    config: { access: 'open' },
    schema: DESCRIBED,
    handler: async (request) => {
      const id = conversationIdIn(request.body.conversation_id)
      const channel = channelFor(id)
      mayTouch(request.caller, id)
      const report = reportOf(request.body)
      const { verdict } = await receive(id, channel, report, keyOf(request, report))
      const { source } = report
      const facts = { ...whoAsked(request), conversation_id: id, author: verdict.author, matched: verdict.matched }
      if (verdict.outcome === 'duplicate') {
        log.info(facts, 'report made again under its Idempotency-Key')
        return { status: 'success', conversation_id: id, matched: verdict.matched }
      }
      const stored = report.mid === null ? '' : ` · 📝 [${source}] Stored Instagram message_id in metadata`
      log.info(facts, `📝 [${source}] Cached sent message to prevent webhook duplicate${stored}`)
      return { status: 'success', conversation_id: id, matched: verdict.matched }
    },
  })
}

/**
 * A run that sent several messages may report them all under its own key, so the report's content is a part of the
 * stored key.
 */
function keyOf(request: FastifyRequest, report: Reported): string | null {
  const key = idempotencyKeyOf(request)
  return key === null ? null : `report ${request.caller.key} ${key} ${JSON.stringify(report)}`
}

function reportOf(body: Static<typeof Body>): Reported {
  const text = body.text?.trim() ? body.text : null
  const mid = body.message_id || null
  const attachment = body.attachment || null
  if (text === null && mid === null && attachment === null) {
    throw new RouterError('invalid_request', 'Say what was sent: text, attachment or message_id.')
  }
  const kind: MessageKind = attachment === null ? (text === null ? 'other' : 'text') : kindOf(attachment.type)
  return {
    is: 'reported',
    type: body.author || 'AI',
    mid,
    kind,
    text,
    attachments: attachment === null ? NO_ATTACHMENTS : [{ kind, url: attachment.url ?? null, title: null }],
    source: body.source || UNNAMED_SOURCE,
  }
}

/** Accepts Meta's name for a voice message too. */
function kindOf(type: (typeof KINDS)[number]): MessageKind {
  return type === 'audio' ? 'voice' : type
}
