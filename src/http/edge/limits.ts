import { createHash } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RouterError } from '../../engine/ports.js'

/** How often somebody may do something. Each limit throws `rate_limited` when it is passed. */
export interface Limits {
  /** Wrong signatures and wrong tokens from one address. What is valid is never counted. */
  failure(request: FastifyRequest): Promise<void>
  token(request: FastifyRequest, token: string): Promise<void>
  /** Marks of one conversation: far above what any workflow needs, far below what a loop in one does. */
  mark(request: FastifyRequest, conversationId: string): Promise<void>
}

const FAILURES_PER_MINUTE = 600
const MARKS_PER_MINUTE = 60
/** Counters kept at a time for each limit. */
const MOST_KEYS = 100_000

/** Counters in Redis are everybody's; without it each process counts for itself. */
export interface SharedCounters {
  readonly redis: unknown
  readonly nameSpace: string
}

export async function createLimits(
  app: FastifyInstance,
  tokenPerMinute: number,
  shared: SharedCounters | null,
): Promise<Limits> {
  await app.register(rateLimit, {
    global: false,
    cache: MOST_KEYS,
    timeWindow: 60_000,
    // A counter out of reach keeps nobody out: whether the store works is for the store to say.
    skipOnError: true,
    ...shared,
  })
  const keys = new WeakMap<FastifyRequest, string>()
  const keyGenerator = (request: FastifyRequest): string => keys.get(request)!

  function limit(name: string, max: number, message: string): (request: FastifyRequest, key: string) => Promise<void> {
    const check = app.createRateLimit({ max, keyGenerator })
    return async (request, key) => {
      keys.set(request, `${name}:${key}`)
      const result = await check(request)
      if (!result.isAllowed && result.isExceeded) {
        throw new RouterError('rate_limited', message, { retryAfterMs: result.ttl })
      }
    }
  }

  const failure = limit(
    'failure',
    FAILURES_PER_MINUTE,
    'Too many requests with a wrong signature or token from this address.',
  )
  const mark = limit('mark', MARKS_PER_MINUTE, 'Too many marks for this conversation: is a workflow marking in a loop?')
  return {
    failure: (request) => failure(request, request.ip),
    token: limit(
      'token',
      tokenPerMinute,
      'Too many requests with this token; API_RATE_LIMIT sets how many a minute may be.',
    ),
    // By a hash: a counter outlives a conversation that is erased.
    mark: (request, conversationId) => mark(request, createHash('sha256').update(conversationId).digest('base64url')),
  }
}
