import { ask } from './api.js'

/** The demo's phone plays Meta: it sends signed webhooks to the router. */

export type Writer = 'customer' | 'person' | 'workflow'

export interface Decision {
  readonly author: string | null
  readonly evidence: string | null
  readonly reason: string | null
}

export async function writeAs(writer: Writer, id: string, text: string, secret: string): Promise<Decision | string> {
  const [page = '', user = ''] = id.split('-')
  if (writer === 'workflow') {
    const marked = await ask(`/api/mark-bot-response?conversation_id=${id}`, { method: 'POST' })
    if (!marked.ok) return marked.problem.message
  }
  const isEcho = writer !== 'customer'
  const [sender, recipient] = isEcho ? [page, user] : [user, page]
  const timestamp = Date.now()
  const message = { mid: `m_${crypto.randomUUID()}`, text, ...(isEcho ? { is_echo: true } : {}) }
  const messaging = [{ sender: { id: sender }, recipient: { id: recipient }, timestamp, message }]
  const body = JSON.stringify({ object: 'instagram', entry: [{ id: page, time: timestamp, messaging }] })
  const answer = await ask<{ readonly results: readonly Decision[] }>('/webhook', {
    method: 'POST',
    body,
    headers: { 'x-hub-signature-256': `sha256=${await signatureOf(body, secret)}` },
  })
  return answer.ok ? answer.value.results[0]! : answer.problem.message
}

async function signatureOf(body: string, secret: string): Promise<string> {
  const encoder = new TextEncoder()
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(body)))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
