import type { Received } from './listen.js'
import type { Attempt } from './post.js'

/** The settings and readings of the pretend Dify. */

export interface DifyApp {
  readonly kind: 'chat' | 'agent' | 'chatflow' | 'workflow'
  /** `{query}` in it is replaced. */
  readonly answer: string
  /** The number of events that the answer is split into. */
  readonly chunks: number
  /** Bare `event: ping` lines before each of them. */
  readonly pings: number
  /** Writes each event in two halves, split within a multi-byte character if there is one. */
  readonly split: boolean
  /** Which closing event of a chatflow comes last. */
  readonly last: 'workflow_finished' | 'message_end'
  /** The agent's final `message` with the whole answer. */
  readonly closingMessage: boolean
  /** The name of a workflow's text output; null for none, when the text comes in chunks only. */
  readonly output: string | null
  /** Further outputs. */
  readonly outputs: Readonly<Record<string, unknown>>
  /** How it answers a question in an unknown conversation; Dify's versions differ. */
  readonly unknownConversation: 'refuse' | 'new'
  /** Files of its answer: sent in `message_file` events before the text, or with its `message_end`. */
  readonly files: readonly { readonly type: string; readonly url: string; readonly at: 'event' | 'end' }[]
  /** Basic chat apps send their text within `message_file` events once the answer has files. */
  readonly textIn: 'message' | 'message_file'
  /** Suggested questions after its answer; null when the feature is off. */
  readonly suggests: readonly string[] | null
  /** The text of every voice message; null when speech to text is off. */
  readonly hears: string | null
  readonly marks: Marks | null
  readonly sends: Sends | null
}

/** A workflow's HTTP node that raises the bot flag before the answer. */
export interface Marks {
  /** The whole URL of mark-bot-response, without a query. */
  readonly url: string
  readonly token: string | null
  readonly count?: number
  readonly onlyIfOn?: boolean
  /** Ends without an answer when told not to proceed. */
  readonly obeys?: boolean
  /** Dify tries 3 times, 100 ms apart. */
  readonly attempts?: number
  readonly retryAfterMs?: number
}

/** A workflow's HTTP node that sends the answer. */
export interface Sends {
  readonly graphUrl: string
  readonly account: string
  readonly token: string
  readonly parts?: number
}

export const APP_DEFAULTS: DifyApp = {
  kind: 'chat',
  answer: 'You said: {query}',
  chunks: 3,
  pings: 0,
  split: true,
  last: 'workflow_finished',
  closingMessage: true,
  output: 'answer',
  outputs: {},
  unknownConversation: 'refuse',
  files: [],
  textIn: 'message',
  suggests: null,
  hears: null,
  marks: null,
  sends: null,
}

/** A scripted fault of one question. */
export interface DifyFault {
  /** The status of an answer before any run begins. */
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The run begins, and nothing is ever written. */
  readonly hang?: true
  readonly pingsOnly?: true
  /** The delay before the first event. */
  readonly delayMs?: number
  /** The delay before each piece of the answer. */
  readonly chunkDelayMs?: number
  /** Ends with an `error` event. */
  readonly errorEvent?: DifyRefusal
  /** The run fails, and reports it as its kind of app does. */
  readonly failed?: true
  /** Waits for a person in Dify. */
  readonly paused?: true
  /** The number of pieces before one of these three; 0 by default. */
  readonly afterChunks?: number
  /** After this many pieces nothing more comes until the run is stopped. */
  readonly hangAfterChunks?: number
  /** The connection breaks after this many pieces. */
  readonly cutAfterChunks?: number
  /** The run continues to its end after the connection broke. */
  readonly finishAnyway?: boolean
  /** An answer of this many bytes. */
  readonly huge?: number
  readonly invalidUtf8?: true
  readonly empty?: true
  readonly replaceWith?: string
}

/** A recorded question and its result. */
export interface DifyCall extends Omit<Received, 'query'> {
  readonly key: string
  readonly user: string
  readonly query: string
  readonly taskId: string
  readonly conversationId: string | null
  readonly messageId: string | null
  readonly workflowRunId: string | null
  status: 'running' | 'succeeded' | 'failed' | 'stopped' | 'paused'
  /** The text sent so far. */
  answer: string
  error: DifyRefusal | null
  endedAt: number | null
  /** When the simulator broke the connection. */
  cutAt: number | null
  /** When the client closed it. */
  clientClosedAt: number | null
  marks: readonly Attempt[]
  sends: readonly Attempt[]
}

export interface DifyStop {
  readonly at: number
  readonly key: string
  readonly taskId: string
  readonly user: string
  /** The task was running, and belonged to that user. */
  readonly isStopped: boolean
}

export interface DifyRefusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

export const BAD_KEY: DifyRefusal = { status: 401, code: 'unauthorized', message: 'Access token is invalid' }
export const NO_CONVERSATION: DifyRefusal = { status: 404, code: 'not_found', message: 'Conversation Not Exists.' }
export const NO_RUN: DifyRefusal = { status: 404, code: 'not_found', message: 'Workflow run not found.' }
export const NO_ROUTE: DifyRefusal = { status: 404, code: 'not_found', message: 'The requested URL was not found.' }
export const NOT_CHAT: DifyRefusal = {
  status: 400,
  code: 'not_chat_app',
  message: 'Please check if your app mode matches the right API route.',
}
export const NOT_WORKFLOW: DifyRefusal = { ...NOT_CHAT, code: 'not_workflow_app' }

export function invalid(message: string): DifyRefusal {
  return { status: 400, code: 'invalid_param', message }
}
