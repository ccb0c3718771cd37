import type { Channel } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import type { RunNames } from '../conversation/state/state.js'
import type { AskOutcome, AssistantClient } from './providers.js'

/** An answer with what Dify suggests to ask next, unless the app offers quick replies of its own. */
export type WithSuggestions = (
  outcome: AskOutcome,
  channel: Channel,
  id: ConversationId,
  names: RunNames,
) => Promise<AskOutcome>

export function createSuggestions({
  assistant,
}: {
  readonly assistant: Pick<AssistantClient, 'suggest'>
}): WithSuggestions {
  return async (outcome, { assistant: settings }, id, { messageId }) => {
    if (outcome.is !== 'answer' || outcome.said.quickReplies.length > 0 || messageId === null) return outcome
    if (settings?.replies !== 'router') return outcome
    const quickReplies = await assistant.suggest(settings, id, messageId)
    return { ...outcome, said: { ...outcome.said, quickReplies } }
  }
}
