/** The router's decisions in words, taken from its actual answers. */

/** A row of the webhook's answer: an item's author and its evidence. */
export interface Decision {
  readonly author: string | null
  readonly evidence: string | null
  readonly reason: string | null
}

export interface BotState {
  readonly enabled: boolean
  readonly paused_until: string | null
  readonly reason: string | null
}

const EVIDENCE: Readonly<Record<string, string>> = {
  message_id: 'the id of our own send',
  metadata: 'our own mark came back',
  text: 'a text that we had just sent',
  flag: 'a workflow announced it',
  flag_tail: 'close upon an announced one',
  app_id: 'the app that sent it',
  story: 'a mention in a story',
  auto_reply: 'Meta’s own instant reply',
  none: 'nobody announced it',
}

export function decisionInWords({ author, evidence, reason }: Decision): string {
  if (evidence !== null) return `${author} · evidence ${evidence}: ${EVIDENCE[evidence] ?? 'see docs/echoes.md'}`
  if (reason === 'share_held') return `${author} · share_held: waits for its question`
  return reason === null ? `${author} · becomes a question` : `${author} · not asked: ${reason}`
}

export function botInWords({ enabled, paused_until, reason }: BotState, now: number): string {
  if (enabled) return 'the bot is on'
  if (paused_until === null) return `the bot is silent until handed back (${reason})`
  return `the bot is silent for ${span(Date.parse(paused_until) - now)} (${reason})`
}

function span(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return `${minutes} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}
