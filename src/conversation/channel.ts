import type { Answer } from './answer/answer.js'
import type { NotificationType } from './notifications.js'

/** What one page or account is, and the rules it lives by. Read once from the settings, frozen afterwards. */

export type Platform = 'instagram' | 'facebook'

/** The last moment a Date can hold: a pause or a wait with this end lasts until somebody ends it. */
export const FOREVER = 8_640_000_000_000_000

export interface Policy {
  readonly platform: Platform
  readonly mode: 'on' | 'off' | 'test'
  readonly testers: ReadonlySet<string>
  /** False for a channel without an assistant: recorded and classified, never answered. */
  readonly hasAssistant: boolean
  /** The assistant sends its answers itself: we only start it. */
  readonly assistantSends: boolean
  /** False for a channel without a token. */
  readonly canSend: boolean
  /** App ids whose echoes are the bot's: our own and those of `BOT_APP_IDS`. */
  readonly botApps: ReadonlySet<string>
  /** Of these, our own: a thread passed to one of them is ours. */
  readonly ownApps: ReadonlySet<string>
  readonly otherApps: 'human' | 'bot' | 'ignore'
  readonly hours: Hours | null

  readonly pauseMs: number
  readonly flagTtlMs: number
  readonly flagTailMs: number
  readonly echoTtlMs: number
  readonly autoReplyWindowMs: number
  readonly debounceMs: number
  readonly debounceMaxMs: number
  readonly cooldownMs: number
  readonly repeatWindowMs: number
  readonly shareWaitMs: number
  readonly shareTemplate: string
  readonly sendRate: number
  readonly sendAttempts: number
  readonly unknownSend: 'dead' | 'retry'
  readonly unknownSendWaitMs: number
  readonly difyTimeoutMs: number
  readonly difyAttempts: number
  /** As it stands in the settings. */
  readonly fallbackText: string | null
  /** The same as it is sent. */
  readonly fallback: Answer | null
  readonly markdown: 'plain' | 'keep'
  /** Said before the bot's first words, as it stands in the settings. */
  readonly introText: string | null
  /** The same as it is sent. */
  readonly intro: Answer | null
  /** Dify's suggested questions become quick replies. */
  readonly suggested: boolean
  /** How a voice message is asked: as a file, or as the text that the assistant hears in it. */
  readonly voice: 'file' | 'text'
  /** Whether a customer sees that the question was taken up. */
  readonly markSeen: boolean
  readonly handoffWords: readonly string[]
  readonly handoffText: string | null
  readonly resumeWords: readonly string[]
  readonly pauseOnFailure: boolean
  readonly humanTranscript: boolean
  readonly reopenAfterMs: number
  readonly historyTtlMs: number
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

/** Minutes from midnight; `to` may be 24:00 (1440) and is not part of the span. */
export interface OpenSpan {
  readonly from: number
  readonly to: number
}

export interface Hours {
  readonly timezone: string
  readonly open: Readonly<Partial<Record<Weekday, readonly OpenSpan[]>>>
  readonly bot: 'always' | 'inside' | 'outside'
  readonly awayText: string | null
}

export interface Assistant {
  readonly url: string
  readonly key: string
  readonly app: 'chat' | 'workflow'
  readonly replies: 'router' | 'dify'
  readonly inputs: Readonly<Record<string, string | number | boolean>>
}

/** Where signed webhooks go. */
export interface NotifyTarget {
  readonly url: string
  /** `whsec_` and the key in base64. */
  readonly secret: string
  readonly events: readonly NotificationType[]
}

export interface Channel {
  readonly id: string
  readonly platform: Platform
  readonly name: string | null
  readonly owner: { readonly id: string; readonly email: string | null } | null
  readonly token: string | null
  readonly graphUrl: string
  /** The id that sends go through: a page-linked Instagram account sends as its Page. */
  readonly sendAs: string
  readonly difyTokens: readonly string[]
  readonly assistant: Assistant | null
  /** Where what happens on this channel is told, besides the target of all channels. */
  readonly notify: NotifyTarget | null
  readonly policy: Policy
}
