import type { NotificationType } from './channel.js'
import { lastWords } from './notices.js'
import { pauseOf } from './pause/pause.js'
import type { Message } from './state/message.js'
import { NONE } from './state/none.js'
import type { DeadLetter } from './state/outbox-state.js'
import type { Conversation, PauseReason } from './state/state.js'

/** An event of a conversation that notifications are sent for. */
export interface Happening {
  readonly type: NotificationType
  /** The message concerned, if any. */
  readonly message: Message | null
  readonly letter: DeadLetter | null
}

/**
 * Pauses in which the bot or the customer asks for a person. Other pauses come from a person or an operator already.
 */
const ASKS_FOR_A_PERSON: ReadonlySet<string> = new Set(['customer_request', 'assistant_failed', 'assistant'])

/** Derives the notifications from a finished decision, in order: messages, dead letters, the conversation. */
export function happeningsOf(
  before: Conversation,
  after: Conversation,
  records: readonly Message[],
  now: number,
): readonly Happening[] {
  const isOther =
    before.causes !== after.causes || before.closedAt !== after.closedAt || before.outbox.dead !== after.outbox.dead
  if (records.length === 0 && !isOther) return NONE
  const happenings: Happening[] = []
  const add = (type: NotificationType, message: Message | null = null, letter: DeadLetter | null = null): void => {
    happenings.push({ type, message, letter })
  }
  for (const message of lastWords(records)) {
    if (message.type === 'customer') {
      if (message.seq > before.seq) add('message.received', message)
    } else if (message.status === 'sent' && !wasSent(before, message)) add('message.sent', message)
  }
  if (before.outbox.dead !== after.outbox.dead) {
    for (const letter of after.outbox.dead) {
      if (before.outbox.dead.some(({ seq }) => seq === letter.seq)) continue
      // A dead letter's parts include the one that was given up.
      const { message } = letter.parts.find((part) => part.message.seq === letter.seq)!
      add('message.failed', message, letter)
      add('dead_letter.created', message, letter)
    }
  }
  if (before.closedAt > 0 && after.closedAt === 0) add('conversation.opened')
  if (before.closedAt === 0 && after.closedAt > 0) add('conversation.closed')
  if (before.causes !== after.causes) {
    const reason = pauseOf(after, now)?.reason ?? null
    // Compared with the last notified reason: a pause that ended without an event was not notified yet.
    if (reason !== null && reason !== reasonTold(before)) add('conversation.paused')
    if (asksForPerson(before, after)) add('conversation.handoff')
    if (reason === null && before.causes.length > 0) add('conversation.resumed')
  }
  return happenings
}

function reasonTold(state: Conversation): PauseReason | null {
  return pauseOf(state, 0)?.reason ?? null
}

function asksForPerson(before: Conversation, after: Conversation): boolean {
  return after.causes.some((cause) => ASKS_FOR_A_PERSON.has(cause.reason) && !before.causes.includes(cause))
}

/** A message whose send is not settled is in the outbox or expected; any other was sent, and changed otherwise. */
function wasSent({ seq, outbox, sent }: Conversation, message: Message): boolean {
  if (message.seq > seq) return false
  const open = [outbox.parts, outbox.setAside.map(({ part }) => part), sent, ...outbox.dead.map(({ parts }) => parts)]
  const known = open.flat().find((each) => each.message.seq === message.seq)
  return known === undefined || known.message.status === 'sent'
}
