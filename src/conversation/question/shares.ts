import type { Policy } from '../channel.js'
import { type Changes, changed } from '../state/changed.js'
import { changeAsking, type Draft, rewrite } from '../state/draft.js'
import type { Attachment, Message, MessageKind } from '../state/message.js'
import { kept } from '../state/state.js'

/** Shared posts on Instagram wait for their question: customers share first, and then ask. */

const REPLACED: Changes = { status: 'skipped', reason: 'share_replaced' }
const SHARED: ReadonlySet<MessageKind> = new Set(['share', 'story'])

/** The post or story that a message is about. */
export function sharedIn(message: { readonly attachments: readonly Attachment[] }): Attachment | null {
  return message.attachments.find(({ kind }) => SHARED.has(kind)) ?? null
}

/** A shared post without text: the question about it is still to come. */
export function isLoneShare(
  message: { readonly text: string | null; readonly attachments: readonly Attachment[] },
  policy: Policy,
): boolean {
  const { text, attachments } = message
  const isWordless = text === null || text.trim() === ''
  // A voice message in reply to a story is a question.
  const isShared = attachments.length > 0 && attachments.every(({ kind }) => SHARED.has(kind))
  return policy.platform === 'instagram' && isWordless && isShared
}

/** The customer's burst is still open: a post shared now belongs to it. */
export function isBurstOpen(waiting: readonly Message[], policy: Policy, now: number): boolean {
  const last = waiting.at(-1)
  return last !== undefined && now - last.arrivedAt < policy.debounceMs
}

/**
 * Holds a post until its question comes, and replaces the post held before. A post that waits together with its
 * question is kept.
 */
export function holdShare(draft: Draft, message: Message): void {
  const { policy } = draft
  const { share } = draft.state.asking
  changeAsking(draft, { share: { message, until: message.arrivedAt + policy.shareWaitMs } })
  if (share !== null) rewrite(draft, changed(share.message, REPLACED))
}

/** Only the latest post of a question counts: drops the one held, and those that wait to be asked. */
export function replaceShares(draft: Draft): void {
  const { policy } = draft
  const { waiting, asking } = draft.state
  const replaced = waiting.filter((message) => isLoneShare(message, policy))
  if (replaced.length > 0) {
    draft.state = { ...draft.state, waiting: kept(waiting, (message) => !replaced.includes(message)) }
  }
  if (asking.share !== null) {
    changeAsking(draft, { share: null })
    replaced.push(asking.share.message)
  }
  for (const message of replaced) rewrite(draft, changed(message, REPLACED))
}

/** The question has come: returns the held post, which precedes it; null when there is none. */
export function releaseShare(draft: Draft): Message | null {
  return endHold(draft, { status: 'received', reason: null })
}

/** Every waiting question is asked together with the latest waiting post, in whichever order they came. */
export function tieToShare(draft: Draft): void {
  const { policy } = draft
  if (policy.platform !== 'instagram') return
  const { waiting } = draft.state
  const shared = waiting.findLast((message) => sharedIn(message) !== null)
  if (shared === undefined) return
  for (const message of waiting) {
    if (!isLoneShare(message, policy) && message.outcome.shareSeq !== shared.seq) {
      rewrite(draft, changed(message, { shareSeq: shared.seq }))
    }
  }
}

/**
 * The question that was combined with its post by this change, as its `shareSeq` says; the latest if there are
 * several.
 */
export function newlyCombined(before: readonly Message[], after: readonly Message[]): Message | null {
  const question = after.findLast(({ outcome }) => outcome.shareSeq > 0)
  if (question === undefined) return null
  const isOld = before.some(({ outcome }) => outcome.shareSeq === question.outcome.shareSeq)
  return isOld ? null : question
}

/** The held post has expired without a question. */
export function letShareGo(draft: Draft): Message | null {
  return endHold(draft, { status: 'skipped', reason: 'share_expired' })
}

function endHold(draft: Draft, as: Changes): Message | null {
  const { share } = draft.state.asking
  if (share === null) return null
  const message = changed(share.message, as)
  changeAsking(draft, { share: null })
  rewrite(draft, message)
  return message
}

/** The customer deleted the question or never asked it: a remaining post is held again, and not asked by itself. */
export function holdWhatIsLeft(draft: Draft): boolean {
  const { policy } = draft
  const { waiting, asking } = draft.state
  const last = waiting.at(-1)
  if (last === undefined || !waiting.every((message) => isLoneShare(message, policy))) return false
  // A later post may be held already.
  const isHeldLater = asking.share !== null && asking.share.message.seq > last.seq
  const latest = isHeldLater ? asking.share.message : last
  if (isHeldLater) changeAsking(draft, { share: null })
  else draft.state = { ...draft.state, waiting: waiting.slice(0, -1) }
  replaceShares(draft)
  const held = changed(latest, { reason: 'share_held' })
  holdShare(draft, held)
  rewrite(draft, held)
  return true
}
