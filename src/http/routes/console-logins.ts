import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Log, RouterError, type Store } from '../../engine/ports.js'
import { Type } from '../../schema.js'
import { bearerOf, whoAsked } from '../edge/auth.js'
import type { Limits } from '../edge/limits.js'
import { answerObject, refusals } from '../shapes.js'

/**
 * One-time logins: a caller with an API token creates a code, and the first request with the code gets that token. So the
 * address `/console#login=CODE` can be printed and shared without a token in it. The store holds the token encrypted with
 * the code, under the code's hash.
 */

export interface ConsoleLoginParts {
  readonly store: Store
  readonly limits: Limits
  readonly log: Log
}

const LIFE_MS = 3_600_000
const BYTES = 32
const CODE = /^[\w-]{43}$/
const CIPHER = 'aes-256-gcm'
const TAG_BYTES = 16
/** A key encrypts a single text, so the nonce may be constant. */
const NONCE = Buffer.alloc(12)

const MADE = {
  tags: ['Operating'],
  operationId: 'createConsoleLogin',
  summary: 'A code with which the console logs in once, as whoever made it.',
  response: {
    200: answerObject('For the address `/console#login=…`: good once, for an hour.', { login: Type.String() }),
  },
}
const USED = {
  tags: ['Operating'],
  operationId: 'useConsoleLogin',
  summary: 'The API token for a code of createConsoleLogin, sent as the bearer; it is used up by it.',
  response: {
    200: answerObject('The token.', { token: Type.String() }),
    ...refusals({
      401: 'The code was used before, is older than an hour, or was never given.',
      429: 'Too many wrong codes from this address; Retry-After says when to try again.',
      503: 'The store is out of reach; Retry-After says when to try again.',
    }),
  },
}

/** Behind a token, with the rest of the API. */
export async function consoleLogins(app: FastifyInstance, { store, log }: ConsoleLoginParts): Promise<void> {
  app.post('/api/console-logins', { schema: MADE }, async (request, reply) => {
    const login = randomBytes(BYTES).toString('base64url')
    await store.putTicket(ticketOf(login), sealed(bearerOf(request)!, login), LIFE_MS)
    log.info(whoAsked(request), 'one-time login for the console made')
    reply.header('cache-control', 'no-store')
    return { login }
  })
}

/** The code stands in for a token. */
export async function useConsoleLogin(app: FastifyInstance, { store, limits, log }: ConsoleLoginParts): Promise<void> {
  app.post('/console/login', { schema: USED }, async (request, reply) => {
    const login = bearerOf(request) ?? ''
    const found = CODE.test(login) ? await store.takeTicket(ticketOf(login)) : null
    if (found === null) {
      await limits.failure(request)
      throw new RouterError('unauthorized', 'This login was used already, or is older than an hour.')
    }
    log.info({ req_id: request.id }, 'one-time login for the console used')
    reply.header('cache-control', 'no-store')
    return { token: unsealed(found, login) }
  })
}

const digestOf = (login: string, use: string): Buffer => createHash('sha256').update(`${use} ${login}`).digest()
const ticketOf = (login: string): string => `login ${digestOf(login, 'ticket').toString('base64url')}`

function sealed(token: string, login: string): string {
  const cipher = createCipheriv(CIPHER, digestOf(login, 'key'), NONCE)
  return Buffer.concat([cipher.update(token), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

function unsealed(text: string, login: string): string {
  const bytes = Buffer.from(text, 'base64url')
  const decipher = createDecipheriv(CIPHER, digestOf(login, 'key'), NONCE)
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString()
}
