import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Store } from '../../engine/ports.js'
import { Type } from '../../schema.js'
import { answerObject } from '../shapes.js'

/**
 * `POST /api/live-tickets`: one-time tickets for browsers, which cannot set a header on a WebSocket; a token in a URL
 * would end up in logs.
 */

const LIFE_MS = 30_000
const BYTES = 32
const TICKET = /^[\w-]{43}$/

const DESCRIBED = {
  tags: ['Live'],
  operationId: 'createLiveTicket',
  summary: 'A ticket with which a browser may open the WebSocket.',
  response: { 200: answerObject('Good once, for 30 seconds.', { ticket: Type.String() }) },
}

export async function liveTickets(app: FastifyInstance, { store }: { readonly store: Store }): Promise<void> {
  app.post('/api/live-tickets', { schema: DESCRIBED }, async (request, reply) => {
    const ticket = randomBytes(BYTES).toString('base64url')
    await store.putTicket(ticket, request.caller.key, LIFE_MS)
    reply.header('cache-control', 'no-store')
    return { ticket }
  })
}

/** Checked before the store is asked, so that arbitrary text costs no look-up. */
export function isTicket(text: string): boolean {
  return TICKET.test(text)
}
