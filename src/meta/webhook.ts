import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Meter, type ReadBody, RouterError } from '../engine/ports.js'
import { type OnlyAccount, readDelivery } from './delivery.js'
import { isSignature, type Verify } from './signature.js'
import type { TakeDelivery } from './take-delivery.js'
import { traceparentOf } from './traceparent.js'
import { DELIVERY, HANDSHAKE } from './webhook-described.js'

/** `/webhook`, the endpoint that Meta calls. */

const MOST_BODY = 1024 * 1024
/** Meta's challenge has only digits; echoing any other text could run a script in a browser. */
const CHALLENGE = /^[\w.-]{1,256}$/

export async function webhook(
  app: FastifyInstance,
  parts: {
    readonly verify: Verify
    readonly readBody: ReadBody
    readonly verifyToken: () => string
    readonly onlyAccount: OnlyAccount
    readonly takeDelivery: TakeDelivery
    readonly meter: Pick<Meter, 'committed'>
    /** Takes a delivery as part of the trace that its request named. */
    readonly traceWebhook: <T>(parent: string | null, take: (traceparent: string | null) => T) => T
    /** Counts a wrong signature or verify token; throws after too many. */
    readonly onForged: (request: FastifyRequest) => Promise<void>
  },
): Promise<void> {
  const { verify, readBody, verifyToken, onlyAccount, takeDelivery, meter, traceWebhook, onForged } = parts

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

  // The signature covers the raw bytes, and every message takes this path, so the delivery is read and answered in a
  // hook before the framework parses the body. Only errors continue through the framework.
  app.post('/webhook', {
    schema: DELIVERY,
    ...UNCHECKED,
    onRequest: (request, reply, done) => {
      // A request that cannot be signed is refused before its body is read, unless its announced length is refused
      // first.
      const signature = request.headers['x-hub-signature-256']
      const isAnnouncedTooLong = Number(request.headers['content-length']) > MOST_BODY
      if (!isSignature(signature) && !isAnnouncedTooLong) return refuse(request, done)
      readBody(request.raw, MOST_BODY, (error, body) => {
        if (error !== null) return done(error)
        if (!verify(body, signature)) return refuse(request, done)
        try {
          const taken = take(body, request)
          if (taken instanceof Promise)
            taken.then(
              (text) => answer200(reply, text),
              (failure) => done(forMeta(failure)),
            )
          else answer200(reply, taken)
        } catch (failure) {
          done(forMeta(failure as Error))
        }
      })
    },
    handler: answeredAbove,
  })

  function take(body: Buffer, { id, headers }: FastifyRequest) {
    return traceWebhook(traceparentOf(headers['traceparent']), (traceparent) => {
      const delivery = readDelivery(body.toString('utf8'), onlyAccount, traceparent)
      if (delivery === null) throw new RouterError('invalid_payload', 'The body is not a delivery of Meta’s.')
      return takeDelivery(delivery, id)
    })
  }

  function answer200(reply: FastifyReply, body: string): void {
    meter.committed(reply.elapsedTime)
    send(reply, body)
  }

  function refuse(request: FastifyRequest, done: (error: Error) => void): void {
    const forged = new RouterError(
      'invalid_signature',
      'X-Hub-Signature-256 does not fit the body and META_APP_SECRETS.',
    )
    onForged(request).then(() => done(forged), done)
  }
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

function send(reply: FastifyReply, body: string): void {
  reply.hijack()
  const length = String(Buffer.byteLength(body))
  reply.raw.writeHead(200, ['content-type', 'application/json; charset=utf-8', 'content-length', length])
  reply.raw.end(body)
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
