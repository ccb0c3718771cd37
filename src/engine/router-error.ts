export type ErrorCode =
  | 'unauthorized'
  | 'forbidden'
  | 'invalid_signature'
  | 'invalid_payload'
  | 'payload_too_large'
  | 'wrong_verify_token'
  | 'bad_request'
  | 'invalid_request'
  | 'invalid_conversation_id'
  | 'not_found'
  | 'unknown_channel'
  | 'method_not_allowed'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'idempotency_conflict'
  | 'conflict'
  | 'store_unavailable'
  | 'store_full'
  | 'overloaded'
  | 'draining'
  | 'internal_error'

/** An expected failure. Its message goes to the sender of the request and says what to do. */
export class RouterError extends Error {
  readonly code: ErrorCode
  readonly retryAfterMs: number
  /** What the log says: not the message where that repeats a caller's words, which may be anything. */
  readonly logged: string
  constructor(code: ErrorCode, message: string, options: Options = {}) {
    super(message, options)
    this.name = 'RouterError'
    this.code = code
    this.retryAfterMs = options.retryAfterMs ?? 0
    this.logged = options.logged ?? message
  }
}

interface Options extends ErrorOptions {
  readonly retryAfterMs?: number
  readonly logged?: string
}
