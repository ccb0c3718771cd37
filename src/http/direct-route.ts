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
  durations: Pick<Durations, 'answered'>,
): DirectRoutes & { listener(framework: RequestListener, isOpen: () => boolean): RequestListener } {
  const refusals = new WeakMap<IncomingMessage, Error>()
  let route: DirectRoute | null = null
  return {
    serve(given) {
      route = given
    },
    refusalOf: (request) => refusals.get(request) ?? null,
    listener: (framework, isOpen) => (request, response) => {
      if (route === null || request.url !== route.url || request.method !== route.method || !isOpen()) {
        framework(request, response)
        return
      }
      const { method, url, answer } = route
      const startedAt = performance.now()
      answer(request, response, idOf(request), (error) => {
        if (error === null) {
          durations.answered(method, url, 200, performance.now() - startedAt)
          return
        }
        refusals.set(request, error)
        framework(request, response)
      })
    },
  }
}
