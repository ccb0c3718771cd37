import type { Assistant, Channel } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import { type Conversation, newConversation } from '../conversation/state/state.js'
import type { Ask } from './ask.js'
import type { Log, Store } from './ports.js'
import type { AssistantClient } from './providers.js'
import type { UnderWay } from './under-way.js'

/** Forgets a customer: what is under way ends, and what is kept goes, at Dify too where it lets us. */
export type Erase = (id: ConversationId, channel: Channel) => Promise<void>

export function createErase(parts: {
  readonly store: Store
  readonly ask: Pick<Ask, 'compare'>
  readonly assistant: Pick<AssistantClient, 'forget'>
  readonly underWay: UnderWay
  readonly log: Log
}): Erase {
  const { store, ask, assistant, underWay, log } = parts

  /** Also where nothing is known here any more: Dify keeps a conversation for as long as nobody deletes it. */
  async function forgetAt(its: Assistant, id: ConversationId, state: Conversation | null): Promise<void> {
    const named = state?.asking.assistantId ?? state?.asking.run?.names.conversationId ?? null
    if (await assistant.forget(its, id, named)) return
    log.warn({ conversation_id: id }, 'Dify did not forget a customer who was erased: delete the conversations there')
  }

  return async (id, channel) => {
    const state = await store.read(id)
    await store.erase(id)
    // What other processes have under way ends with their next commit: it is based on what is gone.
    ask.compare(newConversation(id, store.now()))
    if (channel.assistant !== null) underWay.add(forgetAt(channel.assistant, id, state))
  }
}
