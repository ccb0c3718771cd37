import type { Channel } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import { newConversation } from '../conversation/state.js'
import type { Ask } from './ask.js'
import type { AssistantClient } from './outside.js'
import type { Store } from './ports.js'
import type { UnderWay } from './under-way.js'

/** Forgets a customer: what is under way ends, and what is kept goes, at Dify too where it lets us. */
export type Erase = (id: ConversationId, channel: Channel) => Promise<void>

export function createErase(parts: {
  readonly store: Store
  readonly ask: Pick<Ask, 'compare'>
  readonly assistant: Pick<AssistantClient, 'forget'>
  readonly underWay: UnderWay
}): Erase {
  const { store, ask, assistant, underWay } = parts

  return async (id, channel) => {
    const state = await store.read(id)
    await store.erase(id)
    // What other processes have under way ends with their next commit: it is based on what is gone.
    ask.compare(newConversation(id, store.now()))
    if (state === null || channel.assistant === null) return
    const { assistantId, run } = state.asking
    const named = assistantId ?? run?.names.conversationId ?? null
    if (named !== null) underWay.add(assistant.forget(channel.assistant, id, named))
  }
}
