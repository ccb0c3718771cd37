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
}

/** `listener` serves the route while `isOpen`, and everything else with `framework`, which closes connections during a stop. */
export function createDirectRoutes(
  idOf: (request: IncomingMessage) => string,
  durations: Pick<Durations, 'timerOf'>,
): DirectRoutes & { listener(framework: RequestListener, isOpen: () => boolean): RequestListener } {
  const refusals = new WeakMap<IncomingMessage, Error>()
  let served: { readonly route: DirectRoute; readonly time: (status: number, ms: number) => void } | null = null
  return {
    serve(route) {
      served = { route, time: durations.timerOf(route.method, route.url) }
    },
    refusalOf: (request) => refusals.get(request) ?? null,
    listener: (framework, isOpen) => (request, response) => {
      const isOurs = request.url === served?.route.url && request.method === served?.route.method
      if (served === null || !isOurs || !isOpen()) {
        framework(request, response)
        return
      }
      const { route, time } = served
      const startedAt = performance.now()
      route.answer(request, response, idOf(request), (error) => {
        if (error === null) {
          time(200, performance.now() - startedAt)
          return
        }
        refusals.set(request, error)
        framework(request, response)
      })
    },
  }
}
