import type { Channel } from '../conversation/channel.js'
import { changed } from '../conversation/state/changed.js'
import type { Message } from '../conversation/state/message.js'
import type { Conversation, Run } from '../conversation/state/state.js'
import { isWebAddress } from '../conversation/text/web-address.js'
import { persist } from './persist.js'
import type { Log, Receive } from './ports.js'
import type { AssistantClient, Heard, VoiceFetcher } from './providers.js'
import type { Timers } from './timers.js'

/** The run's messages, voice messages with their transcription. One that fails is asked as a file. Never rejects. */
export type HearVoices = (
  state: Conversation,
  channel: Channel,
  run: Run,
  signal: AbortSignal,
) => Promise<readonly Message[]>

export function createHearVoices(parts: {
  readonly voices: Pick<VoiceFetcher, 'fetch'>
  readonly assistant: Pick<AssistantClient, 'hear'>
  readonly receive: Receive
  readonly log: Log
  readonly timers: Timers
}): HearVoices {
  const { voices, assistant, receive, log, timers } = parts

  async function heard(user: string, channel: Channel, url: string, signal: AbortSignal): Promise<Heard> {
    const fetched = await voices.fetch(channel, url, signal)
    if (fetched.is === 'refused') return fetched
    if (channel.assistant === null || signal.aborted) return CANCELLED
    return assistant.hear(channel.assistant, user, fetched.voice)
  }

  async function hear(state: Conversation, channel: Channel, message: Message, signal: AbortSignal): Promise<Message> {
    const urls = voicesOf(message)
    if (urls.length === 0) return message
    const { id } = state
    const { seq } = message
    const all = await Promise.all(urls.map((url) => heard(id, channel, url, signal)))
    // A person has taken over meanwhile.
    if (signal.aborted) return message
    const refused = all.find((each) => each.is === 'refused')
    if (refused !== undefined) {
      log.warn({ conversation_id: id, seq, code: refused.code }, 'voice message not heard, it is asked as a file')
      return message
    }
    const text = all.map((each) => (each as Extract<Heard, { is: 'heard' }>).text).join('\n')
    try {
      await persist(timers, () => receive(id, channel, { is: 'transcribed', seq, text }, null))
      return changed(message, { transcription: text })
    } catch (error) {
      log.error(
        { conversation_id: id, seq, err: error },
        'could not record what a voice message says, it is asked as a file',
      )
      return message
    }
  }

  return (state, channel, run, signal) =>
    Promise.all(run.messages.map((message) => hear(state, channel, message, signal)))
}

function voicesOf({ attachments, outcome }: Message): readonly string[] {
  if (outcome.transcription !== null || outcome.deletedAt > 0) return []
  return attachments.flatMap(({ kind, url }) => (kind === 'voice' && isWebAddress(url) ? [url] : []))
}

const CANCELLED: Heard = { is: 'refused', code: 'cancelled' }
