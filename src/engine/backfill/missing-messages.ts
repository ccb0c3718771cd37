import type { CustomerMessage, Echo } from '../../conversation/event.js'
import { contentKey } from '../../conversation/expected/expected-echoes.js'
import type { Message } from '../../conversation/state/message.js'
import { isOneOf } from '../../conversation/text/words.js'
import type { ThreadMessage } from '../providers.js'

/** Compares a thread at Meta with our history of the conversation. */

/** Meta gives the times of a thread's messages in whole seconds. */
const APART_MS = 2_000
/** A message that we sent has the time at which it was queued: it may have waited for its turn or for another try. */
const QUEUED_MS = 15 * 60_000

/**
 * The messages since that time that the history does not have, oldest first. Both lists are of one conversation, the
 * thread's in the order in which it was said. `handBackWords`: a person who hands the conversation back answers nothing.
 */
export function missingIn(
  thread: readonly ThreadMessage[],
  history: readonly Message[],
  since: number,
  handBackWords: readonly string[],
): readonly (CustomerMessage | Echo)[] {
  const known = matchesOf(thread, history)
  const isAnswer = (said: ThreadMessage): boolean =>
    said.isOurs && known.get(said)?.type !== 'automation' && !isOneOf(said.text, handBackWords)
  const answers = history.filter((message) => isDeliveredAnswer(message) && !isOneOf(message.text, handBackWords))
  const answersAt = answers.map(({ at }) => at)
  return thread.flatMap((said, index) => {
    if (said.at < since || known.has(said)) return []
    const isAnswered = thread.slice(index + 1).some(isAnswer) || answersAt.some((at) => at >= said.at + 1_000)
    return [said.isOurs ? echoOf(said) : messageOf(said, isAnswered)]
  })
}

/** Meta's instant replies answer nothing. */
function isDeliveredAnswer({ type, status }: Message): boolean {
  return type !== 'customer' && type !== 'automation' && status === 'sent'
}

/**
 * What the history has of the thread: by id, or else, since ids of webhooks may have another form, by side, time and
 * content. A message stands for one of the thread's only.
 */
function matchesOf(thread: readonly ThreadMessage[], history: readonly Message[]): ReadonlyMap<ThreadMessage, Message> {
  const left = new Set(history)
  const known = new Map<ThreadMessage, Message>()
  const match = (fits: (said: ThreadMessage, message: Message) => boolean): void => {
    for (const said of thread) {
      if (known.has(said)) continue
      for (const message of left) {
        if (!fits(said, message)) continue
        known.set(said, message)
        left.delete(message)
        break
      }
    }
  }
  match((said, { mid }) => mid === said.mid)
  match(isAlike)
  return known
}

function isAlike(said: ThreadMessage, message: Message): boolean {
  const { type, status, at, origin } = message
  if (said.isOurs !== (type !== 'customer')) return false
  // Of a message whose send is not settled the echo is still wanted.
  if (said.isOurs && status !== 'sent') return false
  const later = said.at - at
  const latest = said.isOurs && origin.fromApp ? QUEUED_MS : APART_MS
  return later >= -APART_MS && later <= latest && isSame(said, message)
}

function isSame(said: ThreadMessage, message: Message): boolean {
  const [content, other] = [contentKey(said), contentKey(message)]
  return content === null && other === null ? said.kind === message.kind : content === other
}

function messageOf(
  { mid, at, kind, text, attachments, supported }: ThreadMessage,
  isAnswered: boolean,
): CustomerMessage {
  return {
    is: 'message',
    mid,
    at,
    kind,
    text,
    attachments,
    payload: null,
    replyTo: null,
    prompt: false,
    fromAd: false,
    supported,
    standby: false,
    traceparent: null,
    via: 'backfill',
    isAnswered,
    isSelf: false,
  }
}

function echoOf({ mid, at, kind, text, attachments, storyMention }: ThreadMessage): Echo {
  const [payload, replyTo, appId, metadata] = [null, null, null, null]
  return {
    is: 'echo',
    mid,
    at,
    kind,
    text,
    attachments,
    payload,
    replyTo,
    appId,
    metadata,
    storyMention,
    via: 'backfill',
  }
}
