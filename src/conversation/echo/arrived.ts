import { withoutExpected } from '../expected/expected-echoes.js'
import { introLeft } from '../outbox/intro.js'
import { partLeft, patchOutbox } from '../outbox/outbox.js'
import { weSpoke } from '../state/asked-texts.js'
import { changed } from '../state/changed.js'
import { type Draft, rewrite } from '../state/draft.js'
import { type Message, type MessageType, NO_ATTACHMENTS } from '../state/message.js'
import type { DeadLetter } from '../state/outbox-state.js'
import { type Conversation, kept } from '../state/state.js'
import { undoTakeover } from '../takeover/undo.js'
import { claimForProgram } from './displaced.js'

/** A message of ours was delivered, as Meta's answer or its echo shows. */

/** The message, while a result may still matter: in the queue, in a dead letter, or expected. */
export function openMessage({ outbox, sent }: Conversation, seq: number): Message | null {
  const lists = [outbox.parts, ...outbox.dead.map((letter) => letter.parts), sent]
  return lists.flat().find(({ message }) => message.seq === seq)?.message ?? null
}

export function confirmSent(draft: Draft, message: Message, mid: string | null): void {
  draft.state = weSpoke(draft.state)
  const echoed = unclaimedWith(draft.state, mid)
  const evidence = echoed === undefined ? message.origin.evidence : 'message_id'
  // A message that was sent twice may be confirmed already.
  if (message.status !== 'sent') rewrite(draft, changed(message, { status: 'sent', reason: null, mid, evidence }))
  if (echoed !== undefined) claimEcho(draft, echoed, message)
  arrived(draft, message.seq)
}

/** The echo came before the result and was not attributed to this message, so the history holds it twice. */
function claimEcho(draft: Draft, echoed: Message, message: Message): void {
  draft.state = withoutExpected(draft.state, message.seq)
  // A look-up by the id must find the message that stays.
  const empty = { mid: null, text: null, attachments: NO_ATTACHMENTS }
  const as = { type: message.type, status: 'cancelled', reason: 'own_message', evidence: 'message_id' } as const
  claim(draft, echoed, changed(echoed, { ...as, ...empty }), message)
}

/** The message was on its way when its conversation was erased, and its echo, which came first, began another. */
export function claimEchoOfErased(draft: Draft, type: MessageType, mid: string | null): void {
  const echoed = unclaimedWith(draft.state, mid)
  if (echoed === undefined || type === 'support') return
  const message = changed(echoed, { type, fromApp: true, evidence: 'message_id' })
  claim(draft, echoed, message, message)
}

function unclaimedWith({ unclaimed }: Conversation, mid: string | null): Message | undefined {
  return unclaimed.find(({ message }) => mid !== null && message.mid === mid)?.message
}

/** `shown`: what becomes of the echo in the history. */
function claim(draft: Draft, echoed: Message, shown: Message, message: Message): void {
  draft.state = { ...draft.state, unclaimed: kept(draft.state.unclaimed, (each) => each.message !== echoed) }
  rewrite(draft, shown)
  claimForProgram(draft, echoed, message)
  undoTakeover(draft, echoed.seq)
}

/** The message was delivered, by whatever evidence: nothing more is to be done. */
export function arrived(draft: Draft, seq: number): void {
  const { parts, setAside, dead } = draft.state.outbox
  const all = [...parts, ...setAside.map(({ part }) => part), ...dead.flatMap((letter) => letter.parts)]
  const answers = all.find(({ message }) => message.seq === seq)?.answers ?? []
  if (setAside.some(({ part }) => part.message.seq === seq)) {
    patchOutbox(draft, { setAside: kept(setAside, ({ part }) => part.message.seq !== seq) })
  }
  if (parts.some((part) => part.message.seq === seq)) {
    patchOutbox(draft, { parts: kept(parts, (part) => part.message.seq !== seq) })
    partLeft(draft)
  }
  if (dead.some((letter) => letter.parts.some((part) => part.message.seq === seq))) {
    patchOutbox(draft, { dead: withoutPart(dead, seq) })
  }
  for (const message of answers) rewrite(draft, changed(message, { answerUnsent: false }))
  introLeft(draft, seq)
}

/** The parts that were to follow stay a dead letter: they were not sent. */
function withoutPart(dead: readonly DeadLetter[], seq: number): readonly DeadLetter[] {
  const left = dead.map((letter) => ({ ...letter, parts: kept(letter.parts, (part) => part.message.seq !== seq) }))
  return kept(left, (letter) => letter.parts.length > 0)
}
