import type { Assistant } from '../conversation/channel.js'
import type { AskedQuestion } from '../conversation/question/question-text.js'
import type { RunNames } from '../conversation/state/state.js'
import type { AskReply, AssistantClient, CallTerms } from '../engine/providers.js'
import { Agent } from '../undici.js'
import { type Attempt, attempt } from './attempt.js'
import { type BriefCall, createBriefCall } from './brief-call.js'
import { createForget } from './forget.js'
import { createHear } from './hear.js'
import { createLookUp } from './look-up.js'
import { CANCELLED } from './outcome.js'
import { createRate } from './rate.js'
import { createSuggest } from './suggested.js'

/** The engine's client of Dify, with one connection pool for all channels. */

export interface DifyParts {
  readonly now: () => number
  /** The time-out for a run without progress; pings do not count as progress. */
  readonly noProgressMs?: number
  /** The time-out of a whole look-up, and of requests to stop or forget. */
  readonly briefMs?: number
  /** The time-out of speech to text. */
  readonly hearMs?: number
  readonly lingerMs?: number
  readonly forgetAgainMs?: number
}

/**
 * The part of a run's time-out after which silence ends it: long enough for one slow node, with time left for a
 * look-up.
 */
const PATIENCE = 0.75

export function createDifyClient(parts: DifyParts): AssistantClient {
  const { now, noProgressMs, briefMs = 5_000, hearMs = 30_000, lingerMs = 2_000, forgetAgainMs = 1_000 } = parts
  // A question may take minutes without delaying others: the time-outs are ours, and connections are not limited.
  const agent = new Agent({ connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
  const call = createBriefCall(agent)
  const underWay = new Set<Promise<unknown>>()

  const brief: BriefCall = (...request) => {
    const work = call(...request)
    underWay.add(work)
    return work.finally(() => underWay.delete(work))
  }
  const lookUp = createLookUp(brief, now, briefMs)
  const stop = async (assistant: Assistant, user: string, run: RunNames): Promise<void> => {
    if (run.taskId === null) return
    const below = assistant.app === 'workflow' ? '/workflows/tasks' : '/chat-messages'
    const path = `${below}/${encodeURIComponent(run.taskId)}/stop`
    await brief(assistant, { method: 'POST', path, body: { user } }, briefMs)
  }
  const attempted = async (assistant: Assistant, question: AskedQuestion, call: CallTerms): Promise<Attempt> => {
    const made = await attempt(
      {
        agent,
        now,
        noProgressMs: noProgressMs ?? call.timeoutMs * PATIENCE,
        lingerMs,
        onLateNames(names) {
          if (call.signal.aborted) void stop(assistant, question.id, names)
          else call.onNames(names)
        },
      },
      assistant,
      question,
      call,
    )
    if (made.isLeftRunning && made.outcome.is !== 'unknown') void stop(assistant, question.id, made.names)
    return made
  }
  const ask = async (assistant: Assistant, question: AskedQuestion, call: CallTerms): Promise<AskReply> => {
    if (call.signal.aborted) return CANCELLED
    const startedAt = now()
    const first = await attempted(assistant, question, call)
    if (question.conversationId === null || !hasForgotten(first)) return first.outcome
    if (call.signal.aborted) return CANCELLED
    const spent = now() - startedAt
    const rest = { timeoutMs: Math.max(call.timeoutMs - spent, 1), freshUntil: call.freshUntil + spent }
    return (await attempted(assistant, { ...question, conversationId: null }, { ...call, ...rest })).outcome
  }

  return {
    ask,
    lookUp: (assistant, question, run, startedAt) => lookUp({ assistant, question, run, startedAt }),
    stop,
    forget: createForget(brief, briefMs, forgetAgainMs),
    rate: createRate(brief, briefMs),
    hear: createHear(brief, hearMs),
    suggest: createSuggest(brief, briefMs),
    async close() {
      await Promise.all(underWay)
      await agent.destroy()
    },
  }
}

/** Dify has forgotten the conversation, or refuses to continue it. */
function hasForgotten({ status, outcome }: Attempt): boolean {
  return status === 404 || (outcome.is === 'not_started' && outcome.code === 'conversation_completed')
}
