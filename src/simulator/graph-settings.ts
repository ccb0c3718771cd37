import type { ServerResponse } from 'node:http'
import { answerJson, type Received } from './listen.js'

/** The settings and readings of the pretend Graph API. */

export interface Webhook {
  readonly url: string
  readonly secret: string
  /** Meta retries a few times when the response is not 200. */
  readonly attempts?: number
  readonly retryAfterMs?: number
}

export interface PageSettings {
  readonly platform: 'instagram' | 'facebook'
  /** `before`: the echo is delivered before the send's response. */
  readonly echo: 'after' | 'before' | 'none'
  readonly echoDelayMs: number
  /** The message is delivered at once, and the response delayed by this. */
  readonly answerDelayMs: number
  /** The id of the sending app in the echo. */
  readonly appId: string | null
  /** The only token that may send; null for any. */
  readonly token: string | null
  /** The age of the tokens that it did not issue itself: it refreshes those of a day and more. */
  readonly tokenAgeMs: number
  /** How long a refreshed token is said to be good. Until the end of the simulator it is, and so is the one before. */
  readonly tokenLifeMs: number
  /** Attachment types that it refuses. */
  readonly refuses: readonly string[]
  /** Messages allowed in any one second. */
  readonly rate: number | null
  /** The account of the echoes, when it sends through its Page's id. */
  readonly echoAs: string | null
}

export const PAGE_DEFAULTS: PageSettings = {
  platform: 'instagram',
  echo: 'after',
  echoDelayMs: 0,
  answerDelayMs: 0,
  appId: null,
  token: null,
  tokenAgeMs: 0,
  tokenLifeMs: 60 * 24 * 3_600_000,
  refuses: [],
  rate: null,
  echoAs: null,
}

export interface MetaError {
  readonly code: number
  readonly subcode?: number
  readonly status?: number
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A scripted fault of one message. `deliver`: it is delivered (and echoed) all the same. */
export interface SendFault {
  readonly delayMs?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly error?: MetaError
  /** There is never a response. */
  readonly hang?: true
  /** The connection is closed once the request was read. */
  readonly drop?: true
  readonly deliver?: boolean
}

export interface Profile {
  readonly profile?: Readonly<Record<string, unknown>>
  readonly error?: MetaError
  readonly delayMs?: number
}

export interface GraphRequest extends Received {
  readonly is: 'message' | 'action' | 'profile' | 'account' | 'conversations' | 'connect' | 'refresh' | 'unknown'
  /** The id in the path, of an account or a customer. */
  readonly id: string
  readonly recipient: string | null
  readonly text: string | null
  /** The id of the message, whether or not it was returned. */
  mid: string | null
  isDelivered: boolean
  /** Null until there is a response. */
  status: number | null
  error: MetaError | null
}

export interface Echo {
  readonly at: number
  readonly page: string
  readonly user: string
  readonly mid: string
  /** The router's responses, one per attempt. */
  attempts: readonly { readonly at: number; readonly status: number; readonly body: string }[]
}

/** The errors that Meta returns by itself. */
export const NO_TOKEN: MetaError = { code: 190, status: 401, message: 'Invalid OAuth access token.' }
export const TOO_YOUNG: MetaError = { code: 10, message: '(#10) The access token is not old enough to be refreshed.' }
export const TOO_LONG: MetaError = { code: 100, subcode: 2534014, message: '(#100) Length of param message[text]' }
export const BAD_ATTACHMENT: MetaError = { code: 100, subcode: 2018047, message: '(#100) Upload attachment failure.' }
export const TOO_FAST: MetaError = { code: 613, message: '(#613) Calls to this api have exceeded the rate limit.' }
export const NO_RECIPIENT: MetaError = { code: 100, message: '(#100) Param recipient must be non-empty.' }
export const NO_CONSENT: MetaError = { code: 230, message: '(#230) User consent is required to access user profile' }
export const NOT_FOUND: MetaError = { code: 100, subcode: 33, status: 404, message: 'Unsupported request.' }

export function refuse(
  request: GraphRequest,
  response: ServerResponse,
  error: MetaError,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { code, subcode, status = 400, message = `(#${code})` } = error
  request.status = status
  request.error = error
  const told = { message, type: 'OAuthException', code, fbtrace_id: 'A-pretend-trace' }
  const body = { error: subcode === undefined ? told : { ...told, error_subcode: subcode } }
  answerJson(response, status, body, { ...headers, ...error.headers })
}
