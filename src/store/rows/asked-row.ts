import type { Message } from '../../conversation/state/message.js'
import { NONE } from '../../conversation/state/none.js'
import type { AskedText, Conversation } from '../../conversation/state/state.js'
import type { MessageRow } from './message-row.js'
import { listOf } from './row.js'

/**
 * The text, or the `seq` of the question's message that has it; when it arrived, or 0 for when that message did. A version
 * that knows only texts takes the number for a text that nobody writes, and one that knows no 0 for a text asked long ago.
 */
export type AskedRow = readonly [text: string | number, arrivedAt: number]

export function askedRows({ asked, waiting, asking }: Conversation): readonly AskedRow[] {
  return listOf(asked, ({ text, arrivedAt }): AskedRow => {
    const has = (message: Message): boolean => message.text === text
    const message = waiting.find(has) ?? asking.run?.messages.find(has)
    if (message === undefined || arrivedAt === 0) return [text, arrivedAt]
    return [message.seq, message.arrivedAt === arrivedAt ? 0 : arrivedAt]
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
  for (const [textOrSeq, arrivedAt] of rows) {
    if (typeof textOrSeq === 'string') {
      asked.push({ text: textOrSeq, arrivedAt })
      continue
    }
    const has = (message: MessageRow): boolean => message[0] === textOrSeq
    const message = waiting.find(has) ?? running.find(has)
    if (typeof message?.[5] === 'string') asked.push({ text: message[5], arrivedAt: arrivedAt || message[1] })
  }
  return asked
}
