import type { Message } from '../../conversation/state/message.js'
import { NONE } from '../../conversation/state/none.js'
import type { AskedText, Conversation } from '../../conversation/state/state.js'
import type { MessageRow } from './message-row.js'
import { rowsOf } from './row.js'

/**
 * The text, or the `seq` of the question's message that has it. A version that knows only texts takes the number for a
 * text that nobody writes.
 */
export type AskedRow = readonly [text: string | number, at: number]

export function askedRows({ asked, waiting, asking }: Conversation): readonly AskedRow[] {
  return rowsOf(asked, ({ text, at }): AskedRow => {
    const has = (message: Message): boolean => message.text === text
    return [(waiting.find(has) ?? asking.run?.messages.find(has))?.seq ?? text, at]
  })
}

/** Leaves out a number whose message is gone: a version that does not know it has removed the message. */
export function askedOf(
  rows: readonly AskedRow[] = [],
  waiting: readonly MessageRow[] = [],
  running: readonly MessageRow[] = [],
): readonly AskedText[] {
  if (rows.length === 0) return NONE
  const asked: AskedText[] = []
  for (const [textOrSeq, at] of rows) {
    const has = (message: MessageRow): boolean => message[0] === textOrSeq
    const text = typeof textOrSeq === 'string' ? textOrSeq : (waiting.find(has) ?? running.find(has))?.[5]
    if (typeof text === 'string') asked.push({ text, at })
  }
  return asked
}
