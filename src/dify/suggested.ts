import type { AssistantClient } from '../engine/providers.js'
import type { BriefCall } from './brief-call.js'
import { textsIn } from './outputs.js'

/** Suggested questions. An app without the feature answers 400, which means none. */
export function createSuggest(call: BriefCall, timeoutMs: number): AssistantClient['suggest'] {
  return async (assistant, user, answerId) => {
    const path = `/messages/${encodeURIComponent(answerId)}/suggested?${new URLSearchParams({ user })}`
    const answer = await call(assistant, { method: 'GET', path, body: null }, timeoutMs)
    return answer?.status === 200 ? textsIn(answer.body?.['data']) : []
  }
}
