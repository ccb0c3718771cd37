import type { IncomingHttpHeaders } from 'node:http'
import type { Assistant } from '../conversation/channel.js'
import type { AskOutcome } from '../engine/providers.js'
import { asObject, type JsonObject } from '../json.js'
import { createBody } from './body.js'
import type { Collector } from './collect.js'
import { textIn } from './json.js'
import { outcomeOfStatus, retryAfterMs, TOO_LARGE, unknown } from './outcome.js'
import { createEventReader } from './sse.js'

/** Reads the body of Dify's response to a question, streamed or whole. */
export interface Reply {
  /** Returns the outcome once there is one. */
  take(chunk: Buffer): AskOutcome | null
  end(): AskOutcome
  /** The body ended early. */
  breakOff(code: string): AskOutcome
}

/** An answer has a few kilobytes; a larger stream is faulty and must not fill the memory. */
const LARGEST_STREAM = 8 * 1024 * 1024
const LARGEST_REFUSAL = 64 * 1024

/** `onEvent` is called for all events but pings, which only show that the connection is alive. */
export function replyTo(
  app: Assistant['app'],
  head: { readonly status: number; readonly headers: IncomingHttpHeaders },
  collector: Collector,
  onEvent: () => void,
  now: number,
): Reply {
  const { status, headers } = head
  if (status >= 300) return createRefusal(status, retryAfterMs(headers['retry-after'], now))
  const type = String(headers['content-type'])
  const take = (event: JsonObject): AskOutcome | null => {
    if (textIn(event, 'event') === 'ping') return null
    const outcome = collector.take(event)
    onEvent()
    return outcome
  }
  return /\bjson\b/.test(type) ? createWhole(app, take) : createStream(take, type.includes('text/event-stream'))
}

type Take = (event: JsonObject) => AskOutcome | null

function firstOutcome(events: readonly JsonObject[], take: Take): AskOutcome | null {
  for (const event of events) {
    const outcome = take(event)
    if (outcome !== null) return outcome
  }
  return null
}

function createStream(take: Take, isDeclared: boolean): Reply {
  const reader = createEventReader()
  let size = 0
  let isStream = isDeclared
  const first = (events: readonly JsonObject[]): AskOutcome | null => {
    isStream ||= events.length > 0
    return firstOutcome(events, take)
  }
  return {
    take(chunk) {
      size += chunk.length
      return first(reader.take(chunk)) ?? (size > LARGEST_STREAM ? TOO_LARGE : null)
    },
    end: () => first(reader.end()) ?? unknown(isStream ? 'lost_stream' : 'not_a_stream'),
    breakOff: unknown,
  }
}

/** Some proxies deliver the answer as a whole. */
function createWhole(app: Assistant['app'], take: Take): Reply {
  const body = createBody(LARGEST_STREAM)
  return {
    take: (chunk) => (body.take(chunk) ? null : TOO_LARGE),
    end: () => firstOutcome(eventsIn(app, body.json() ?? {}), take) ?? unknown('not_a_stream'),
    breakOff: unknown,
  }
}

/** The events equivalent to a blocking answer. */
function eventsIn(app: Assistant['app'], answer: JsonObject): readonly JsonObject[] {
  if (app === 'workflow') return asObject(answer['data']) === null ? [] : [{ ...answer, event: 'workflow_finished' }]
  if (answer['event'] === 'workflow_paused') return [answer]
  return typeof answer['answer'] !== 'string'
    ? []
    : [
        { ...answer, event: 'message' },
        { ...answer, event: 'message_end' },
      ]
}

function createRefusal(status: number, afterMs: number): Reply {
  const body = createBody(LARGEST_REFUSAL)
  // The status decides, even if the body never ends.
  const outcome = (): AskOutcome => outcomeOfStatus(status, body.json(), afterMs)
  return { take: (chunk) => (body.take(chunk) ? null : outcome()), end: outcome, breakOff: outcome }
}
