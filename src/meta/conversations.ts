import type { Channel } from '../conversation/channel.js'
import type { ConversationReader, Reading } from '../engine/providers.js'
import { isObject, type JsonObject } from '../json.js'
import { errorOf, isPassing } from './graph-error.js'
import { createGraphGet, type Told } from './graph-get.js'
import { parsed } from './send-outcome.js'
import { messagesIn, threadsIn } from './thread.js'
import { restAsked, retryAfter } from './usage.js'

/** The Conversations API. Only its cursors are followed: the address of a next page holds the token. */

const MOST_BODY = 1024 * 1024
const THREADS_ON_PAGE = 50

const MESSAGE = 'id,created_time,from,to,message,attachments'
/** Not every version and platform has these, and one that is unknown fails the whole request. */
const MESSAGE_IN_FULL = `${MESSAGE},shares,story,sticker,is_unsupported`

/** Codes of a dead token or a missing permission. */
const REFUSALS: ReadonlySet<string> = new Set(['3', '10', '190', '200'])
const UNKNOWN_FIELD = '100'

export function createConversationReader(
  options: { readonly timeoutMs?: number; readonly now?: () => number } = {},
): ConversationReader {
  const { now = Date.now } = options
  const graph = createGraphGet({ ...options, mostBytes: MOST_BODY })
  /** The Graph APIs that do not know all fields of a message. */
  const plain = new Set<string>()

  async function ask(channel: Channel, query: Readonly<Record<string, string>>): Promise<Reading<JsonObject>> {
    const { graphUrl, sendAs, platform, token } = channel
    if (token === null) return { is: 'refused', code: 'no_token' }
    const of = { platform: platform === 'facebook' ? 'messenger' : 'instagram', ...query }
    const told = await graph.get(graphUrl, `${sendAs}/conversations?${new URLSearchParams(of)}`, token)
    return readingOf(told, now())
  }

  function askForMessages(channel: Channel, userId: string): Promise<Reading<JsonObject>> {
    const fields = plain.has(channel.graphUrl) ? MESSAGE : MESSAGE_IN_FULL
    return ask(channel, { user_id: userId, fields: `id,updated_time,participants,messages{${fields}}` })
  }

  return {
    async threads(channel, after) {
      const page = { fields: 'id,updated_time,participants', limit: String(THREADS_ON_PAGE) }
      const reading = await ask(channel, after === null ? page : { ...page, after })
      return reading.is === 'read' ? { ...reading, value: threadsIn(reading.value, channel) } : reading
    },
    async messages(channel, thread) {
      let reading = await askForMessages(channel, thread.userId)
      const isUnknown = reading.is === 'unusable' && reading.code.split('/')[0] === UNKNOWN_FIELD
      if (isUnknown && !plain.has(channel.graphUrl)) {
        plain.add(channel.graphUrl)
        reading = await askForMessages(channel, thread.userId)
        // The code has other causes too.
        if (reading.is === 'unusable') plain.delete(channel.graphUrl)
      }
      return reading.is === 'read' ? { ...reading, value: messagesIn(reading.value, thread, channel) } : reading
    },
    close: graph.close,
  }
}

function readingOf(told: Told, now: number): Reading<JsonObject> {
  if (told.is === 'lost') {
    const isTooLong = told.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
    return isTooLong ? { is: 'unusable', code: 'too_large' } : { is: 'later', code: told.code, afterMs: 0 }
  }
  const { status, headers } = told
  const body = parsed(told.body)
  const error = body?.['error'] ?? null
  const restMs = restAsked(headers)
  if (body !== null && error === null && status === 200) return { is: 'read', value: body, restMs }
  const failure = errorOf(status, isObject(error) ? error : null)
  const { main, code } = failure
  if (isPassing(status, failure)) return { is: 'later', code, afterMs: Math.max(retryAfter(headers, now), restMs) }
  const isRefused = main === null ? status === 401 || status === 403 : REFUSALS.has(main)
  return isRefused ? { is: 'refused', code } : { is: 'unusable', code }
}
