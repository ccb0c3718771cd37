import { createHash } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RouterError } from '../../engine/ports.js'
import { addressOf } from './address.js'
import { MOST_BODY_BYTES } from './body-parsers.js'
import { createBudget } from './budget.js'
import { stopReading } from './unread.js'

/** Rate limits. Each method throws `rate_limited` above its limit. */
export interface Limits {
  /** Wrong signatures and wrong tokens from one address. Valid ones are never counted. */
  failure(request: FastifyRequest): Promise<void>
  token(request: FastifyRequest, token: string): Promise<void>
  /** All callers without a token together, when API_AUTH=none: requests and bytes. */
  anonymous(request: FastifyRequest): void
  /** Marks of one conversation: far above what a workflow needs, far below what a loop in one produces. */
  mark(request: FastifyRequest, conversationId: string): Promise<void>
}

const FAILURES_PER_MINUTE = 600
const MARKS_PER_MINUTE = 60
/** Counters kept at a time, where they are not in Redis. */
const MOST_KEYS = 100_000

/** Text that an anonymous caller reports is stored as long as the history, so bytes have a budget besides requests. */
const ANONYMOUS_BYTES_PER_REQUEST = 250
/** The byte budget is per hour, so that a few long texts in a row pass. */
const MINUTES_OF_BYTES = 60

/** Counters in Redis are shared by all replicas; otherwise each process counts for itself. */
export interface SharedCounters {
  readonly redis: unknown
  readonly nameSpace: string
}

export async function createLimits(
  app: FastifyInstance,
  { ratePerMinute, anonymousPerMinute }: { readonly ratePerMinute: number; readonly anonymousPerMinute: number },
  shared: SharedCounters | null,
): Promise<Limits> {
  const perMinute = { failure: FAILURES_PER_MINUTE, token: ratePerMinute, mark: MARKS_PER_MINUTE }
  type Name = keyof typeof perMinute
  const keys = new WeakMap<FastifyRequest, string>()
  await app.register(rateLimit, {
    global: false,
    cache: MOST_KEYS,
    // One limiter for all three: in Redis, keys of a limiter with options of its own would begin with "undefined", for
    // the route that it has not got.
    keyGenerator: (request) => keys.get(request)!,
    max: (_request, key) => perMinute[key.split(':', 1)[0] as Name],
    timeWindow: 60_000,
    // When Redis is unreachable no request is refused here: the store itself reports the outage.
    skipOnError: true,
    ...shared,
  })
  const check = app.createRateLimit()

  function limit(name: Name, message: string): (request: FastifyRequest, key: string) => Promise<void> {
    return async (request, key) => {
      keys.set(request, `${name}:${key}`)
      const result = await check(request)
      if (!result.isAllowed && result.isExceeded) {
        throw new RouterError('rate_limited', message, { retryAfterMs: result.ttl })
      }
    }
  }

  const failure = limit('failure', 'Too many requests with a wrong signature or token from this address.')
  const mark = limit('mark', 'Too many marks for this conversation: is a workflow marking in a loop?')
  const requests = createBudget(anonymousPerMinute, 60_000, Date.now)
  const bytes = createBudget(
    anonymousPerMinute * ANONYMOUS_BYTES_PER_REQUEST * MINUTES_OF_BYTES,
    MINUTES_OF_BYTES * 60_000,
    Date.now,
  )
  return {
    failure(request) {
      stopReading(request.raw)
      return failure(request, addressOf(request))
    },
    anonymous({ headers }) {
      const hasNoLength = headers['transfer-encoding'] !== undefined
      const length = hasNoLength ? MOST_BODY_BYTES : Number(headers['content-length'] ?? 0)
      const retryAfterMs = Math.max(requests.take(1), bytes.take(length))
      if (retryAfterMs === 0) return
      throw new RouterError(
        'rate_limited',
        'All callers without a token have used up what they may; ANONYMOUS_RATE_LIMIT sets it, and with a token there is more.',
        { retryAfterMs },
      )
    },
    token: limit('token', 'Too many requests with this token; API_RATE_LIMIT sets how many a minute may be.'),
    // The key is a hash, because a counter outlives an erased conversation.
    mark: (request, conversationId) => mark(request, createHash('sha256').update(conversationId).digest('base64url')),
  }
}
