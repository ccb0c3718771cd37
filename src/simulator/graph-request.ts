import { isConnecting } from './graph-connect.js'
import type { GraphRequest } from './graph-settings.js'
import type { Received } from './listen.js'

/** What a request to the Graph API is for. */
export function understood(received: Received, isPage: (id: string) => boolean): GraphRequest {
  const { method, path, body } = received
  const [, id = '', isMessages] = /^(?:\/v\d+\.\d+)?\/(\w+)(\/messages)?$/.exec(path) ?? []
  const { recipient, message, sender_action } = (body ?? {}) as {
    recipient?: { id?: string }
    message?: { text?: string }
    sender_action?: string
  }
  const facts = { ...received, id, recipient: recipient?.id ?? null, text: message?.text ?? null }
  return { ...facts, is: kind(), mid: null, isDelivered: false, status: null, error: null }

  function kind(): GraphRequest['is'] {
    if (isConnecting(path)) return 'connect'
    if (id === 'refresh_access_token') return 'refresh'
    if (method === 'POST' && isMessages) return sender_action === undefined ? 'message' : 'action'
    if (method !== 'GET' || id === '' || isMessages) return 'unknown'
    return id === 'me' || isPage(id) ? 'account' : 'profile'
  }
}
