import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { MaybePromise } from '../engine/maybe-promise.js'
import { type DirectAnswer, type Meter, type ReadBody, RouterError } from '../engine/ports.js'
import type { AnswerText } from './answer.js'
import { type OnlyAccount, readDelivery } from './delivery.js'
import { isSignature, type Verify } from './signature.js'
import type { TakeDelivery } from './take-delivery.js'
import { traceparentOf } from './traceparent.js'
import { DELIVERY, HANDSHAKE } from './webhook-described.js'

/** `/webhook`, the endpoint that Meta calls. */

const MOST_BODY = 1024 * 1024
/** Meta's challenge has only digits; echoing any other text could run a script in a browser. */
const CHALLENGE = /^[\w.-]{1,256}$/

export interface Webhook {
  /** The handshake, and deliveries with their refusals. */
  routes(app: FastifyInstance): Promise<void>
  /** Deliveries alone, to be answered in front of the framework. */
  readonly deliveries: { readonly method: 'POST'; readonly url: '/webhook'; readonly answer: DirectAnswer }
}

export function createWebhook(parts: {
  readonly verify: Verify
  readonly readBody: ReadBody
  readonly verifyToken: () => string
  readonly onlyAccount: OnlyAccount
  readonly takeDelivery: TakeDelivery
  readonly meter: Pick<Meter, 'committed'>
  /** Takes a delivery as part of the trace that its request named. */
  readonly traceWebhook: <T>(parent: string | null, take: (traceparent: string | null) => T) => T
  /** The error with which `answer` refused a request before the framework saw it; null for none. */
  readonly refusalOf: (request: IncomingMessage) => Error | null
  /** Counts a wrong signature or verify token; throws after too many. */
  readonly onForged: (request: FastifyRequest) => Promise<void>
}): Webhook {
  const { verify, readBody, verifyToken, onlyAccount, takeDelivery, meter, traceWebhook, refusalOf, onForged } = parts

  // The signature covers the raw bytes, so a delivery is read and answered here and not by the framework's parsers.
  const answer: DirectAnswer = (request, response, id, done) => {
    const startedAt = performance.now()
    // A request that cannot be signed is refused before its body is read, unless its announced length is refused
    // first.
    const signature = request.headers['x-hub-signature-256']
    const isAnnouncedTooLong = Number(request.headers['content-length']) > MOST_BODY
    if (!isSignature(signature) && !isAnnouncedTooLong) return done(forged())
    const answer200 = (text: AnswerText): void => {
      meter.committed(performance.now() - startedAt)
      send(response, text)
      done(null)
    }
    const fail = (failure: Error): void => done(forMeta(failure))
    readBody(request, MOST_BODY, (error, body) => {
      if (error !== null) return done(error)
      if (!verify(body, signature)) return done(forged())
      let taken: MaybePromise<AnswerText>
      try {
        taken = take(body, request, id)
      } catch (failure) {
        return fail(failure as Error)
      }
      if (taken instanceof Promise) taken.then(answer200, fail)
      else answer200(taken)
    })
  }

  function take(body: Buffer, { headers }: IncomingMessage, id: string) {
    return traceWebhook(traceparentOf(headers['traceparent']), (traceparent) => {
      const delivery = readDelivery(body.toString('utf8'), onlyAccount, traceparent)
      if (delivery === null) throw new RouterError('invalid_payload', 'The body is not a delivery of Meta’s.')
      return takeDelivery(delivery, id)
    })
  }

  async function routes(app: FastifyInstance): Promise<void> {
    app.get<{ Querystring: Record<string, unknown> }>(
      '/webhook',
      { schema: HANDSHAKE, ...UNCHECKED },
      async (request, reply) => {
        const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = request.query
        if (mode !== 'subscribe' || typeof token !== 'string' || typeof challenge !== 'string') {
          throw new RouterError('bad_request', 'hub.mode=subscribe, hub.verify_token and hub.challenge are needed.')
        }
        if (!timingSafeEqual(digestOf(token), digestOf(verifyToken()))) {
          await onForged(request)
          throw new RouterError('wrong_verify_token', 'hub.verify_token is not META_VERIFY_TOKEN.')
        }
        if (!CHALLENGE.test(challenge))
          throw new RouterError('bad_request', 'hub.challenge has characters it should not.')
        return reply.type('text/plain; charset=utf-8').send(challenge)
      },
    )
    app.post('/webhook', {
      schema: DELIVERY,
      ...UNCHECKED,
      onRequest: (request, reply, done) => {
        const finish = (error: Error | null): void => {
          if (error === null) return
          if (isForged(error)) onForged(request).then(() => done(error), done)
          else done(error)
        }
        const refusal = refusalOf(request.raw)
        if (refusal === null) answer(request.raw, reply.raw, request.id, finish)
        else finish(refusal)
      },
      handler: answeredAbove,
    })
  }

  return { routes, deliveries: { method: 'POST', url: '/webhook', answer } }
}

function forged(): RouterError {
  return new RouterError('invalid_signature', 'X-Hub-Signature-256 does not fit the body and META_APP_SECRETS.')
}

function isForged(error: Error): boolean {
  return error instanceof RouterError && error.code === 'invalid_signature'
}

/** Meta retries every response but 200, so a conflict needs no code of its own. */
function forMeta(failure: Error): Error {
  if (!(failure instanceof RouterError) || failure.code !== 'conflict') return failure
  return new RouterError('store_unavailable', failure.message, { cause: failure })
}

/** The schemas only document: the handler checks the input and answers with its own errors. */
const UNCHECKED = { validatorCompiler: () => () => true }

async function answeredAbove(): Promise<never> {
  throw new Error('a delivery got past the hook that answers it')
}

function send(response: ServerResponse, { text, isAscii }: AnswerText): void {
  const length = isAscii ? text.length : Buffer.byteLength(text)
  response.writeHead(200, ['content-type', 'application/json; charset=utf-8', 'content-length', String(length)])
  response.end(text, isAscii ? 'latin1' : 'utf8')
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
