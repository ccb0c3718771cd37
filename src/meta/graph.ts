import { Agent, type Dispatcher } from 'undici'
import { MOST_QUICK_REPLIES } from '../conversation/answer/answer.js'
import type { Channel } from '../conversation/channel.js'
import type { Outgoing, Sender } from '../engine/providers.js'
import { quickReply } from './quick-reply.js'
import { outcomeOf, plainerMayGo, type Reply } from './send-outcome.js'
import type { Headers } from './usage.js'

/** The Graph API, as far as it sends messages. */

const ACTION_TIMEOUT_MS = 5_000
const MOST_BODY = 65_536
/** For one host: when it hangs, what waits for a connection fails as surely not sent, and sockets do not run out. */
const MOST_CONNECTIONS = 256

export function createGraph(parts: { readonly timeoutMs?: number; readonly clock?: () => number }): Sender {
  const { timeoutMs = 10_000, clock = Date.now } = parts
  // Idle connections are kept for undici's 4 s only: one that the other side closes as we write costs an outcome that
  // nobody knows, a new one two round trips. The one time-out that counts is ours, over the whole request.
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
 * Never fails. undici's plain `request` does not tell whether a request that failed had been begun, and that is what
 * decides between another try and a wait for the echo.
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
      // Called at the moment when it is to be written: from here on nothing is sure.
      onRequestStart(controller) {
        if (!isOver && !mayLeave()) {
          end({ is: 'stale' })
          // Unlike an abort this keeps the connection, which may have been what took so long.
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

/** Never the error's text: it may name what no log should hold. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
