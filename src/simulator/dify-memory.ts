import { randomUUID } from 'node:crypto'
import type { DifyApp, DifyCall } from './dify-settings.js'

/** The pretend Dify's memory of calls: conversations by app and user. */

interface DifyConversation {
  readonly id: string
  readonly key: string
  readonly user: string
  readonly calls: DifyCall[]
}

export interface DifyMemory {
  /** Null when that app and user have no conversation of that id. */
  find(key: string, user: string, id: string): DifyConversation | null
  begin(key: string, user: string): DifyConversation
  forget(id: string): void
  /** The response of `GET /conversations`, newest first. */
  list(key: string, user: string, limit: number): object
  reset(): void
}

const seconds = (ms: number): number => Math.floor(ms / 1000)

export function createDifyMemory(): DifyMemory {
  const conversations = new Map<string, DifyConversation>()
  return {
    find(key, user, id) {
      const found = conversations.get(id)
      return found?.key === key && found.user === user ? found : null
    },
    begin(key, user) {
      const conversation = { id: randomUUID(), key, user, calls: [] }
      conversations.set(conversation.id, conversation)
      return conversation
    },
    forget: (id) => void conversations.delete(id),
    list(key, user, limit) {
      const own = [...conversations.values()].filter((one) => one.key === key && one.user === user).reverse()
      return { data: own.slice(0, limit).map(shownConversation), has_more: own.length > limit, limit }
    },
    reset: () => conversations.clear(),
  }
}

function shownConversation({ id, calls }: DifyConversation): object {
  const created_at = seconds(calls[0]!.at)
  const updated_at = seconds(calls.at(-1)!.at)
  return { id, name: 'New conversation', inputs: {}, status: 'normal', introduction: '', created_at, updated_at }
}

/** The newest `limit` messages before `firstId`, oldest first. */
export function messagesOf({ calls }: DifyConversation, limit: number, firstId: string | undefined): object {
  const end = firstId === undefined ? calls.length : calls.findIndex(({ messageId }) => messageId === firstId)
  const before = calls.slice(0, Math.max(end, 0))
  return { limit, has_more: before.length > limit, data: before.slice(-limit).map(shownMessage) }
}

const STATUS = { running: 'normal', succeeded: 'normal', stopped: 'normal', failed: 'error', paused: 'paused' } as const

function shownMessage(call: DifyCall): object {
  const { messageId, conversationId, query, status, at, body, error } = call
  return {
    id: messageId,
    conversation_id: conversationId,
    inputs: (body as { inputs?: unknown }).inputs ?? {},
    query,
    // Stored when the run has ended.
    answer: status === 'running' ? '' : call.answer,
    message_files: [],
    feedback: null,
    retriever_resources: [],
    agent_thoughts: [],
    status: STATUS[status],
    error: error?.message ?? null,
    created_at: seconds(at),
  }
}

/** The ids of a call, by the kind of app. */
export function namesFor(kind: DifyApp['kind'], conversation: DifyConversation | null) {
  const isWorkflow = kind === 'workflow' || kind === 'chatflow'
  return {
    taskId: randomUUID(),
    conversationId: conversation?.id ?? null,
    messageId: conversation === null ? null : randomUUID(),
    workflowRunId: isWorkflow ? randomUUID() : null,
  }
}
