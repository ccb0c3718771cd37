import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { RouterError } from '../engine/ports.js'

const IDEMPOTENCY_KEY = /^[!-~]{1,255}$/

/** How it is described; what is wrong with one is said below. */
export const IDEMPOTENT = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ description: 'The same call under the same key acts once.' })),
})

export function idempotencyKeyOf(request: Pick<FastifyRequest, 'headers'>): string | null {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  // A template that was not filled in is the same for every run: all calls but the first would pass for a retry.
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key) || key.includes('{{') || key.includes('#}')) {
    throw new RouterError('invalid_request', 'Idempotency-Key must be 1 to 255 visible characters and no template.')
  }
  return key
}
