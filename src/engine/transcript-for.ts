import type { Channel } from '../conversation/channel.js'
import { transcriptOf } from '../conversation/question/transcript.js'
import type { Conversation, Run } from '../conversation/state/state.js'
import { isOneOf } from '../conversation/text/words.js'
import type { Log, Store } from './ports.js'

/** The messages exchanged during a takeover that the assistant has not been given yet; else null. */
export type TranscriptFor = (state: Conversation, channel: Channel, run: Run) => Promise<string | null>

/** The newest messages of a takeover; more than an assistant needs as context. */
const MOST_MESSAGES = 100

export function createTranscriptFor(parts: {
  readonly store: Pick<Store, 'history'>
  readonly log: Log
}): TranscriptFor {
  const { store, log } = parts

  return async (state, channel, run) => {
    const { humanTranscript, historyTtlMs, resumeWords } = channel.policy
    if (!humanTranscript) return null
    const page = { before: run.messages[0]!.seq, after: null, limit: MOST_MESSAGES, historyTtlMs }
    try {
      const messages = await store.history(state.id, page)
      const unheard = messages.filter(({ seq }) => seq > state.asking.answeredUpTo)
      if (!unheard.some(({ type }) => type === 'support')) return null
      return transcriptOf(unheard.filter(({ text }) => !isOneOf(text, resumeWords))) || null
    } catch (error) {
      log.warn({ conversation_id: state.id, reason: String(error) }, 'asking without the transcript of the takeover')
      return null
    }
  }
}
