import type { CustomerMessage, ReactionChange, Signal } from '../event.js'
import type { Draft } from '../state/draft.js'
import type { Part } from '../state/outbox-state.js'
import { ANSWER_WINDOW_MS, type Conversation, isSilent } from '../state/state.js'

/**
 * Meta's window for messages. What is known of it is not all there is to know, so the router itself refuses only what
 * comes after every window that may be open; Meta judges the rest.
 */

/** An ad opens the window for that long, at the most. */
const AD_WINDOW_MS = 7 * 24 * 3_600_000
/** After the window a person may still write under this tag … */
const PERSONS_TAG = 'HUMAN_AGENT'
/** … for so long. */
const PERSONS_WINDOW_MS = 7 * 24 * 3_600_000

export function openByReferral(draft: Draft, { fromAd }: CustomerMessage | Signal, now: number): void {
  openUntil(draft, now + (fromAd ? AD_WINDOW_MS : ANSWER_WINDOW_MS))
}

/** One that is taken back opens nothing, and neither does the page's own. */
export function openByReaction(draft: Draft, { by, emoji }: ReactionChange, now: number): void {
  // For a customer never heard of Meta judges anyway: nothing has to be kept of them.
  if (by === 'customer' && emoji !== null && !isSilent(draft.state)) openUntil(draft, now + ANSWER_WINDOW_MS)
}

function openUntil(draft: Draft, until: number): void {
  if (until > draft.state.windowUntil) draft.state = { ...draft.state, windowUntil: until }
}

/** The tag to write under, or null where no window can be open. A customer never heard of is for Meta to judge. */
export function passFor(state: Conversation, part: Part, now: number): { readonly tag: string | null } | null {
  const silentMs = now - state.customerAt
  const isHeardOf = state.customerAt > 0
  if (part.tag !== null || !isHeardOf || silentMs < ANSWER_WINDOW_MS || now < state.windowUntil) {
    return { tag: part.tag }
  }
  return mayTag(state, part, now) ? { tag: PERSONS_TAG } : null
}

/** Meta says that the window was closed: a person's message may still be taken under the tag. Null for all others. */
export function tagInstead(state: Conversation, part: Part, now: number): string | null {
  return part.tag === null && mayTag(state, part, now) ? PERSONS_TAG : null
}

function mayTag({ customerAt }: Conversation, { message }: Part, now: number): boolean {
  return message.type === 'support' && customerAt > 0 && now - customerAt < PERSONS_WINDOW_MS
}
