import type { CustomerMessage, ReactionChange, Signal } from '../event.js'
import type { Draft } from '../state/draft.js'
import type { Part } from '../state/outbox-state.js'
import { ANSWER_WINDOW_MS, type Conversation, isSilent } from '../state/state.js'

/**
 * Meta's messaging window. The router does not know of everything that opens it, so it refuses only what no window
 * can allow; Meta decides the rest.
 */

/** The longest window that an ad opens. */
const AD_WINDOW_MS = 7 * 24 * 3_600_000
/** The tag under which a person may write after the window. */
const PERSONS_TAG = 'HUMAN_AGENT'
/** How long after the customer's last message Meta takes that tag. */
const PERSONS_WINDOW_MS = 7 * 24 * 3_600_000

export function openByReferral(draft: Draft, { fromAd }: CustomerMessage | Signal): void {
  const { now } = draft
  openUntil(draft, now + (fromAd ? AD_WINDOW_MS : ANSWER_WINDOW_MS))
}

/** Opens the window by a customer's reaction; a removed one or the page's own does not. */
export function openByReaction(draft: Draft, { by, emoji }: ReactionChange): void {
  const { now } = draft
  // Nothing is stored for a customer who was never heard of: Meta decides in that case anyway.
  if (by === 'customer' && emoji !== null && !isSilent(draft.state)) openUntil(draft, now + ANSWER_WINDOW_MS)
}

function openUntil(draft: Draft, until: number): void {
  if (until > draft.state.windowUntil) draft.state = { ...draft.state, windowUntil: until }
}

/** Whether a customer's message of that time may still be answered, as far as the router knows. */
export function isWindowOpen({ customerAt, windowUntil }: Conversation, at: number, now: number): boolean {
  return now - Math.max(customerAt, at) < ANSWER_WINDOW_MS || now < windowUntil
}

/** The tag to send with; null when no window can be open. For a customer never heard of Meta decides. */
export function passFor(state: Conversation, part: Part, now: number): { readonly tag: string | null } | null {
  const silentMs = now - state.customerAt
  const isHeardOf = state.customerAt > 0
  if (part.tag !== null || !isHeardOf || silentMs < ANSWER_WINDOW_MS || now < state.windowUntil) {
    return { tag: part.tag }
  }
  return mayTag(state, part, now) ? { tag: PERSONS_TAG } : null
}

/**
 * After Meta refused with a closed window: the tag under which a person's message may still be accepted; null for
 * other messages.
 */
export function tagInstead(state: Conversation, part: Part, now: number): string | null {
  return part.tag === null && mayTag(state, part, now) ? PERSONS_TAG : null
}

function mayTag({ customerAt }: Conversation, { message }: Part, now: number): boolean {
  return message.type === 'support' && customerAt > 0 && now - customerAt < PERSONS_WINDOW_MS
}
