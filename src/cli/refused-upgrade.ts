import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'

export interface Answer {
  readonly status: number
  readonly body: string
}

/**
 * Repeats a refused WebSocket handshake as a plain HTTP request to read the refusal, which WebSocket clients do not
 * expose; null when the handshake succeeds this time, or nobody answers.
 */
export function refusedUpgrade(url: string, token: string, signal: AbortSignal): Promise<Answer | null> {
  const ask = new URL(url).protocol === 'https:' ? requestHttps : requestHttp
  const headers = {
    authorization: `Bearer ${token}`,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  }
  return new Promise((resolve) => {
    const asked = ask(url, { headers, signal, agent: false })
    asked.on('error', () => resolve(null))
    asked.once('upgrade', (_, socket) => {
      socket.destroy()
      resolve(null)
    })
    asked.once('response', async (response) => {
      resolve({ status: response.statusCode!, body: await text(response).catch(() => '') })
    })
    asked.end()
  })
}
