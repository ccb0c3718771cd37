import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { COMPILERS } from './edge/compilers.js'
import { type Connections, createConnections } from './edge/connections.js'
import type { createErrorHandler } from './edge/errors.js'
import { answerNotHttp } from './edge/not-http.js'

/** The HTTP server with its limits, before any route. */

/** Headers come in a packet or two. */
const HEADERS_TIMEOUT_MS = 10_000
/** Headers and a body of 1 MiB come over any line in this time; slower than that is somebody holding sockets open. */
const REQUEST_TIMEOUT_MS = 30_000
const LOOK_FOR_TIMEOUTS_EVERY_MS = 1_000
/** Longer than the usual load balancer's, so that it is never us who closes a connection that it is about to use. */
const KEEP_ALIVE_MS = 75_000
/** A mark's text may stand in the query, where a letter takes up to twelve bytes; Dify's client stops at 64 KiB. */
const MOST_HEADER_BYTES = 80 * 1024

export function createServer(parts: {
  readonly trustProxy: boolean | string
  readonly mostConnections: number
  readonly log: FastifyBaseLogger
  readonly onError: ReturnType<typeof createErrorHandler>
}): { readonly server: FastifyInstance; readonly connections: Connections } {
  const server = Fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger of its own for each request costs more than the request's log line.
    childLoggerFactory: (logger) => logger,
    trustProxy: parts.trustProxy,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    genReqId: requestIds(),
    // What still comes over open connections while draining is served: nobody has to send it again.
    return503OnClosing: false,
    // JSON has types of its own: a null that was converted to false would silence a bot. What is unknown is told, or left
    // alone, and never taken out unseen.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    schemaController: { compilersFactory: COMPILERS },
    frameworkErrors: parts.onError,
    clientErrorHandler: answerNotHttp,
    http: {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: LOOK_FOR_TIMEOUTS_EVERY_MS,
    },
  })
  // Node drops headers past a number of them, which would make a body of what follows an offer to upgrade (see
  // live/upgrade.ts) a request. Their bytes have a bound already.
  server.server.maxHeadersCount = 0
  server.setErrorHandler(parts.onError)
  return { server, connections: createConnections(server.server, parts.mostConnections) }
}

/** Short, and unlike those of any other process; a caller's own id is kept where it is one that may stand in a log. */
function requestIds() {
  const prefix = randomBytes(4).toString('hex')
  let count = 0
  return (request: { readonly headers: Record<string, string | string[] | undefined> }): string => {
    const given = request.headers['x-request-id']
    if (typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given)) return given
    count += 1
    return `${prefix}-${count}`
  }
}
