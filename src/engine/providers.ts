import type { Answer } from '../conversation/answer/answer.js'
import type { Assistant, Channel } from '../conversation/channel.js'
import type { AskedQuestion } from '../conversation/question/question-text.js'
import type { Feedback, MessageKind } from '../conversation/state/message.js'
import type { RunNames } from '../conversation/state/state.js'

export type * from './conversation-reader.js'
export type * from './token-providers.js'

/** The engine's ports to its providers: Meta, which takes our messages, and Dify, which answers our questions. */

export interface Sender {
  /** `freshUntil`: the store's clock is read right before the request, which is not made when it is later. */
  send(channel: Channel, outgoing: Outgoing, freshUntil: number): Promise<SendReply>
  /** Shows a typing indicator or a seen mark. Never rejects: a failure has no consequence. */
  act(channel: Channel, userId: string, action: 'typing_on' | 'mark_seen'): Promise<void>
  close(): Promise<void>
}

/** Downloads voice messages from Meta. */
export interface VoiceFetcher {
  /** Never rejects. */
  fetch(channel: Channel, url: string, signal: AbortSignal): Promise<FetchedVoice>
  /** Aborts the requests under way. */
  close(): Promise<void>
}

export type FetchedVoice =
  | { readonly is: 'fetched'; readonly voice: Voice }
  /** `code`: why not, such as `too_large`, `private_address`, `not_audio`, `timeout`, `http_404`. */
  | { readonly is: 'refused'; readonly code: string }

export interface Voice {
  readonly body: Buffer
  /** Its media type. */
  readonly type: string
}

/** `code`: Dify's own where it gave one. */
export type Heard = { readonly is: 'heard'; readonly text: string } | { readonly is: 'refused'; readonly code: string }

export interface ProfileFinder {
  /** Null when Meta does not provide the profile. Never rejects. */
  find(channel: Channel, userId: string): Promise<FoundProfile | null>
  /** Aborts the requests under way. */
  close(): Promise<void>
}

export interface FoundProfile {
  readonly name: string | null
  readonly username: string | null
  readonly picture: string | null
}

/** The content of one send: either a text within the platform's limit or an attachment. */
export interface Outgoing {
  readonly userId: string
  readonly text: string | null
  readonly attachment: { readonly type: 'image' | 'audio' | 'video' | 'file'; readonly url: string } | null
  /** Offered below the text, uncut; the sender cuts them to Meta's limits. */
  readonly quickReplies: readonly string[]
  /** Meta's message tag, which allows a send outside of the window, such as HUMAN_AGENT. */
  readonly tag: string | null
  /** Our mark, which comes back in a Messenger echo; null on Instagram, which does not return it. */
  readonly metadata: string | null
  /** The trace of the question that it answers; null for none. */
  readonly traceparent: string | null
}

export type SendReply =
  | SendOutcome
  /** No request was made: the decision to send was too old. */
  | { readonly is: 'stale' }

/** `code` is Meta's code and subcode (`10/2534022`), or the connection's error (`ECONNREFUSED`). */
export type SendOutcome =
  /** Meta's answer may lack the id. `restMs`: how long Meta wants the channel to send nothing. */
  | { readonly is: 'sent'; readonly mid: string | null; readonly restMs: number }
  /** Certainly not delivered, and worth another try, after `afterMs` where Meta named a time. */
  | { readonly is: 'later'; readonly code: string; readonly afterMs: number }
  /** Unknown whether it was delivered: only its echo can tell. */
  | { readonly is: 'unknown'; readonly code: string }
  /** Certainly not delivered as an attachment or with quick replies; a plainer form may be taken. */
  | { readonly is: 'form_refused'; readonly code: string }
  /** Certainly not delivered, and another try would fail too. */
  | { readonly is: 'dead'; readonly reason: RefusedBecause; readonly code: string }

export type RefusedBecause =
  /** The customer's last message is older than the platform's window allows. */
  | 'window_closed'
  /** Another app has the thread. */
  | 'thread_not_ours'
  /** The token is dead or lacks a permission: no message of this channel gets through. */
  | 'channel_unusable'
  | 'refused'

/** Checks a channel's token without sending anything. */
export interface Prober {
  /** Never rejects. */
  probe(graphUrl: string, token: string): Promise<ProbeOutcome>
  /** Aborts the requests under way. */
  close(): Promise<void>
}

/** `code` as in a send's outcome. */
export type ProbeOutcome =
  | { readonly is: 'works' }
  | { readonly is: 'refused'; readonly code: string }
  /** No answer, or one that says nothing about the token. */
  | { readonly is: 'unknown'; readonly code: string }

export interface AssistantClient {
  /**
   * Never rejects: every failure is an outcome. `signal` closes the call and stops the run at Dify: `cancelled`. A run
   * whose outcome is `unknown` is not stopped: Dify keeps half an answer of a stopped run, and a look-up would find it.
   */
  ask(assistant: Assistant, question: AskedQuestion, call: CallTerms): Promise<AskReply>
  /** The outcome of a question whose call was lost; null where Dify does not know it, or no longer. */
  lookUp(assistant: Assistant, question: AskedQuestion, run: RunNames, startedAt: number): Promise<AskOutcome | null>
  /** Stops a run at Dify. Never rejects. */
  stop(assistant: Assistant, user: string, run: RunNames): Promise<void>
  /** Deletes a customer's conversations at Dify, and `named` if it is known; false where some may be left. Never rejects. */
  forget(assistant: Assistant, user: string, named: string | null): Promise<boolean>
  /** Suggested next questions; empty where Dify suggests none. Never rejects. */
  suggest(assistant: Assistant, user: string, answerId: string): Promise<readonly string[]>
  /** Transcribes a voice message. Never rejects. */
  hear(assistant: Assistant, user: string, voice: Voice): Promise<Heard>
  /** Passes a person's feedback on an answer to Dify; null removes it. False where Dify refused it. Never rejects. */
  rate(assistant: Assistant, user: string, answerId: string, feedback: Feedback | null): Promise<boolean>
  close(): Promise<void>
}

export interface CallTerms {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** The store's clock is read right before the request, which is not made when it is later. */
  readonly freshUntil: number
  /**
   * Called when Dify names its run, once for each name: another process can then find or stop it. Also after an `unknown`
   * outcome, where Dify names the run late.
   */
  readonly onNames: (run: RunNames) => void
  /** Called with all texts that the run has streamed so far, each time that there are new ones. */
  readonly onSaid?: (texts: readonly string[]) => void
}

/** An assistant's output, before it is formatted for the customer. */
export interface Said {
  readonly text: string
  /** Files beside the text; pictures that the text itself embeds are not among them. */
  readonly files: readonly SaidFile[]
  readonly quickReplies: readonly string[]
}

export interface SaidFile {
  readonly kind: MessageKind
  /** May be relative to the base URL of the assistant. */
  readonly url: string
  readonly name: string | null
}

/** Formats an assistant's output for the customer. */
export type ReadAnswer = (said: Said, channel: Channel) => Answer

export type AskReply =
  | AskOutcome
  /** No request was made: the decision to ask was too old. */
  | { readonly is: 'stale' }

/** `code` is Dify's own where it gave one, else the failure (`ECONNREFUSED`, `timeout`, `no_progress`, `too_large`). */
export type AskOutcome =
  /** The answer may be empty. */
  | { readonly is: 'answer'; readonly said: Said; readonly conversationId: string | null }
  /** The run waits for a person's input in Dify and gives no answer to this call. */
  | { readonly is: 'handoff'; readonly conversationId: string | null }
  /** The run certainly never began. `isDown`: Dify as a whole does not work, so other questions fail too. */
  | {
      readonly is: 'not_started'
      readonly code: string
      readonly isWorthRetry: boolean
      readonly retryAfterMs: number
      readonly isDown: boolean
    }
  /** The run ended without an answer. */
  | { readonly is: 'failed'; readonly code: string; readonly isWorthRetry: boolean }
  /** The run may have begun, and may still go on. */
  | { readonly is: 'unknown'; readonly code: string }
  | { readonly is: 'cancelled' }
