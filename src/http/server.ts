import { randomInt } from 'node:crypto'
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { base36 } from '../conversation/text/base36.js'
import { createDirectRoutes, type DirectRoutes } from './direct-route.js'
import { COMPILERS } from './edge/compilers.js'
import { type Connections, createConnections } from './edge/connections.js'
import type { createErrorHandler } from './edge/errors.js'
import { answerNotHttp } from './edge/not-http.js'
import type { Durations } from './metrics/durations.js'

/** The HTTP server and its limits, without routes. */

/** Headers arrive in one or two packets. */
const HEADERS_TIMEOUT_MS = 10_000
/** Headers and a body of 1 MiB pass any usable line in this time; a slower sender is holding the socket open. */
const REQUEST_TIMEOUT_MS = 30_000
const LOOK_FOR_TIMEOUTS_EVERY_MS = 1_000
/**
 * Longer than a load balancer's usual keep-alive: otherwise the server may close a connection just as the balancer
 * reuses it.
 */
const KEEP_ALIVE_MS = 75_000
/** A mark's text may stand in the query, where a letter takes up to twelve bytes; Dify's client stops at 64 KiB. */
const MOST_HEADER_BYTES = 80 * 1024

const LIMITS = {
  maxHeaderSize: MOST_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  connectionsCheckingInterval: LOOK_FOR_TIMEOUTS_EVERY_MS,
}

export function createServer(parts: {
  readonly trustProxy: boolean | string
  readonly mostConnections: number
  readonly durations: Durations
  readonly log: FastifyBaseLogger
  readonly onError: ReturnType<typeof createErrorHandler>
}): { readonly server: FastifyInstance; readonly connections: Connections; readonly direct: DirectRoutes } {
  const direct = createDirectRoutes(requestIds(), parts.durations)
  const server = Fastify({
    serverFactory(framework) {
      const http: Server = createHttpServer(
        LIMITS,
        direct.listener(framework, () => http.listening),
      )
      return http
    },
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    // Avoids a child logger per request, which costs more than the request's log line.
    childLoggerFactory: (logger) => logger,
    trustProxy: parts.trustProxy,
    genReqId: direct.idOf,
    // Each route checks the length of the ids in its path, and answers with its own error.
    routerOptions: { maxParamLength: MOST_HEADER_BYTES },
    // Requests that arrive over open connections while draining are still served, so that nobody has to repeat them.
    return503OnClosing: false,
    // No coercion: a null that became false would pause a bot. Unknown properties are refused or ignored by their
    // schema, never silently removed.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    schemaController: { compilersFactory: COMPILERS },
    frameworkErrors: parts.onError,
    clientErrorHandler: answerNotHttp,
  })
  // No limit on the number of headers: Node drops those past it, and a dropped Content-Length would turn a body that
  // follows an upgrade offer into a request (see live/upgrade.ts). The total size of headers is limited.
  server.server.maxHeadersCount = 0
  server.setErrorHandler(parts.onError)
  parts.durations.watch(server)
  return { server, connections: createConnections(server.server, parts.mostConnections), direct }
}

/**
 * Request ids: short and unique across processes. A caller's own id is used if it is safe to log. V8 keeps a text of
 * at least 13 letters that was put together as its two parts, and whatever reads it must first copy them.
 */
function requestIds() {
  const prefix = randomInt(36 ** 6).toString(36)
  let count = 0
  return ({ headers }: Pick<IncomingMessage, 'headers'>): string => {
    const given = headers['x-request-id']
    if (typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given)) return given
    count += 1
    return `${prefix}-${base36(count)}`
  }
}
