import { type TSchema, Type } from '../schema.js'

/** The webhook's description for the OpenAPI document; deliveries are handled without it. */

const failure = (description: string): TSchema =>
  Type.Object(
    { status: Type.Literal('error'), code: Type.String(), message: Type.String() },
    { title: 'Failure', description },
  )
const orNull = (schema: TSchema): TSchema => Type.Union([schema, Type.Null()])

export const HANDSHAKE = {
  tags: ['Meta'],
  operationId: 'verifyWebhook',
  summary: 'Meta’s handshake, when the callback URL is set.',
  querystring: Type.Object({
    'hub.mode': Type.Literal('subscribe', { description: 'The only one there is.' }),
    'hub.verify_token': Type.String({ description: 'META_VERIFY_TOKEN.' }),
    'hub.challenge': Type.String({ description: 'Comes back as it is.' }),
  }),
  response: {
    200: { description: 'The challenge.', content: { 'text/plain': { schema: Type.String() } } },
    400: failure('A parameter is missing.'),
    403: failure('The verify token is wrong.'),
  },
}

export const DELIVERY = {
  tags: ['Meta'],
  operationId: 'receiveWebhook',
  summary: 'Meta delivers what happened.',
  description: 'Answered 200 only after everything in it is recorded. 1 MiB at most.',
  headers: Type.Object({
    'x-hub-signature-256': Type.String({ description: 'sha256= and the HMAC of the raw body.' }),
  }),
  body: Type.Object({
    object: Type.Union([Type.Literal('instagram'), Type.Literal('page')], { description: 'The platform.' }),
    entry: Type.Array(Type.Object({ id: Type.String() }), {
      description: 'What happened, by account, as Meta sends it.',
    }),
  }),
  response: {
    200: Type.Object(
      {
        status: Type.Literal('success'),
        message: Type.String(),
        duplicate: Type.Boolean({ description: 'Everything in it was known.' }),
        results: Type.Array(
          Type.Object({
            event: Type.String(),
            outcome: Type.Enum(['accepted', 'duplicate', 'ignored']),
            reason: orNull(Type.String()),
            conversation_id: orNull(Type.String()),
            author: orNull(Type.Enum(['customer', 'bot', 'human', 'automation'])),
            evidence: orNull(Type.String()),
          }),
          { description: 'A row for each item, in order.' },
        ),
        data: orNull(
          Type.Object(
            {
              message_direction: Type.Enum(['customer_to_owner', 'owner_to_customer']),
              channel: Type.Object({
                id: Type.String(),
                username: orNull(Type.String()),
                owner: orNull(Type.Object({ id: Type.String(), email: Type.String() })),
              }),
              customer: Type.Object({
                id: Type.String(),
                instagram_id: orNull(Type.String()),
                first_name: orNull(Type.String()),
                last_name: orNull(Type.String()),
                source: Type.String(),
                was_created: Type.Boolean(),
                enhanced_data_fetched: Type.Boolean({ description: 'Meta has told who the customer is.' }),
              }),
              conversation: Type.Object({ id: Type.String(), source: Type.String(), was_created: Type.Boolean() }),
              message: Type.Object({
                id: orNull(Type.String()),
                content: orNull(Type.String()),
                type: orNull(Type.String()),
                message_type: Type.String(),
                timestamp: Type.String({ format: 'date-time' }),
              }),
            },
            { description: 'The first message or echo in it.' },
          ),
        ),
      },
      { description: 'Recorded.' },
    ),
    400: failure('This is no delivery of Meta’s.'),
    401: failure('The signature does not fit.'),
    413: failure('More than 1 MiB.'),
    429: failure('Too many wrong signatures from this address.'),
    503: failure('The store cannot take it: deliver it again.'),
  },
}
