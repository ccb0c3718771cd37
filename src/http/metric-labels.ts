import type { ShareStep } from '../conversation/counts.js'
import type { Author, DeadBecause, Evidence } from '../conversation/state/message.js'
import type { PauseReason } from '../conversation/state/state.js'

/** The label values of each counter. All are known beforehand, since no label holds an id. */

type Labels = Readonly<Record<string, string>>

const EVENTS = [
  'message',
  'echo',
  'postback',
  'reaction',
  'read',
  'delivery',
  'edit',
  'delete',
  'referral',
  'optin',
  'handover',
  'change',
  'unsupported',
] as const
const EVENT_OUTCOMES = ['accepted', 'duplicate', 'ignored'] as const

/** The authors that each kind of evidence can lead to. `displaced` is found later and counted separately. */
const AUTHORS: Readonly<Record<Evidence, readonly Author[]>> = {
  message_id: ['bot', 'human'],
  metadata: ['bot', 'human'],
  text: ['bot', 'human'],
  flag: ['bot'],
  flag_tail: ['bot'],
  app_id: ['bot', 'human', 'automation'],
  story: ['automation'],
  auto_reply: ['automation'],
  none: ['human'],
  displaced: [],
}

const PAUSES: Readonly<Record<PauseReason, true>> = {
  human_echo: true,
  support_message: true,
  api: true,
  customer_request: true,
  assistant_failed: true,
  handover: true,
  assistant: true,
}

const SHARES: Readonly<Record<ShareStep, true>> = {
  created: true,
  held: true,
  combined: true,
  replaced: true,
  expired: true,
  dropped: true,
}

const DEAD: Readonly<Record<DeadBecause, true>> = {
  window_closed: true,
  thread_not_ours: true,
  channel_unusable: true,
  refused: true,
  attempts_exhausted: true,
  unknown_outcome: true,
}

export const LABELS = {
  events: EVENTS.flatMap((event) => EVENT_OUTCOMES.map((outcome): Labels => ({ event, outcome }))),
  duplicates: named('reason', ['redelivered', 'own_message']),
  echoes: Object.entries(AUTHORS).flatMap(([evidence, authors]) =>
    authors.map((author): Labels => ({ author, evidence })),
  ),
  pauses: named('reason', Object.keys(PAUSES)),
  shares: named('outcome', Object.keys(SHARES)),
  deadLetters: named('reason', Object.keys(DEAD)),
  runs: named('outcome', ['answer', 'handoff', 'not_started', 'failed', 'unknown', 'cancelled']),
  sends: named('outcome', ['sent', 'later', 'unknown', 'form_refused', 'dead', 'stale']),
} as const

function named(label: string, values: readonly string[]): readonly Labels[] {
  return values.map((value) => ({ [label]: value }))
}
