import type { FastifyInstance } from 'fastify'
import { type Exposition, expose, type Sample } from './expose.js'
import { createHistogram, type Histogram } from './histogram.js'

/** `http_request_duration_seconds`: the time until a request's response was handed over, by route. */
export interface Durations {
  /** Must be called before routes are registered: it hooks into their registration. */
  watch(app: FastifyInstance): void
  /** Records the requests of a route that are answered without the framework. */
  timerOf(method: string, route: string): (status: number, ms: number) => void
}

const NAME = 'http_request_duration_seconds'
/** A webhook takes about a millisecond, and Meta waits five seconds for its answer. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** The label for requests to unknown paths, which are arbitrary text. */
const NO_ROUTE = 'none'
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/**
 * Response codes of the webhook that alerts query: they exist with 0 from the start, since `rate()` does not see the
 * first event of a new series.
 */
const KNOWN = [200, 401, 500, 503]

type ByStatus = Map<number, Histogram>

export function createDurations(registry: Exposition): Durations {
  const routes = new Map<string, ByStatus>()

  function ofRoute(method: string, route: string): ByStatus {
    const key = `${method} ${route}`
    const known = routes.get(key) ?? new Map<number, Histogram>()
    routes.set(key, known)
    return known
  }

  function samples(): readonly Sample[] {
    return [...routes].flatMap(([key, byStatus]) => {
      const [method, route] = key.split(' ') as [string, string]
      return [...byStatus].flatMap(([status, histogram]) =>
        histogram.samplesOf(NAME, { method, route, status_code: String(status) }),
      )
    })
  }

  for (const status of KNOWN) ofRoute('POST', '/webhook').set(status, createHistogram(SECONDS))
  const help = 'How long requests took from their headers to the end of their answer.'
  expose(registry, { name: NAME, help, type: 'histogram' }, samples)

  return {
    timerOf(method, route) {
      const byStatus = ofRoute(method, route)
      return (status, ms) => observe(byStatus, status, ms)
    },
    watch(app) {
      app.addHook('onRoute', (route) => {
        const byStatus = ofRoute(String(route.method), route.url)
        const own = route.onResponse === undefined ? [] : [route.onResponse].flat()
        route.onResponse = [
          ...own,
          (_request, reply, done) => {
            observe(byStatus, reply.raw.statusCode, reply.elapsedTime)
            done()
          },
        ]
      })
      app.addHook('onResponse', (request, reply, done) => {
        if (request.is404) {
          const method = METHODS.has(request.method) ? request.method : 'other'
          observe(ofRoute(method, NO_ROUTE), reply.raw.statusCode, reply.elapsedTime)
        }
        done()
      })
    },
  }
}

function observe(byStatus: ByStatus, status: number, ms: number): void {
  const histogram = byStatus.get(status) ?? createHistogram(SECONDS)
  byStatus.set(status, histogram)
  histogram.observe(ms / 1000)
}
