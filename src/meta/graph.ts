import { lookup as dnsLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { MOST_QUICK_REPLIES } from '../conversation/answer/answer.js'
import type { Channel } from '../conversation/channel.js'
import type { Outgoing, Sender } from '../engine/providers.js'
import { codeOf, exchange } from '../exchange.js'
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

export function createGraph(parts: {
  readonly timeoutMs?: number
  readonly clock?: () => number
  readonly lookup?: LookupFunction
}): Sender {
  const { timeoutMs = 10_000, clock = Date.now, lookup = dnsLookup } = parts
  // Idle connections are closed after undici's 4 s: one that the server closes while we write leaves an unknown
  // outcome, while a new connection costs only two round trips. The only time-out is our own, over the whole request.
  const agent = new Agent({ connections: MOST_CONNECTIONS, headersTimeout: 0, bodyTimeout: 0, connect: { lookup } })
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

/** Never rejects. */
function post(
  agent: Agent,
  channel: Channel,
  token: string,
  body: object,
  { timeoutMs, mayLeave }: { readonly timeoutMs: number; readonly mayLeave: () => boolean },
): Promise<Reply | { readonly is: 'stale' }> {
  const request = {
    url: `${channel.graphUrl.replace(/\/+$/, '')}/${channel.sendAs}/messages`,
    method: 'POST' as const,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  return new Promise((resolve) => {
    let status = 0
    let headers: Headers = {}
    let size = 0
    const chunks: Buffer[] = []

    const end = (reply: Reply | { readonly is: 'stale' }): void => {
      clearTimeout(timer)
      resolve(reply)
    }
    const timer = setTimeout(() => {
      end({ is: 'lost', code: 'timeout', wentOut: sending.isSent })
      sending.close()
    }, timeoutMs)

    const mayLeaveNow = (): boolean => {
      const may = mayLeave()
      if (!may) end({ is: 'stale' })
      return may
    }
    const sending = exchange(
      agent,
      { ...request, mayLeave: mayLeaveNow },
      {
        onHead(given, itsHeaders) {
          status = given
          headers = itsHeaders
        },
        onData(chunk) {
          chunks.push(chunk)
          size += chunk.length
          if (size <= MOST_BODY) return
          end({ is: 'answer', status, headers, body: null })
          sending.close()
        },
        onEnd: () => end({ is: 'answer', status, headers, body: Buffer.concat(chunks).toString() }),
        onFailure: (error, isSent) => end({ is: 'lost', code: codeOf(error), wentOut: isSent }),
      },
    )
  })
}
