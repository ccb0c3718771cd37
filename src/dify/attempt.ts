import type { Agent } from 'undici'
import type { Assistant } from '../conversation/channel.js'
import type { AskedQuestion } from '../conversation/question/question-text.js'
import type { RunNames } from '../conversation/state/state.js'
import type { AskOutcome, AskReply, CallTerms } from '../engine/providers.js'
import { createCollector } from './collect.js'
import { askDify } from './dify-request.js'
import { CANCELLED, codeOfFailure, outcomeOfUnsent, STALE, TOO_LARGE, unknown } from './outcome.js'
import { questionRequest } from './question-request.js'
import { type Reply, replyTo } from './reply.js'

/** One request with a question, and its result. */
export interface Attempt {
  readonly outcome: AskReply
  /** The HTTP status; 0 without a response. */
  readonly status: number
  readonly names: RunNames
  /** The call was closed while the run continues. */
  readonly isLeftRunning: boolean
}

export interface AttemptParts {
  readonly agent: Agent
  readonly now: () => number
  readonly noProgressMs: number
  /** How long a connection may stay open after the outcome is known. */
  readonly lingerMs: number
  /** Called when Dify names a run whose call was closed before. */
  readonly onLateNames: (names: RunNames) => void
}

/** The longest delay of a Node timer; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export function attempt(
  parts: AttemptParts,
  assistant: Assistant,
  question: AskedQuestion,
  call: CallTerms,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const { signal } = call
    const collector = createCollector(assistant.app, question.conversationId)
    let { names, said } = collector
    let status = 0
    let reply: Reply | null = null
    let linger: NodeJS.Timeout | null = null
    let isDropped = false
    let isStale = false

    const settle = (outcome: AskReply, isLeftRunning: boolean): void => {
      clearTimeout(deadline)
      clearTimeout(progress)
      signal.removeEventListener('abort', onAbort)
      resolve({ outcome, status, names, isLeftRunning })
    }
    const drop = (outcome: AskOutcome): void => {
      isDropped = true
      settle(outcome, true)
      // A run cannot be stopped without its task id, which Dify sends a moment later, with the first event.
      if (names.taskId === null && open.isSent) linger = setTimeout(() => open.close(), parts.lingerMs).unref()
      else open.close()
    }
    const takeLate = (chunk: Buffer): void => {
      reply!.take(chunk)
      if (names.taskId === null) return
      clearTimeout(linger!)
      open.close()
      parts.onLateNames(names)
    }
    const brokenOff = (code: string, isSent: boolean): AskOutcome => {
      if (reply !== null) return reply.breakOff(code)
      return isSent ? unknown(code) : outcomeOfUnsent(code)
    }
    const onSilence = (code: string) => (): void => drop(brokenOff(code, open.isSent))
    const onAbort = (): void => drop(CANCELLED)
    const onEvent = (): void => {
      if (!isDropped) progress.refresh()
      if (collector.said !== said) {
        said = collector.said
        if (!isDropped) call.onSaid?.(said)
      }
      if (collector.names === names) return
      names = collector.names
      if (!isDropped) call.onNames(names)
    }

    const deadline = setTimeout(onSilence('timeout'), Math.min(call.timeoutMs, LONGEST_TIMER_MS))
    const progress = setTimeout(onSilence('no_progress'), parts.noProgressMs)
    signal.addEventListener('abort', onAbort, { once: true })

    const mayLeave = (): boolean => {
      isStale = parts.now() > call.freshUntil
      return !isStale
    }
    const open = askDify(
      parts.agent,
      assistant,
      { ...questionRequest(assistant.app, question), mayLeave },
      {
        onHead(code, headers) {
          status = code
          reply = replyTo(assistant.app, { status, headers }, collector, onEvent, parts.now())
        },
        onData(chunk) {
          if (isDropped) return takeLate(chunk)
          if (linger !== null) return
          const outcome = reply!.take(chunk)
          if (outcome === null) return
          if (outcome === TOO_LARGE) return drop(outcome)
          settle(outcome, false)
          // The rest of the stream is read without waiting for it: the connection then serves the next question, and a
          // chatflow can finish its bookkeeping.
          linger = setTimeout(() => open.close(), parts.lingerMs).unref()
        },
        onEnd() {
          if (linger !== null) clearTimeout(linger)
          else settle(reply!.end(), false)
        },
        onFailure(error, isSent) {
          if (linger !== null) clearTimeout(linger)
          else settle(isStale ? STALE : brokenOff(codeOfFailure(error), isSent), false)
        },
      },
    )
  })
}
