import type { IncomingMessage, RequestListener } from 'node:http'
import type { DirectAnswer } from '../engine/ports.js'
import type { Durations } from './metrics/durations.js'

/**
 * A route that is answered in front of the framework, whose routing and request objects cost a delivery of Meta as much
 * as its signature. The framework has the same route: a refused request goes there with its error, for the
 * response, the log line and the counts of all errors.
 */
export interface DirectRoute {
  readonly method: string
  readonly url: string
  readonly answer: DirectAnswer
}

export interface DirectRoutes {
  /** Must be called before the server listens. */
  serve(route: DirectRoute): void
  /** The error with which the route refused the request; null for a request that came straight to the framework. */
  refusalOf(request: IncomingMessage): Error | null
  /** The request's id: a refused request keeps the one under which the route logged what it did. */
  idOf(request: IncomingMessage): string
}

/** `listener` serves the route while `isOpen`, and everything else with `framework`, which closes connections during a stop. */
export function createDirectRoutes(
  nextId: (request: IncomingMessage) => string,
  durations: Pick<Durations, 'timerOf'>,
): DirectRoutes & { listener(framework: RequestListener, isOpen: () => boolean): RequestListener } {
  const refusals = new WeakMap<IncomingMessage, { readonly error: Error; readonly id: string }>()
  let served: { readonly route: DirectRoute; readonly time: (status: number, ms: number) => void } | null = null
  return {
    serve(route) {
      served = { route, time: durations.timerOf(route.method, route.url) }
    },
    refusalOf: (request) => refusals.get(request)?.error ?? null,
    idOf: (request) => refusals.get(request)?.id ?? nextId(request),
    listener: (framework, isOpen) => (request, response) => {
      const isOurs = request.url === served?.route.url && request.method === served?.route.method
      if (served === null || !isOurs || !isOpen()) {
        framework(request, response)
        return
      }
      const { route, time } = served
      const startedAt = performance.now()
      const id = nextId(request)
      route.answer(request, response, id, (error) => {
        if (error === null) {
          time(200, performance.now() - startedAt)
          return
        }
        refusals.set(request, { error, id })
        framework(request, response)
      })
    },
  }
}
