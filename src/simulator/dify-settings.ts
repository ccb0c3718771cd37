import type { Received } from './listen.js'
import type { Attempt } from './post.js'

/** What the pretend Dify can be told, and what it tells. */

export interface DifyApp {
  readonly kind: 'chat' | 'agent' | 'chatflow' | 'workflow'
  /** `{query}` in it is replaced. */
  readonly answer: string
  /** Into how many events the answer is cut. */
  readonly chunks: number
  /** Bare `event: ping` lines before each of them. */
  readonly pings: number
  /** Every event in two writes, cut within a character where there is one of several bytes. */
  readonly split: boolean
  /** Which of a chatflow's closing events comes last. */
  readonly last: 'workflow_finished' | 'message_end'
  /** The agent's `message` with the whole answer, after its pieces. */
  readonly closingMessage: boolean
  /** The name of a workflow's output; null: it has none, and the text comes in chunks alone. */
  readonly output: string | null
  /** Further outputs. */
  readonly outputs: Readonly<Record<string, unknown>>
  /** What happens to a conversation that it does not know. Versions differ. */
  readonly unknownConversation: 'refuse' | 'new'
  /** Files of its answer: told by `message_file` events before the text, or with its `message_end`. */
  readonly files: readonly { readonly type: string; readonly url: string; readonly at: 'event' | 'end' }[]
  /** Basic chat apps tell their text within `message_file` events once the answer has files. */
  readonly textIn: 'message' | 'message_file'
  /** Questions that it suggests after its answer; null: that is switched off. */
  readonly suggests: readonly string[] | null
  /** What it hears in every voice message; null: speech to text is switched off. */
  readonly hears: string | null
  readonly marks: Marks | null
  readonly sends: Sends | null
}

/** A workflow's HTTP node that raises the bot flag before the answer. */
export interface Marks {
  /** The whole address of mark-bot-response, without a query. */
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

/** What happens to one question. */
export interface DifyFault {
  /** Answered so, before anything began. */
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The run begins, and nothing is ever written. */
  readonly hang?: true
  readonly pingsOnly?: true
  /** Before the first event. */
  readonly delayMs?: number
  /** Before each piece of the answer. */
  readonly chunkDelayMs?: number
  /** Ends in an `error` event. */
  readonly errorEvent?: DifyRefusal
  /** The run fails by itself, and says so as its kind of app does. */
  readonly failed?: true
  /** Waits for somebody in Dify. */
  readonly paused?: true
  /** After how many pieces one of these three comes; 0 by default. */
  readonly afterChunks?: number
  /** After so many pieces nothing more comes until the run is stopped. */
  readonly hangAfterChunks?: number
  /** The connection breaks after so many pieces. */
  readonly cutAfterChunks?: number
  /** The run comes to its end behind the broken connection. */
  readonly finishAnyway?: boolean
  /** An answer of so many bytes. */
  readonly huge?: number
  readonly invalidUtf8?: true
  readonly empty?: true
  readonly replaceWith?: string
}

/** One question, and what became of it. */
export interface DifyCall extends Omit<Received, 'query'> {
  readonly key: string
  readonly user: string
  readonly query: string
  readonly taskId: string
  readonly conversationId: string | null
  readonly messageId: string | null
  readonly workflowRunId: string | null
  status: 'running' | 'succeeded' | 'failed' | 'stopped' | 'paused'
  /** As far as it came. */
  answer: string
  error: DifyRefusal | null
  endedAt: number | null
  /** We broke the connection. */
  cutAt: number | null
  /** The client did. */
  clientClosedAt: number | null
  marks: readonly Attempt[]
  sends: readonly Attempt[]
}

export interface DifyStop {
  readonly at: number
  readonly key: string
  readonly taskId: string
  readonly user: string
  /** The task was running, and that user's. */
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
