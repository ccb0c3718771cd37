import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A recorded request with its whole body. */
export interface Received {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  /** Parsed JSON or the text; null without a body. */
  readonly body: unknown
}

export type Handle = (received: Received, response: ServerResponse) => Promise<void>

export interface Listener {
  readonly origin: string
  /** Closes the listening socket, so that new connections are refused; requests under way continue. */
  refuse(until: { readonly forMs?: number }): void
  accept(): Promise<void>
  close(): Promise<void>
}

export async function listen(wantedPort: number, handle: Handle): Promise<Listener> {
  const server = createServer((request, response) => {
    request.socket.setNoDelay(true)
    // A kept-alive connection would bypass the refusal.
    response.once('finish', () => server.listening || request.socket.end())
    read(request)
      .then((received) => handle(received, response))
      .catch((error: unknown) => answerJson(response, 500, { error: String(error) }))
  })
  server.listen(wantedPort, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  let timer: NodeJS.Timeout | undefined
  const accept = async (): Promise<void> => {
    clearTimeout(timer)
    if (server.listening) return
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  return {
    origin: `http://127.0.0.1:${port}`,
    refuse({ forMs }) {
      server.close()
      if (forMs !== undefined) timer = setTimeout(accept, forMs)
    },
    accept,
    async close() {
      clearTimeout(timer)
      const closed = server.listening ? once(server, 'close') : undefined
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

async function read(request: IncomingMessage): Promise<Received> {
  const at = Date.now()
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { pathname, searchParams } = new URL(request.url!, 'http://127.0.0.1')
  return {
    at,
    method: request.method!,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    body: parsed(Buffer.concat(chunks).toString('utf8')),
  }
}

function parsed(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
