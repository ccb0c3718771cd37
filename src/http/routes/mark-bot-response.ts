import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Channel, FOREVER } from '../../conversation/channel.js'
import type { Mark } from '../../conversation/event.js'
import type { MarkOutcome } from '../../conversation/expected/flags.js'
import { type ConversationId, parseConversationId } from '../../conversation/ids.js'
import { parseDuration } from '../../conversation/text/duration.js'
import { RouterError } from '../../engine/ports.js'
import { Type } from '../../schema.js'
import type { ApiParts } from '../api-parts.js'
import { mayTouch, whoAsked } from '../edge/auth.js'
import { parseBodiesAsText } from '../edge/body-parsers.js'
import { type Fields, fieldsOf, isBrokenJson } from '../edge/fields.js'
import { IDEMPOTENT, idempotencyKeyOf } from '../edge/idempotency-key.js'
import { MOST_TEXT } from '../edge/text-patterns.js'
import { answerObject, ConversationKey, refusals, UNCHECKED } from '../shapes.js'

/** `POST /api/mark-bot-response`: Dify announces that it is about to answer. */

const MOST_COUNT = 20
const MOST_TTL_MS = 24 * 3_600_000

const OUTCOMES = ['set', 'retry', 'withheld', 'withdrawn', 'not_needed'] as const

const DESCRIBED = {
  tags: ['Dify'],
  operationId: 'markBotResponse',
  summary: 'Say that the bot is about to answer, and learn whether it may.',
  description:
    'Raises a bot flag: the echo that comes next in this conversation is the bot’s. Call it before each answer that is ' +
    'sent outside of the router, and go on only if proceed is true. The parameters may also stand in a JSON or form body.',
  headers: IDEMPOTENT,
  querystring: Type.Object({
    conversation_id: ConversationKey,
    count: Type.Optional(
      Type.Integer({ minimum: 0, maximum: MOST_COUNT, default: 1, description: 'How many echoes; 0 withdraws all.' }),
    ),
    ttl: Type.Optional(Type.String({ description: 'How long the flag is good, such as 90s; FLAG_TTL by default.' })),
    text: Type.Optional(Type.String({ description: 'Only an echo with this text uses the flag.' })),
    only_if_on: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Raises no flag where proceed is false: for workflows that obey it.',
      }),
    ),
  }),
  response: {
    200: answerObject(
      'Done.',
      {
        status: Type.Literal('success'),
        conversation_id: ConversationKey,
        message: Type.String(),
        flag: Type.Union(
          OUTCOMES.map((outcome) => Type.Literal(outcome)),
          {
            description:
              'set; retry: the same mark was made a moment ago; withheld: only_if_on, and the bot may not answer; withdrawn; ' +
              'not_needed: a run of the router’s own is under way, whose answer it sends and recognises.',
          },
        ),
        proceed: Type.Boolean({
          description: 'False: a person has this conversation, or the bot is off. Do not answer.',
        }),
      },
      { status: 'success', conversation_id: '1001-2001', message: 'Bot flag set', flag: 'set', proceed: true },
    ),
    ...refusals({ 400: 'A parameter is not as it should be.', 404: 'No channel has this page.' }),
  },
}

export async function markBotResponse(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { receive, channelFor, limits, log, readBody } = parts
  // Parsed later: the id may stand in a form, or in the query beside an unusable body.
  parseBodiesAsText(app, readBody)

  app.post(
    '/api/mark-bot-response',
    { config: { access: 'open' }, schema: DESCRIBED, ...UNCHECKED },
    async (request, reply) => {
      const fields = givenFields(request)
      const id = parseConversationId(fields['conversation_id'] ?? '')
      if (id === null && isBrokenJson(request.body)) throw new RouterError('invalid_request', 'The body is not JSON.')
      if (id === null) {
        throw new RouterError(
          'invalid_conversation_id',
          'conversation_id must look like {pageID}-{userID}, digits on both sides. ' +
            'If it holds the name of a variable, the workflow did not fill its template in.',
        )
      }
      const channel = channelFor(id)
      mayTouch(request.caller, id)
      const mark = markOf(fields, request, channel)
      await limits.mark(id)
      const { verdict } = await receive(id, channel, mark, null)
      const { proceed, flag } = verdict
      const { req_id, by } = whoAsked(request)
      if (flag === 'set') {
        log.info(
          { req_id, by, conversation_id: id, flag, proceed, count: mark.count ?? 1, ttl_ms: mark.ttlMs },
          `🤖 Bot flag SET for conversation: ${id}`,
        )
      } else log.info({ req_id, by, conversation_id: id, flag, proceed }, LOGGED[flag])
      reply.type('application/json; charset=utf-8')
      return answerText(id, flag, proceed)
    },
  )
}

/** None of it needs escaping. */
function answerText(id: ConversationId, flag: MarkOutcome, proceed: boolean): string {
  return `{"status":"success","conversation_id":"${id}","message":"${MESSAGES[flag]}","flag":"${flag}","proceed":${proceed}}`
}

const MESSAGES: Readonly<Record<MarkOutcome, string>> = {
  set: 'Bot flag set',
  // A retry finds its flag set, which is the same success for the caller.
  retry: 'Bot flag set',
  withheld: 'Bot flag not set',
  withdrawn: 'Bot flags withdrawn',
  not_needed: 'Bot flag not needed',
}

const LOGGED: Readonly<Record<Exclude<MarkOutcome, 'set'>, string>> = {
  retry: 'mark raised no flag: it was made a moment ago, or under the same key',
  withheld: 'mark raised no flag: it wanted one only where the bot may answer, and it may not',
  withdrawn: 'mark withdrew all flags',
  not_needed: 'mark raised no flag: the router sends the answer of the run under way, and knows its echo',
}

/** Empty values count as not given: callers put template variables there. The query goes before the body. */
function givenFields({ body, query }: FastifyRequest): Fields {
  const given: Record<string, string> = {}
  for (const fields of [fieldsOf(body), fieldsOf(query)]) {
    for (const name in fields) {
      const value = fields[name]
      if (value) given[name] = value
    }
  }
  return given
}

function markOf(fields: Fields, request: FastifyRequest, { policy }: Channel): Mark {
  const given = fields['count'] ?? null
  const count = given === null ? null : Number(given)
  if (given !== null && (!/^\d{1,2}$/.test(given) || Number(given) > MOST_COUNT)) {
    throw new RouterError('invalid_request', `count must be a whole number from 0 to ${MOST_COUNT}.`)
  }
  const ttlMs = fields['ttl'] === undefined ? null : parseDuration(fields['ttl'])
  if (fields['ttl'] !== undefined && (ttlMs === null || ttlMs === 0 || ttlMs === FOREVER || ttlMs > MOST_TTL_MS)) {
    throw new RouterError('invalid_request', 'ttl must be a duration such as 90s or 5m, 24h at most.')
  }
  const text = fields['text'] ?? null
  if (text !== null && text.length > MOST_TEXT) {
    throw new RouterError('invalid_request', `text must not be longer than ${MOST_TEXT} characters.`)
  }
  const onlyIfOn = (fields['only_if_on'] ?? 'false').toLowerCase()
  if (onlyIfOn !== 'true' && onlyIfOn !== 'false') {
    throw new RouterError('invalid_request', 'only_if_on must be true or false.')
  }
  return {
    is: 'mark',
    count,
    // Anonymous callers must not fill the memory with flags of a day for customers who do not exist.
    ttlMs: ttlMs !== null && request.caller.is === 'anyone' ? Math.min(ttlMs, policy.flagTtlMs) : ttlMs,
    text,
    onlyIfOn: onlyIfOn === 'true',
    idempotencyKey: idempotencyKeyOf(request),
  }
}
