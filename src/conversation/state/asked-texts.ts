import { sameTextKey } from '../text/text.js'
import { CAPS } from './caps.js'
import type { Message } from './message.js'
import { NONE } from './none.js'
import { type AskedText, added, type Conversation, kept } from './state.js'

/** The memory of recently asked texts: a customer who writes the same again before we answered is not asked twice. */

export function withAskedText(asked: readonly AskedText[], message: Message): readonly AskedText[] {
  if (message.text === null) return asked
  const text = sameTextKey(message.text)
  return added(asked, isAsItIs(message, text) ? message : { text, arrivedAt: message.arrivedAt }, CAPS.asked)
}

function isAsItIs(message: Message, key: string): message is Message & AskedText {
  return message.text === key
}

export function wasAsked(state: Conversation, text: string): boolean {
  const key = sameTextKey(text)
  return state.asked.some((asked) => asked.text === key)
}

/** Forgets messages that were not answered: the customer may ask them again. */
export function notAsked(state: Conversation, messages: readonly Message[]): Conversation {
  if (state.asked.length === 0) return state
  const texts = messages.map(({ text }) => (text === null ? null : sameTextKey(text)))
  return { ...state, asked: kept(state.asked, (each) => !texts.includes(each.text)) }
}

/** A message that waits to be asked was edited. */
export function askedInstead(state: Conversation, before: Message, after: Message): Conversation {
  if (before.text === null || after.text === null) return state
  const [old, text] = [sameTextKey(before.text), sameTextKey(after.text)]
  if (!state.asked.some((each) => each.text === old)) return state
  return {
    ...state,
    asked: state.asked.map((each) => (each.text === old ? { text, arrivedAt: each.arrivedAt } : each)),
  }
}

/** After a message of ours the customer may repeat a question. */
export function weSpoke(state: Conversation): Conversation {
  return state.asked.length === 0 ? state : { ...state, asked: NONE }
}
