import type { Answer } from './answer/answer.js'

/** A page or account with its policy. Read once from the settings, frozen afterwards. */

export type Platform = 'instagram' | 'facebook'

/** The last time that a Date can hold: a pause or a wait until then lasts until somebody ends it. */
export const FOREVER = 8_640_000_000_000_000

export interface Policy {
  readonly platform: Platform
  readonly mode: 'on' | 'off' | 'test'
  readonly testers: ReadonlySet<string>
  /** False for a channel without an assistant: messages are recorded and classified, never answered. */
  readonly hasAssistant: boolean
  /** The assistant sends its answers itself; the router only starts its runs. */
  readonly assistantSends: boolean
  /** False for a channel without a token. */
  readonly canSend: boolean
  /** The apps whose echoes are the bot's: our own and those of `BOT_APP_IDS`. */
  readonly botApps: ReadonlySet<string>
  /** Those of them that are our own: a thread passed to one of them is passed to us. */
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
  /** As written in the settings. */
  readonly fallbackText: string | null
  /** The same, formatted for sending. */
  readonly fallback: Answer | null
  readonly markdown: 'plain' | 'keep'
  /** Sent before the bot's first message, as written in the settings. */
  readonly introText: string | null
  /** The same, formatted for sending. */
  readonly intro: Answer | null
  /** Dify's suggested questions become quick replies. */
  readonly suggested: boolean
  /** How a voice message is asked: as a file, or as its text after Dify's speech to text. */
  readonly voice: 'file' | 'text'
  /** Whether the customer is shown that the message was read. */
  readonly markSeen: boolean
  readonly handoffWords: readonly string[]
  readonly handoffText: string | null
  readonly resumeWords: readonly string[]
  readonly pauseOnFailure: boolean
  readonly humanTranscript: boolean
  readonly reopenAfterMs: number
  readonly historyTtlMs: number
  /** How far back missed messages are read from Meta; 0 for not at all. */
  readonly backfillMs: number
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

/** Minutes from midnight. `to` is exclusive, and may be 24:00 (1440). */
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

/** What a target can be told of. */
export const NOTIFICATION_TYPES = [
  'conversation.paused',
  'conversation.resumed',
  'conversation.handoff',
  'conversation.closed',
  'conversation.opened',
  'message.received',
  'message.sent',
  'message.failed',
  'dead_letter.created',
  'channel.disconnected',
  'channel.connected',
] as const

export type NotificationType = (typeof NOTIFICATION_TYPES)[number]

/** A target of signed webhooks. */
export interface NotifyTarget {
  readonly url: string
  /** `whsec_` followed by the key in base64. */
  readonly secret: string
  readonly events: readonly NotificationType[]
}

export interface Channel {
  readonly id: string
  readonly platform: Platform
  readonly name: string | null
  readonly owner: { readonly id: string; readonly email: string | null } | null
  readonly token: string | null
  /** When the token ends; 0 where that is unknown. The router knows it of the tokens that it refreshed itself. */
  readonly tokenExpiresAt: number
  readonly graphUrl: string
  /** The id that sends use: an Instagram account that is linked to a Page sends as the Page. */
  readonly sendAs: string
  readonly difyTokens: readonly string[]
  readonly assistant: Assistant | null
  /** The channel's own notification target, besides that of all channels. */
  readonly notify: NotifyTarget | null
  readonly policy: Policy
}
