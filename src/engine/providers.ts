import type { Answer } from '../conversation/answer/answer.js'
import type { Assistant, Channel } from '../conversation/channel.js'
import type { AskedQuestion } from '../conversation/question/question.js'
import type { MessageKind } from '../conversation/state/message.js'
import type { RunNames } from '../conversation/state/state.js'

/** What the engine asks of the world outside: Meta takes our messages, Dify answers our questions. */

export interface Sender {
  send(channel: Channel, outgoing: Outgoing): Promise<SendOutcome>
  /** Shows the customer that somebody is writing. Whether that works is of no importance: never fails. */
  typing(channel: Channel, userId: string): Promise<void>
  close(): Promise<void>
}

export interface ProfileFinder {
  /** Null where Meta does not tell. Never fails. */
  find(channel: Channel, userId: string): Promise<FoundProfile | null>
  /** What is under way is given up. */
  close(): Promise<void>
}

export interface FoundProfile {
  readonly name: string | null
  readonly username: string | null
  readonly picture: string | null
}

/** One request's worth: either a text within the platform's limit or an attachment. */
export interface Outgoing {
  readonly userId: string
  readonly text: string | null
  readonly attachment: { readonly type: 'image' | 'audio' | 'video' | 'file'; readonly url: string } | null
  /** In whole, however many: what is offered below the text. */
  readonly quickReplies: readonly string[]
  /** A reason to write outside of Meta's window, such as HUMAN_AGENT. */
  readonly tag: string | null
  /** Comes back in a Messenger echo; Instagram is not sent any. */
  readonly metadata: string | null
}

/** `code` is Meta's code and subcode (`10/2534022`), or what happened to the connection (`ECONNREFUSED`). */
export type SendOutcome =
  /** Meta's answer may lack the id. `restMs`: Meta asks the channel to send nothing for so long. */
  | { readonly is: 'sent'; readonly mid: string | null; readonly restMs: number }
  /** Surely not delivered, and worth another try, not before `afterMs` where Meta named a time. */
  | { readonly is: 'later'; readonly code: string; readonly afterMs: number }
  /** Delivered or not: only the echo can tell. */
  | { readonly is: 'unknown'; readonly code: string }
  /** Surely not delivered as an attachment or with quick replies; in a plainer form it may be. */
  | { readonly is: 'form_refused'; readonly code: string }
  /** Surely not delivered, and no other try would be. */
  | { readonly is: 'dead'; readonly reason: RefusedBecause; readonly code: string }

export type RefusedBecause =
  /** The customer's last message is too long ago. */
  | 'window_closed'
  /** Another app has the thread. */
  | 'thread_not_ours'
  /** The token is dead or lacks a permission: no message of this channel gets through. */
  | 'channel_unusable'
  | 'refused'

/** Asks whether a channel's token works, without sending anything. */
export interface Prober {
  /** Never fails. */
  probe(graphUrl: string, token: string): Promise<ProbeOutcome>
  /** What is under way is given up. */
  close(): Promise<void>
}

/** `code` as in a send's outcome. */
export type ProbeOutcome =
  | { readonly is: 'works' }
  | { readonly is: 'refused'; readonly code: string }
  /** Nobody answered, or said anything about the token. */
  | { readonly is: 'unknown'; readonly code: string }

export interface AssistantClient {
  /** Never fails: whatever happens is an outcome. `signal` closes the call and has Dify stop it: `cancelled`. */
  ask(assistant: Assistant, question: AskedQuestion, call: Call): Promise<AskOutcome>
  /** What became of a question whose call was lost; null where Dify knows nothing of it (any more). */
  lookUp(assistant: Assistant, question: AskedQuestion, run: RunNames, startedAt: number): Promise<AskOutcome | null>
  /** Has Dify stop a run that nobody waits for. Never fails. */
  stop(assistant: Assistant, user: string, run: RunNames): Promise<void>
  /** Has Dify forget what it has of a customer; false where some of it may be left. Never fails. `named`: what is known. */
  forget(assistant: Assistant, user: string, named: string | null): Promise<boolean>
  close(): Promise<void>
}

export interface Call {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** Told as soon as Dify names its run: somebody else can then find or stop it. At most once for each name learned. */
  readonly onNames: (run: RunNames) => void
}

/** What the assistant said, as it said it. */
export interface Said {
  readonly text: string
  /** Beside the text: what the text itself shows as a picture is not among them. */
  readonly files: readonly SaidFile[]
  readonly quickReplies: readonly string[]
}

export interface SaidFile {
  readonly kind: MessageKind
  /** May be relative to the assistant's own address. */
  readonly url: string
  readonly name: string | null
}

/** Makes what the assistant said fit for the customer. */
export type ReadAnswer = (said: Said, channel: Channel) => Answer

/** `code` is Dify's own where it gave one, else what happened (`ECONNREFUSED`, `timeout`, `no_progress`, `too_large`). */
export type AskOutcome =
  /** It may say nothing. */
  | { readonly is: 'answer'; readonly said: Said; readonly conversationId: string | null }
  /** The run surely never began. `isDown`: Dify as a whole does not work, others need not try either. */
  | {
      readonly is: 'not_started'
      readonly code: string
      readonly isWorthRetry: boolean
      readonly retryAfterMs: number
      readonly isDown: boolean
    }
  /** The run began, and has come to its end without an answer. */
  | { readonly is: 'failed'; readonly code: string; readonly isWorthRetry: boolean }
  /** The run began or may have, and may still go on. */
  | { readonly is: 'unknown'; readonly code: string }
  | { readonly is: 'cancelled' }
