import type { Dispatcher } from 'undici'
import { MOST_QUICK_REPLIES } from '../conversation/answer/answer.js'
import type { Channel } from '../conversation/channel.js'
import type { Outgoing, Sender } from '../engine/providers.js'
import { Agent } from '../undici.js'
import { quickReply } from './quick-reply.js'
import { outcomeOf, plainerMayGo, type Reply } from './send-outcome.js'
import type { Headers } from './usage.js'

/** The Graph API client that sends messages. */

const ACTION_TIMEOUT_MS = 5_000
const MOST_BODY = 65_536
/**
 * Connections per host. When the host hangs, requests waiting for a connection fail as certainly not sent, and the
 * process does not run out of sockets.
 */
const MOST_CONNECTIONS = 256

export function createGraph(parts: { readonly timeoutMs?: number; readonly clock?: () => number }): Sender {
  const { timeoutMs = 10_000, clock = Date.now } = parts
  // Idle connections are closed after undici's 4 s: one that the server closes while we write leaves an unknown
  // outcome, while a new connection costs only two round trips. The only time-out is our own, over the whole request.
  const agent = new Agent({ connections: MOST_CONNECTIONS, headersTimeout: 0, bodyTimeout: 0 })
  return {
    async send(channel, outgoing, freshUntil) {
      const { token } = channel
      if (token === null) return { is: 'dead', reason: 'channel_unusable', code: 'no_token' }
      const terms = { timeoutMs, mayLeave: () => clock() <= freshUntil }
      const reply = await post(agent, channel, token, messageBody(channel, outgoing), terms)
      return reply.is === 'stale' ? reply : plainerMayGo(outcomeOf(reply, clock()), outgoing)
    },
    async act(channel, userId, action) {
      const { token } = channel
      if (token === null) return
      const body = { recipient: { id: userId }, sender_action: action }
      const terms = { timeoutMs: Math.min(ACTION_TIMEOUT_MS, timeoutMs), mayLeave: () => true }
      await post(agent, channel, token, body, terms)
    },
    close: () => agent.close(),
  }
}

function messageBody(channel: Channel, outgoing: Outgoing): object {
  const { userId, text, attachment, quickReplies, tag, metadata } = outgoing
  return {
    recipient: { id: userId },
    ...(tag === null ? { messaging_type: 'RESPONSE' } : { messaging_type: 'MESSAGE_TAG', tag }),
    message: {
      ...(text === null ? {} : { text }),
      ...(attachment === null ? {} : { attachment: { type: attachment.type, payload: { url: attachment.url } } }),
      ...(quickReplies.length === 0
        ? {}
        : { quick_replies: quickReplies.slice(0, MOST_QUICK_REPLIES).map(quickReply) }),
      ...(metadata === null || channel.platform === 'instagram' ? {} : { metadata }),
    },
  }
}

/**
 * Never rejects. Uses undici's `dispatch` because `request` does not reveal whether a failed request had been
 * started, which decides between a retry and waiting for the echo.
 */
function post(
  agent: Agent,
  channel: Channel,
  token: string,
  body: object,
  { timeoutMs, mayLeave }: { readonly timeoutMs: number; readonly mayLeave: () => boolean },
): Promise<Reply | { readonly is: 'stale' }> {
  const { origin, pathname, search } = new URL(`${channel.graphUrl.replace(/\/+$/, '')}/${channel.sendAs}/messages`)
  return new Promise((resolve) => {
    let begun: Dispatcher.DispatchController | null = null
    let isOver = false
    let status = 0
    let headers: Headers = {}
    let size = 0
    const chunks: Buffer[] = []

    const end = (reply: Reply | { readonly is: 'stale' }): void => {
      isOver = true
      clearTimeout(timer)
      resolve(reply)
    }
    const lost = (code: string): void => end({ is: 'lost', code, wentOut: begun !== null })
    const timer = setTimeout(() => {
      lost('timeout')
      begun?.abort(new Error('timeout'))
    }, timeoutMs)

    const request: Dispatcher.DispatchOptions = {
      origin,
      path: pathname + search,
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    agent.dispatch(request, {
      // Called just before the request is written; from here on a failure leaves the outcome unknown.
      onRequestStart(controller) {
        if (!isOver && !mayLeave()) {
          end({ is: 'stale' })
          // Unlike an abort this keeps the connection open, whose setup may have been the slow part.
          throw new Error('stale')
        }
        if (isOver) controller.abort(new Error('too late'))
        else begun = controller
      },
      onResponseStart(_controller, statusCode, given) {
        status = statusCode
        headers = given
      },
      onResponseData(controller, chunk) {
        chunks.push(chunk)
        size += chunk.length
        if (size <= MOST_BODY) return
        end({ is: 'answer', status, headers, body: null })
        controller.abort(new Error('too large'))
      },
      onResponseEnd() {
        end({ is: 'answer', status, headers, body: Buffer.concat(chunks).toString() })
      },
      onResponseError(_controller, error) {
        lost(codeOf(error))
      },
    })
  })
}

/** Never the error's text, which may hold data that must not be logged. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
