import type { Message } from '../../conversation/state/message.js'
import { NONE } from '../../conversation/state/none.js'
import type { Conversation } from '../../conversation/state/state.js'
import { encodeMessage } from './message-row.js'
import { listOf } from './row.js'

/**
 * The messages of the lists that may grow with each message, as texts. What the last state had too is not encoded again:
 * a list of a hundred messages would cost more than the rest of the commit.
 */
export interface MessageTexts {
  readonly waiting: readonly string[]
  readonly setAside: readonly string[]
}

export const NO_TEXTS: MessageTexts = { waiting: NONE, setAside: NONE }

/** `before.texts`: the messages of the last state as they were written; empty where this process has not written them. */
export function messageTexts(
  before: { readonly state: Pick<Conversation, 'waiting' | 'setAside'> | null; readonly texts: MessageTexts },
  { waiting, setAside }: Conversation,
): MessageTexts {
  if (waiting.length === 0 && setAside.length === 0) return NO_TEXTS
  const { state, texts } = before
  return {
    waiting: textsOf(waiting, itself, state?.waiting ?? NONE, texts.waiting),
    setAside: textsOf(setAside, itsMessage, state?.setAside ?? NONE, texts.setAside),
  }
}

/** `texts` are those of the history's newest messages, among which are those that wait. */
export function textsFrom(messages: readonly Message[], texts: readonly string[], state: Conversation): MessageTexts {
  return messageTexts(
    { state: { waiting: messages, setAside: NONE }, texts: { waiting: texts, setAside: NONE } },
    state,
  )
}

/** The text of a message of which `texts` are those of its state. */
export function textOf(message: Message, { waiting, setAside }: Conversation, texts: MessageTexts): string {
  return (
    texts.waiting[waiting.indexOf(message)] ??
    texts.setAside[setAside.findLastIndex((each) => each.message === message)] ??
    encodeMessage(message)
  )
}

function textsOf<Item>(
  items: readonly Item[],
  messageOf: (item: Item) => Message,
  known: readonly Item[],
  texts: readonly string[],
): readonly string[] {
  if (items.length === 0) return NONE
  const oldest = messageOf(items[0]!)
  // Those before it have left the list.
  const gone = Math.max(
    0,
    known.findIndex((item) => messageOf(item) === oldest),
  )
  return listOf(items, (item, i) => {
    const message = messageOf(item)
    const same = known[gone + i]
    const text = same !== undefined && messageOf(same) === message ? texts[gone + i] : undefined
    return text ?? encodeMessage(message)
  })
}

function itself(message: Message): Message {
  return message
}

function itsMessage({ message }: { readonly message: Message }): Message {
  return message
}
