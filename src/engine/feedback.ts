import type { Assistant } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import type { Message } from '../conversation/state/message.js'
import type { GiveFeedback, Log, Receive } from './ports.js'
import type { AssistantClient } from './providers.js'
import type { UnderWay } from './under-way.js'

export function createGiveFeedback(parts: {
  readonly receive: Receive
  readonly assistant: Pick<AssistantClient, 'rate'>
  readonly underWay: UnderWay
  readonly log: Log
}): GiveFeedback {
  const { receive, assistant, underWay, log } = parts

  async function tell(its: Assistant, id: ConversationId, answerId: string, message: Message): Promise<void> {
    if (await assistant.rate(its, id, answerId, message.outcome.feedback)) return
    log.warn({ conversation_id: id, seq: message.seq }, 'Dify did not take the feedback on its answer')
  }

  return async (id, channel, given) => {
    const { verdict, state } = await receive(id, channel, { is: 'feedback', ...given }, null)
    const { message } = verdict
    if (message === null) return null
    if (channel.assistant !== null && message.origin.answerId !== null) {
      underWay.add(tell(channel.assistant, id, message.origin.answerId, message))
    }
    return { state, message }
  }
}
