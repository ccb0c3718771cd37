import { type Assistant, type Channel, FOREVER } from '../conversation/channel.js'
import type { Event } from '../conversation/event.js'
import type { ConversationId } from '../conversation/ids.js'
import { type Conversation, newConversation } from '../conversation/state/state.js'
import type { Ask } from './ask.js'
import type { Drain } from './drain.js'
import type { Log, Receive, Store } from './ports.js'
import type { AssistantClient } from './providers.js'
import type { UnderWay } from './under-way.js'

const DAY_MS = 24 * 3_600_000

/**
 * An event with this key marks a conversation as erased, as long as message ids are remembered. One for each day: a
 * second erasure under the same key would be a redelivery, which leaves the end of the first one's mark as it is.
 */
export function erasedKey(at: number): string {
  return keyOf(dayOf(at))
}

/** The keys of erasures since that time. */
export function erasedKeys(since: number, now: number): readonly string[] {
  const keys: string[] = []
  for (let day = dayOf(since); day <= dayOf(now); day += 1) keys.push(keyOf(day))
  return keys
}

function dayOf(time: number): number {
  return Math.floor(time / DAY_MS)
}

function keyOf(day: number): string {
  return `erased ${day}`
}

const ERASED: Event = { is: 'signal', at: 0, prompt: false, fromAd: false }

/** Erases a customer: cancels open work, deletes the stored data, and asks Dify to delete its conversations. */
export type Erase = (id: ConversationId, channel: Channel) => Promise<void>

export function createErase(parts: {
  readonly store: Store
  readonly receive: Receive
  readonly ask: Pick<Ask, 'compare'>
  readonly drain: Pick<Drain, 'note'>
  readonly assistant: Pick<AssistantClient, 'forget'>
  readonly underWay: UnderWay
  readonly log: Log
}): Erase {
  const { store, receive, ask, drain, assistant, underWay, log } = parts

  /**
   * Dify is asked even when the store knows nothing of the customer: Dify keeps a conversation until somebody deletes
   * it.
   */
  async function forgetAt(its: Assistant, id: ConversationId, state: Conversation | null): Promise<void> {
    const named = state?.asking.assistantId ?? state?.asking.run?.names.conversationId ?? null
    if (await assistant.forget(its, id, named)) return
    log.warn({ conversation_id: id }, 'Dify did not forget a customer who was erased: delete the conversations there')
  }

  return async (id, channel) => {
    const state = await store.read(id)
    // A backfill must not bring back what was written before.
    await receive(id, channel, ERASED, erasedKey(store.now()))
    await store.erase(id)
    // Runs and sends of other processes end with their next commit: its version no longer exists, so it conflicts.
    const nothing = newConversation(id, store.now())
    ask.compare(nothing)
    // No commit tells that its unsent messages are gone: a stop would wait for them.
    drain.note(nothing, FOREVER)
    if (channel.assistant !== null) underWay.add(forgetAt(channel.assistant, id, state))
  }
}
