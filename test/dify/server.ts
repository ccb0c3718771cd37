import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Test } from 'tap'
import type { Assistant } from '../../src/conversation/channel.js'
import { parseConversationId } from '../../src/conversation/ids.js'
import type { AskedQuestion } from '../../src/conversation/question/question-text.js'
import type { RunNames } from '../../src/conversation/state/state.js'
import type { CallTerms } from '../../src/engine/providers.js'

/** A server that answers as a test tells it to, and remembers what it was asked. */

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  // biome-ignore lint/suspicious/noExplicitAny: tests know what was sent, a wrong shape fails them soon enough
  readonly body: any
}

export interface Pretend {
  readonly server: Server
  readonly origin: string
  readonly asked: Asked[]
  readonly sockets: Set<Socket>
  assistant(app: Assistant['app']): Assistant
  /** Resolves when a request to such a URL has come, which may be long ago. */
  has(part: string): Promise<Asked>
}

export type Answer = (asked: Asked, response: ServerResponse) => void

export async function pretend(t: Test, answer: Answer): Promise<Pretend> {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const { method = '', url = '', headers } = request
      const one: Asked = { method, url, headers, body: text === '' ? null : JSON.parse(text) }
      asked.push(one)
      for (const wake of waiting.splice(0)) wake()
      answer(one, response)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    server,
    origin,
    asked,
    sockets,
    assistant: (app) => assistantAt(`${origin}/v1`, app),
    async has(part) {
      for (;;) {
        const found = asked.find(({ url }) => url.includes(part))
        if (found) return found
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
  }
}

/** However it ends: `once` of Node would take a reset for a failure of the test. */
export const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()))

export function assistantAt(url: string, app: Assistant['app'], key = 'app-key'): Assistant {
  return { url, key, app, replies: 'router', inputs: {} }
}

export const question: AskedQuestion = {
  id: parseConversationId('1-2')!,
  query: 'how much?',
  files: [],
  inputs: { conversation_id: '1-2' },
  conversationId: null,
  traceparent: null,
}

/** A call that may take as long as no good test does. */
export function callOf(changes: Partial<CallTerms> = {}): CallTerms & { readonly named: RunNames[] } {
  const named: RunNames[] = []
  return {
    signal: new AbortController().signal,
    timeoutMs: 20_000,
    freshUntil: Number.POSITIVE_INFINITY,
    onNames: (run) => void named.push(run),
    ...changes,
    named,
  }
}

export const event = (name: string, rest: object = {}): string =>
  `data: ${JSON.stringify({ event: name, ...rest })}\n\n`

export const PING = 'event: ping\n\n'

export function stream(response: ServerResponse, ...texts: string[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  for (const text of texts) response.write(text)
}

export function json(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}
