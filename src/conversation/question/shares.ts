import type { Policy } from '../channel.js'
import { type Draft, rewrite } from '../state/draft.js'
import type { Attachment, Message, MessageKind } from '../state/message.js'
import { type Asking, kept } from '../state/state.js'

/** On Instagram a shared post waits for its question: the customer shares first, and then asks about it. */

const SHARED: ReadonlySet<MessageKind> = new Set(['share', 'story'])

/** The post or story that a message is about. */
export function sharedIn(message: { readonly attachments: readonly Attachment[] }): Attachment | null {
  return message.attachments.find(({ kind }) => SHARED.has(kind)) ?? null
}

/** A post without a word: what the customer wants to know of it is still to come. */
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

/** What is shared into a customer's burst while it is open belongs to it. */
export function isBurstOpen(waiting: readonly Message[], policy: Policy, now: number): boolean {
  const last = waiting.at(-1)
  return last !== undefined && now - last.arrivedAt < policy.debounceMs
}

/** A newer post makes the one that was held superfluous. What waits to be asked with its question stays with it. */
export function holdShare(draft: Draft, message: Message, policy: Policy): void {
  const { share } = draft.state.asking
  patch(draft, { share: { message, until: message.arrivedAt + policy.shareWaitMs } })
  if (share !== null) rewrite(draft, { ...share.message, status: 'skipped', reason: 'share_replaced' })
}

/** Of the posts of one question only the latest counts: the one that was held goes, and any that waits to be asked. */
export function replaceShares(draft: Draft, policy: Policy): void {
  const { waiting, asking } = draft.state
  const replaced = waiting.filter((message) => isLoneShare(message, policy))
  if (replaced.length > 0) {
    draft.state = { ...draft.state, waiting: kept(waiting, (message) => !replaced.includes(message)) }
  }
  if (asking.share !== null) {
    patch(draft, { share: null })
    replaced.push(asking.share.message)
  }
  for (const message of replaced) rewrite(draft, { ...message, status: 'skipped', reason: 'share_replaced' })
}

/** The question has come: the post goes before it. Null where none was held. */
export function releaseShare(draft: Draft): Message | null {
  return endHold(draft, { status: 'received', reason: null })
}

/** Every question that waits is asked together with the latest post that waits, whichever of them came first. */
export function tieToShare(draft: Draft, policy: Policy): void {
  if (policy.platform !== 'instagram') return
  const { waiting } = draft.state
  const shared = waiting.findLast((message) => sharedIn(message) !== null)
  if (shared === undefined) return
  for (const message of waiting) {
    if (!isLoneShare(message, policy) && message.shareSeq !== shared.seq) {
      rewrite(draft, { ...message, shareSeq: shared.seq })
    }
  }
}

/** The question that met its post in this change, named by its `shareSeq`; the latest where there are several. */
export function newlyCombined(before: readonly Message[], after: readonly Message[]): Message | null {
  const question = after.findLast(({ shareSeq }) => shareSeq > 0)
  if (question === undefined || before.some(({ shareSeq }) => shareSeq === question.shareSeq)) return null
  return question
}

/** No question has come. */
export function letShareGo(draft: Draft): Message | null {
  return endHold(draft, { status: 'skipped', reason: 'share_expired' })
}

function endHold(draft: Draft, as: Pick<Message, 'status' | 'reason'>): Message | null {
  const { share } = draft.state.asking
  if (share === null) return null
  const message: Message = { ...share.message, ...as }
  patch(draft, { share: null })
  rewrite(draft, message)
  return message
}

/** The customer took the question back, or never came to it: what is left is held, and not asked by itself. */
export function holdWhatIsLeft(draft: Draft, policy: Policy): boolean {
  const { waiting, asking } = draft.state
  const last = waiting.at(-1)
  if (last === undefined || !waiting.every((message) => isLoneShare(message, policy))) return false
  // One that came later may be held already.
  const isHeldLater = asking.share !== null && asking.share.message.seq > last.seq
  const latest = isHeldLater ? asking.share.message : last
  if (isHeldLater) patch(draft, { share: null })
  else draft.state = { ...draft.state, waiting: waiting.slice(0, -1) }
  replaceShares(draft, policy)
  const held: Message = { ...latest, reason: 'share_held' }
  holdShare(draft, held, policy)
  rewrite(draft, held)
  return true
}

function patch(draft: Draft, changes: Partial<Asking>): void {
  draft.state = { ...draft.state, asking: { ...draft.state.asking, ...changes } }
}
