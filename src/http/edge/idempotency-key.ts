import type { FastifyRequest } from 'fastify'
import { RouterError } from '../../engine/ports.js'
import { Type } from '../../schema.js'

const IDEMPOTENCY_KEY = /^[!-~]{1,255}$/

/** Documents the header; `idempotencyKeyOf` checks it. */
export const IDEMPOTENT = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'The same call under the same key acts once. Leave it empty, or give what is different for each run, such as a ' +
        'workflow’s run id: an invented word would be taken for a repetition.',
      examples: ['6b0e1f6c-9d0f-4f6e-8a51-0c2f5a1f7f10'],
    }),
  ),
})

export function idempotencyKeyOf(request: Pick<FastifyRequest, 'headers'>): string | null {
  const key = request.headers['idempotency-key']
  // Dify's tools send the header even when its parameter is not filled in.
  if (key === undefined || key === '') return null
  // A template variable that was not replaced is the same for every run, so all calls after the first would count as
  // retries.
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key) || key.includes('{{') || key.includes('#}')) {
    throw new RouterError('invalid_request', 'Idempotency-Key must be 1 to 255 visible characters and no template.')
  }
  return key
}
