import type { Conversation } from '../../conversation/state/state.js'
import { encodeMessage } from './message-row.js'

/** The waiting messages of the next state as texts: those that the last one had too are not encoded again. */
export function waitingTexts(
  before: {
    readonly state: Conversation | null
    /** The waiting messages as they were written; empty where this process has not written them. */
    readonly waiting: readonly string[]
  },
  state: Conversation,
): readonly string[] {
  return state.waiting.map((message, i) => {
    const text = before.state?.waiting[i] === message ? before.waiting[i] : undefined
    return text ?? encodeMessage(message)
  })
}
