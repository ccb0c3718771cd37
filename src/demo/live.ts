import { WebSocket } from 'undici'
import type { Row } from './paper.js'
import type { Said } from './stage.js'
import { type BotState, botInWords, decisionInWords } from './words.js'

/** The router's live events over the WebSocket, as lines of the demo. */

export interface Frame {
  readonly type: string
  readonly data: { readonly message?: Said; readonly bot?: BotState }
}

export interface Live {
  readonly close: () => void
}

export function lookOn(origin: string, token: string, onFrame: (frame: Frame) => void): Promise<Live> {
  const url = `${origin.replace(/^http/, 'ws')}/ws`
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } })
  socket.addEventListener('message', ({ data }) => onFrame(JSON.parse(data as string) as Frame))
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve({ close: () => socket.close() }))
    // Has no effect once the connection is open.
    socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${url}`)))
  })
}

/** Null for an event that shows nothing new. */
export function rowOfFrame({ type, data }: Frame, now: number): Row | null {
  if (data.bot) return { who: 'router', text: '', decision: botInWords(data.bot, now) }
  if (!data.message) return null
  const { message } = data
  if (type === 'chat_message') return rowOfMessage(message)
  const { status, evidence, reason } = message
  if (message.type !== 'customer') {
    if (evidence !== null) return { who: 'router', text: 'its echo', decision: decisionOf(message) }
    const isBad = status === 'failed' || status === 'unknown' || status === 'cancelled'
    return isBad ? { who: 'router', text: shown(message), decision: `${status}: ${reason}` } : null
  }
  return status === 'skipped' ? { who: 'router', text: shown(message), decision: decisionOf(message) } : null
}

export function rowOfMessage(message: Said): Row {
  const isOwn = message.evidence === null && message.type !== 'customer'
  return { who: whoOf(message), text: shown(message), decision: isOwn ? message.status : decisionOf(message) }
}

function whoOf({ type }: Said): Row['who'] {
  if (type === 'customer') return 'customer'
  return type === 'support' ? 'person' : 'bot'
}

function shown({ content, message_type }: Said): string {
  return content === null || content === '' ? `[${message_type}]` : content
}

function decisionOf({ type, evidence, reason }: Said): string {
  const author = { customer: 'customer', support: 'human', automation: 'automation' }[type] ?? 'bot'
  return decisionInWords({ author, evidence, reason })
}
