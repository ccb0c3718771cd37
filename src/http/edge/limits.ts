import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { andThen, type MaybePromise } from '../../engine/maybe-promise.js'
import { RouterError, type SharedCounters } from '../../engine/ports.js'
import { addressOf } from './address.js'
import { MOST_BODY_BYTES } from './body-parsers.js'
import { createBudget } from './budget.js'
import { createQuota, type Quota } from './quota.js'
import { stopReading } from './unread.js'

/** Rate limits. Each method throws `rate_limited` above its limit. */
export interface Limits {
  /** Wrong signatures and wrong tokens from one address. Valid ones are never counted. */
  failure(request: FastifyRequest): Promise<void>
  token(name: string): MaybePromise<void>
  /** All callers without a token together, when API_AUTH=none: requests and bytes. */
  anonymous(request: FastifyRequest): void
  /** Marks of one conversation: far above what a workflow needs, far below what a loop in one produces. */
  mark(conversationId: string): MaybePromise<void>
}

const FAILURES_PER_MINUTE = 600
const MARKS_PER_MINUTE = 60
/**
 * Marks of a conversation that a process allows without the shared counter: hardly any conversation has more, so hardly
 * any mark needs the call.
 */
const UNSHARED_MARKS = 9

/** Text that an anonymous caller reports is stored as long as the history, so bytes have a budget besides requests. */
const ANONYMOUS_BYTES_PER_REQUEST = 250
/** The byte budget is per hour, so that a few long texts in a row pass. */
const MINUTES_OF_BYTES = 60

/** Counters in Redis are shared by all replicas; otherwise each process counts for itself. */
export function createLimits(
  { ratePerMinute, anonymousPerMinute }: { readonly ratePerMinute: number; readonly anonymousPerMinute: number },
  shared: SharedCounters | null,
): Limits {
  const counted = { shared, now: Date.now, unshared: 0 }
  const failures = createQuota({ ...counted, most: FAILURES_PER_MINUTE, nameOf: (address) => `failure:${address}` })
  const requestsOf = createQuota({ ...counted, most: ratePerMinute, nameOf: (name) => `token:${name}` })
  const marks = createQuota({
    ...counted,
    most: MARKS_PER_MINUTE,
    unshared: UNSHARED_MARKS,
    // A hash, because the counter may outlive an erased conversation.
    nameOf: (id) => `mark:${createHash('sha256').update(id).digest('base64url')}`,
  })
  const requests = createBudget(anonymousPerMinute, 60_000, Date.now)
  const bytes = createBudget(
    anonymousPerMinute * ANONYMOUS_BYTES_PER_REQUEST * MINUTES_OF_BYTES,
    MINUTES_OF_BYTES * 60_000,
    Date.now,
  )
  return {
    async failure(request) {
      stopReading(request.raw)
      const message = 'Too many requests with a wrong signature or token from this address.'
      await take(failures, addressOf(request), message)
    },
    anonymous({ headers }) {
      const hasNoLength = headers['transfer-encoding'] !== undefined
      const length = hasNoLength ? MOST_BODY_BYTES : Number(headers['content-length'] ?? 0)
      const retryAfterMs = Math.max(requests.take(1), bytes.take(length))
      if (retryAfterMs === 0) return
      throw new RouterError(
        'rate_limited',
        'The limit of all callers without a token together (ANONYMOUS_RATE_LIMIT) is reached; a request with a token is not counted.',
        { retryAfterMs },
      )
    },
    token: (name) =>
      take(requestsOf, name, 'Too many requests with this token; API_RATE_LIMIT sets how many a minute may be.'),
    mark: (id) => take(marks, id, 'Too many marks for this conversation: is a workflow marking in a loop?'),
  }
}

function take(quota: Quota, key: string, message: string): MaybePromise<void> {
  return andThen(quota(key), (retryAfterMs) => {
    if (retryAfterMs > 0) throw new RouterError('rate_limited', message, { retryAfterMs })
  })
}
