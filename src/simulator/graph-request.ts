import { isConnecting } from './graph-connect.js'
import type { GraphRequest } from './graph-settings.js'
import type { Received } from './listen.js'

/** What a request to the pretended Graph API is. */
export function understood(received: Received, isPage: (id: string) => boolean): GraphRequest {
  const { method, path, body } = received
  const [, id = '', edge] = /^(?:\/v\d+\.\d+)?\/(\w+)(?:\/(messages|conversations))?$/.exec(path) ?? []
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
    if (method === 'POST' && edge === 'messages') return sender_action === undefined ? 'message' : 'action'
    if (method !== 'GET' || id === '' || edge === 'messages') return 'unknown'
    if (edge === 'conversations') return edge
    return id === 'me' || isPage(id) ? 'account' : 'profile'
  }
}
