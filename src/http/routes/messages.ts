import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { attachmentAnswer, NO_QUICK_REPLIES, textAnswer } from '../../conversation/answer/answer.js'
import type { OutgoingMessage } from '../../conversation/event.js'
import { type Attachment, messageId, UNNAMED_SOURCE } from '../../conversation/state/message.js'
import type { OutgoingVerdict } from '../../conversation/verdict.js'
import { RouterError } from '../../engine/ports.js'
import { type Static, Type } from '../../schema.js'
import type { ApiParts } from '../api-parts.js'
import { mayTouch, whoAsked } from '../edge/auth.js'
import { IDEMPOTENT, idempotencyKeyOf } from '../edge/idempotency-key.js'
import { conversationIdIn } from '../edge/ids.js'
import { MOST_TEXT, TAG, WEB_ADDRESS } from '../edge/text-patterns.js'
import { answerObject, ConversationKey, KEY_MEANS, NOT_GIVEN, refusals, Source } from '../shapes.js'

/** `POST /api/messages`: sends a message on behalf of a person or a program. */

const FILES = ['image', 'voice', 'audio', 'video', 'file'] as const

const Body = Type.Object(
  {
    conversation_id: Type.String(KEY_MEANS),
    text: Type.Optional(
      Type.Union([Type.String({ maxLength: MOST_TEXT }), Type.Null()], {
        description: 'What the customer is to read.',
      }),
    ),
    attachment: Type.Optional(
      Type.Union(
        [
          Type.Object({
            type: Type.Union(FILES.map((kind) => Type.Literal(kind))),
            url: Type.String({ maxLength: 4_096, pattern: WEB_ADDRESS }),
          }),
          NOT_GIVEN,
          Type.Null(),
        ],
        { description: 'A file by its address, instead of text, as JSON: {"type": "image", "url": "https://…"}.' },
      ),
    ),
    quick_replies: Type.Optional(
      Type.Union(
        [Type.Array(Type.String({ minLength: 1, maxLength: 1_000 }), { maxItems: 13 }), NOT_GIVEN, Type.Null()],
        {
          description: 'Choices below the text; what is tapped comes back as the customer’s message.',
        },
      ),
    ),
    author: Type.Optional(
      Type.Union([Type.Literal('AI'), Type.Literal('support'), Type.Literal('marketing'), NOT_GIVEN, Type.Null()], {
        description: 'Who speaks: AI by default; support is a person and silences the bot.',
      }),
    ),
    source: Source,
    tag: Type.Optional(
      Type.Union([Type.String({ pattern: TAG }), Type.Null()], { description: 'Meta’s message tag.' }),
    ),
  },
  {
    additionalProperties: true,
    examples: [{ conversation_id: '1001-2001', text: 'Your order has left.' }],
  },
)
type Body = Static<typeof Body>

const Ours = Type.Object({ id: Type.String({ description: 'As the history has it.' }) })
const EXAMPLE = { conversation_id: '1001-2001', message: { id: '1001-2001-mi7x8k2a-7' } }
const DESCRIBED = {
  tags: ['Dify'],
  operationId: 'sendMessage',
  summary: 'Have the router send a message to the customer.',
  description:
    'In parts where it is long, at the channel’s rate, with retries. Give either text or attachment. Nothing is sent, and ' +
    'the status is cancelled, where the bot may not speak because a person has the conversation.',
  headers: IDEMPOTENT,
  body: Body,
  response: {
    200: answerObject(
      'The bot may not speak here: recorded, and not sent.',
      {
        status: Type.Literal('cancelled'),
        reason: Type.String({ description: 'Such as bot_paused.' }),
        conversation_id: ConversationKey,
        message: Ours,
      },
      { status: 'cancelled', reason: 'bot_paused', ...EXAMPLE },
    ),
    202: answerObject(
      'It will be sent.',
      { status: Type.Literal('queued'), conversation_id: ConversationKey, message: Ours },
      { status: 'queued', ...EXAMPLE },
    ),
    ...refusals({
      400: 'The body is not as it should be, or the channel has no token.',
      404: 'No channel has this page.',
      409: 'The Idempotency-Key was used for another message.',
    }),
  },
}

export async function messages(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { receive, channelFor, log } = parts

  app.post<{ Body: Body }>('/api/messages', {
    config: { access: 'dify' },
    schema: DESCRIBED,
    handler: async (request, reply: FastifyReply) => {
      const id = conversationIdIn(request.body.conversation_id)
      const channel = channelFor(id)
      mayTouch(request.caller, id)
      if (channel.token === null) {
        throw new RouterError('invalid_request', 'This channel has no token to send with; give it one in the settings.')
      }
      const event = outgoingOf(request)
      if (event.type === 'support' && request.caller.is !== 'api') {
        throw new RouterError('forbidden', 'A Dify token may not send in the name of a person; use an API token.')
      }
      const { verdict, state } = await receive(id, channel, event, null)
      if (verdict.outcome === 'refused') throw refusalFor(verdict.because)
      const { outcome, reason, seq } = verdict
      const facts = { ...whoAsked(request), conversation_id: id, seq, author: event.type, reason, outcome }
      log.info({ ...facts, source: event.source }, toldOf(verdict, event))
      const message = { id: messageId(id, state.createdAt, seq) }
      if (reason !== null) return { status: 'cancelled', reason, conversation_id: id, message }
      return reply.code(202).send({ status: 'queued', conversation_id: id, message })
    },
  })
}

function toldOf(
  { outcome, reason }: Exclude<OutgoingVerdict, { outcome: 'refused' }>,
  { source }: OutgoingMessage,
): string {
  if (reason !== null) return 'message cancelled: the bot may not speak here'
  if (outcome === 'duplicate') return 'message was queued before, under the same Idempotency-Key'
  return `message queued · 📝 [${source}] Cached sent message to prevent webhook duplicate`
}

function refusalFor(because: 'other_body' | 'too_many'): RouterError {
  if (because === 'other_body') {
    const message = 'This Idempotency-Key was used for another message; give each message a key of its own.'
    return new RouterError('idempotency_conflict', message)
  }
  const message = 'Too many messages wait in this conversation; try again when some of them have left.'
  return new RouterError('rate_limited', message, { retryAfterMs: 10_000 })
}

function outgoingOf(request: FastifyRequest<{ Body: Body }>): OutgoingMessage {
  const { body } = request
  const text = body.text?.trim() ? body.text : null
  const attachment = body.attachment || null
  if ((text === null) === (attachment === null)) {
    throw new RouterError('invalid_request', 'Give what is to be sent: either text or attachment.')
  }
  const type = body.author || 'AI'
  const tag = body.tag || null
  const source = body.source || UNNAMED_SOURCE
  const quickReplies = body.quick_replies || NO_QUICK_REPLIES
  if (quickReplies.length > 0 && text === null) {
    throw new RouterError('invalid_request', 'quick_replies ride on a text; give one, or leave them out.')
  }
  const said = text === null ? attachmentAnswer(attachmentOf(attachment!)) : textAnswer(text)
  const key = idempotencyKeyOf(request)
  const named = body.source ? [{ source }] : []
  return {
    is: 'outgoing',
    type,
    answer: { ...said, quickReplies },
    source,
    tag,
    key: key === null ? null : digestOf([request.caller.key, key]),
    body: key === null ? '' : digestOf([type, text, attachment?.type, attachment?.url, tag, ...quickReplies, ...named]),
  }
}

function attachmentOf({ type, url }: NonNullable<Exclude<Body['attachment'], ''>>): Attachment {
  return { kind: type === 'audio' ? 'voice' : type, url, title: null }
}

/** Short, and does not reveal its input. */
function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)
}
