import type { ErrorCode } from '../engine/ports.js'
import { type Static, type TSchema, Type } from '../schema.js'
import { STATUS } from './edge/errors.js'
import { SOURCE } from './edge/text-patterns.js'

/**
 * The responses of the API as schemas: they make the OpenAPI document and the types of the code that builds
 * responses.
 */

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const oneOf = <const T extends string[]>(...words: T) => Type.Enum(words)
const Time = Type.String({ format: 'date-time' })

export const KEY_MEANS = {
  description: 'The conversation: the page’s id, a hyphen, the customer’s id.',
  examples: ['1001-2001'],
}
export const ConversationKey = Type.String({ ...KEY_MEANS, pattern: '^\\d{1,32}-\\d{1,32}$' })
/** An empty string counts as not given: callers put template variables there. */
export const NOT_GIVEN = Type.Literal('')
/** The name of the program that sends or reports a message. */
export const Source = Type.Optional(
  Type.Union([Type.String({ pattern: SOURCE }), Type.Null()], {
    description: 'A word for the log and the history, such as Workflow; api where it is left out.',
  }),
)
/** A path parameter; the route checks it and answers with its own error code. */
export const ByKey = Type.Object({ id: Type.String(KEY_MEANS) })

export const Failure = Type.Object(
  {
    status: Type.Literal('error'),
    code: Type.Enum(Object.keys(STATUS) as ErrorCode[], { description: 'For programs.' }),
    message: Type.String({
      description: 'For people: what to do.',
      examples: ['No channel has this page id; check the settings.'],
    }),
  },
  { title: 'Failure', description: 'Every answer that is no success.' },
)

export const Customer = Type.Object({
  id: Type.String(),
  name: orNull(Type.String()),
  username: orNull(Type.String()),
  profile_pic: orNull(Type.String()),
})

const OF_CONVERSATION = {
  id: ConversationKey,
  page_id: Type.String(),
  user_id: Type.String(),
  platform: oneOf('instagram', 'facebook'),
  state: oneOf('open', 'closed'),
  bot: Type.Object({
    enabled: Type.Boolean({ description: 'False while the bot is paused; mode and hours are another matter.' }),
    paused_at: orNull(Time),
    paused_until: orNull(Time),
    reason: orNull(
      oneOf('human_echo', 'support_message', 'api', 'customer_request', 'assistant_failed', 'handover', 'assistant'),
    ),
    note: orNull(Type.String()),
  }),
  flags: Type.Integer({ description: 'Live bot flags.' }),
  waiting: Type.Integer({ description: 'Customer’s messages that wait to be asked.' }),
  customer: Customer,
  created_at: orNull(Time),
  last_message_at: orNull(Time),
}

export const Conversation = Type.Object(OF_CONVERSATION, {
  title: 'Conversation',
  examples: [
    {
      id: '1001-2001',
      page_id: '1001',
      user_id: '2001',
      platform: 'instagram',
      state: 'open',
      bot: {
        enabled: false,
        paused_at: '2026-01-01T00:00:00.000Z',
        paused_until: '2026-01-01T06:00:00.000Z',
        reason: 'human_echo',
        note: null,
      },
      flags: 0,
      waiting: 0,
      customer: { id: '2001', name: null, username: null, profile_pic: null },
      created_at: '2026-01-01T00:00:00.000Z',
      last_message_at: '2026-01-01T00:00:00.000Z',
    },
  ],
})

export const ListedConversation = Type.Object(
  {
    ...OF_CONVERSATION,
    last_message: orNull(
      Type.Object(
        {
          type: oneOf('customer', 'support', 'AI', 'marketing', 'automation'),
          content: orNull(Type.String({ description: 'Its first 120 characters.' })),
          created_at: orNull(Time),
        },
        { description: 'Null where the history holds none.' },
      ),
    ),
  },
  { title: 'ListedConversation' },
)

export const Message = Type.Object(
  {
    id: Type.String(),
    seq: Type.Integer({ description: 'Counts 1, 2, 3 … within the conversation.' }),
    conversation_id: ConversationKey,
    external_message_id: orNull(Type.String({ description: 'Meta’s.' })),
    type: oneOf('customer', 'support', 'AI', 'marketing', 'automation'),
    message_type: oneOf(
      'text',
      'image',
      'voice',
      'video',
      'file',
      'share',
      'sticker',
      'story',
      'postback',
      'location',
      'template',
      'other',
    ),
    content: orNull(Type.String()),
    attachments: Type.Array(
      Type.Object({ type: Type.String(), url: orNull(Type.String()), title: orNull(Type.String()) }),
    ),
    media_url: orNull(Type.String()),
    payload: orNull(Type.String({ description: 'What stands behind a button, or where the customer came from.' })),
    status: oneOf('received', 'processed', 'skipped', 'queued', 'sending', 'sent', 'cancelled', 'failed', 'unknown'),
    reason: orNull(Type.String({ description: 'Why it is not asked, or was not sent.' })),
    evidence: orNull(Type.String({ description: 'How the router knows who wrote it.' })),
    source: Type.String(),
    sent_from_app: Type.Boolean(),
    is_ai_response: Type.Boolean(),
    is_answered: Type.Boolean(),
    reply_to: orNull(Type.String()),
    share_id: orNull(Type.String({ description: 'The shared post that it was asked together with.' })),
    reactions: Type.Array(Type.Object({ by: Type.String(), emoji: orNull(Type.String()) })),
    read_at: orNull(Time),
    edited_at: orNull(Time),
    deleted_at: orNull(Time),
    created_at: orNull(Time),
    customer: Customer,
    processing_status: Type.Enum(['pending', 'processing', 'completed', 'skipped', 'failed'], {
      description: 'How far the router is with asking a customer’s message, or with sending one of ours.',
    }),
    feedback: orNull(oneOf('positive', 'negative')),
    feedback_comment: orNull(Type.String()),
    feedback_at: orNull(Time),
    transcription: orNull(Type.String({ description: 'Of a voice message.' })),
  },
  { title: 'Message' },
)

export const DeadLetter = Type.Object(
  {
    id: Type.String(),
    conversation_id: ConversationKey,
    reason: oneOf(
      'window_closed',
      'thread_not_ours',
      'channel_unusable',
      'refused',
      'attempts_exhausted',
      'unknown_outcome',
    ),
    code: Type.String({ description: 'Meta’s own.' }),
    at: orNull(Time),
    message: Message,
    messages: Type.Array(Message),
  },
  { title: 'DeadLetter' },
)

export const Channel = Type.Object(
  {
    id: Type.String(),
    platform: oneOf('instagram', 'facebook'),
    name: orNull(Type.String()),
    mode: oneOf('on', 'off', 'test'),
    bot_pause_seconds: orNull(
      Type.Integer({ description: 'How long a person’s message silences the bot. Null: until it is handed back.' }),
    ),
    connected: orNull(Type.Boolean({ description: 'Null: nothing is known of its token yet.' })),
    last_error: orNull(Type.Object({ code: Type.String(), at: orNull(Time) })),
    token_expires_at: orNull(Time),
    last_sent_at: orNull(Time),
    last_inbound_at: orNull(Time),
    last_echo_at: orNull(Time),
  },
  { title: 'Channel' },
)

/** Schemas that the document lists under `components` and refers to by their title. */
export const SHAPES = { Failure, Conversation, ListedConversation, Message, DeadLetter, Channel } as const

export type ConversationShape = Static<typeof Conversation>
export type ListedShape = Static<typeof ListedConversation>
export type MessageShape = Static<typeof Message>
export type DeadLetterShape = Static<typeof DeadLetter>
export type ChannelShape = Static<typeof Channel>

/** A response with one of the named schemas; `description` says what it means there. */
export function shape<T extends keyof typeof SHAPES>(name: T, description: string): (typeof SHAPES)[T] {
  return { ...SHAPES[name], description }
}

/** A response object that only one route uses. */
export function answerObject<T extends Record<string, TSchema>>(description: string, properties: T, example?: object) {
  return Type.Object(properties, { description, ...(example === undefined ? {} : { examples: [example] }) })
}

/** A response without a body. */
export function nothing(description: string): TSchema {
  return Type.Null({ description })
}

/**
 * For routes that parse and check their input themselves, since it may come in more forms than a schema can express:
 * the schema only documents.
 */
export const UNCHECKED = { validatorCompiler: () => () => true }

/** A route's own error responses; those common to all routes are added with the document. */
export function refusals(meanings: Readonly<Record<number, string>>): Record<number, TSchema> {
  return Object.fromEntries(Object.entries(meanings).map(([status, meaning]) => [status, shape('Failure', meaning)]))
}
