import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../engine/ports.js'
import { type ErrorCode, RouterError } from '../../engine/ports.js'
import { leastNumberOf } from './number-text.js'
import type { LogRefusal } from './refusal-log.js'
import { wordsFor } from './text-patterns.js'
import { isEndless, readOn } from './unread.js'

/** The only place that turns an error into a response. */

export const STATUS: Readonly<Record<ErrorCode, number>> = {
  unauthorized: 401,
  forbidden: 403,
  invalid_signature: 401,
  invalid_payload: 400,
  payload_too_large: 413,
  wrong_verify_token: 403,
  bad_request: 400,
  invalid_request: 400,
  invalid_conversation_id: 400,
  not_found: 404,
  unknown_channel: 404,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  rate_limited: 429,
  idempotency_conflict: 409,
  conflict: 409,
  store_unavailable: 503,
  store_full: 503,
  overloaded: 503,
  draining: 503,
  internal_error: 500,
}

/** Meta and Dify retry on their own schedule; other clients read this. */
const RETRY_AFTER_S = 1

export function createErrorHandler(log: Log, logRefusal: LogRefusal) {
  return (error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void => {
    const failure = asRouterError(error, request)
    const status = STATUS[failure.code]
    // While draining, load balancers poll `/health/ready` often; that is not an error.
    if (failure.code === 'internal_error') log.error({ ...factsOf(failure, request), err: error }, 'request failed')
    else if (status < 500 || failure.code === 'overloaded') logRefusal(failure, request)
    else if (failure.code !== 'draining')
      log.warn({ ...factsOf(failure, request), reason: reasonOf(failure) }, 'request failed')
    if (isEndless(request.raw) || failure.code === 'overloaded') reply.header('connection', 'close')
    else readOn(request.raw)
    if (failure.code === 'rate_limited') reply.header('retry-after', Math.ceil(failure.retryAfterMs / 1000))
    else if (status === 503) reply.header('retry-after', RETRY_AFTER_S)
    if (failure.code === 'unauthorized') reply.header('www-authenticate', 'Bearer')
    reply.header('x-request-id', request.id)
    reply.code(status).send({ status: 'error', code: failure.code, message: failure.message })
  }
}

/** The route without its parameters: an address holds ids, and its query may hold a token. */
function factsOf({ code }: RouterError, { id, method, routeOptions }: FastifyRequest): object {
  return { req_id: id, code, method, route: routeOptions.url }
}

/** The cause without its stack: an outage fails every request, and the place of the call says nothing about it. */
function reasonOf({ cause, message }: RouterError): string {
  return cause instanceof Error ? cause.message : message
}

function asRouterError(error: FastifyError | Error, request: FastifyRequest): RouterError {
  if (error instanceof RouterError) return error
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if (status === 413) return new RouterError('payload_too_large', 'The body is too large.', { cause: error })
  if (status === 415) return new RouterError('unsupported_media_type', 'Send a JSON body.', { cause: error })
  if ('code' in error && error.code === 'FST_ERR_BAD_URL')
    return new RouterError('invalid_request', 'The path has a "%" without two hexadecimal digits behind it.')
  if (status >= 400 && status < 500) return new RouterError('invalid_request', ...said(error, request))
  // An internal error is described in the log only; its details could help an attacker.
  return new RouterError('internal_error', 'Something went wrong here; the log has it under this request id.', {
    cause: error,
  })
}

/** The message for a request that does not fit, and for the log one without the caller's words. */
function said(error: FastifyError | Error, request: FastifyRequest): [string, ErrorOptions & { logged: string }] {
  const message = described(error, request)
  const isNamed = 'validation' in error && error.validation?.[0]?.keyword === 'additionalProperties'
  return [message, { cause: error, logged: isNamed ? 'The body has a field that is not known.' : message }]
}

/** Puts a validation error into words. For a union the validator reports each member separately. */
function described(error: FastifyError | Error, { query }: FastifyRequest): string {
  const found = ('validation' in error && error.validation) || []
  const first = found[0]
  if (first === undefined) return error.message
  const name = first.instancePath.slice(1).replaceAll('/', '.')
  const isInQuery = 'validationContext' in error && error.validationContext === 'querystring'
  if (isInQuery && Array.isArray((query as Readonly<Record<string, unknown>>)[name]))
    return `${name} is given more than once.`
  // The empty string, which counts as not given, is left out of the choices.
  const choices = found.flatMap(({ params }) => params['allowedValues'] ?? (String(params['allowedValue'] ?? '') || []))
  if (choices.length > 0) return `${name} must be one of: ${choices.join(', ')}.`
  const least = first.keyword === 'pattern' ? leastNumberOf(first.params['pattern']) : null
  if (least !== null) return `${name} must be a whole number${least > 0 ? ` from ${least} on` : ''}.`
  const words = first.keyword === 'pattern' ? wordsFor(first.params['pattern']) : null
  if (words !== null) return `${name} must be ${words}.`
  if (first.keyword === 'maxLength') return `${name} may have ${first.params['limit']} characters at most.`
  if (first.keyword === 'required') return `${first.params['missingProperty']} is needed.`
  if (first.keyword === 'additionalProperties')
    return `${String(first.params['additionalProperty']).slice(0, 64)} is no field of this request.`
  return `${name || 'The body'} ${first.message}.`
}
