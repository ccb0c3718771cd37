import type { Feedback } from '../conversation/state/message.js'
import type { AssistantClient } from '../engine/providers.js'
import type { BriefCall } from './brief-call.js'

/**
 * Sends feedback on an answer, which Dify stores with the message. Not retried, since newer feedback replaces it
 * anyway.
 */
export function createRate(call: BriefCall, timeoutMs: number): AssistantClient['rate'] {
  return async (assistant, user, answerId, feedback) => {
    const path = `/messages/${encodeURIComponent(answerId)}/feedbacks`
    const body = { rating: feedback === null ? null : RATING[feedback.rating], user, content: feedback?.comment ?? '' }
    const answer = await call(assistant, { method: 'POST', path, body }, timeoutMs)
    return answer !== null && answer.status < 300
  }
}

const RATING: Readonly<Record<Feedback['rating'], string>> = { positive: 'like', negative: 'dislike' }
