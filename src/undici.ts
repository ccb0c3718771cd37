import { createRequire } from 'node:module'
import type undici from 'undici'
import type { Dispatcher } from 'undici'

/**
 * undici's connection pool and requests through it, from the files that hold them. The package's index also loads
 * fetch, WebSockets, caches and mocks, which took a seventh of the start.
 */

export type Agent = undici.Agent
type Request = Omit<Dispatcher.RequestOptions, 'origin' | 'path' | 'method'> & {
  readonly method?: Dispatcher.HttpMethod
}

const require = createRequire(import.meta.url)

export const Agent = require('undici/lib/dispatcher/agent.js') as typeof undici.Agent

const requestThrough = require('undici/lib/api/api-request.js') as (
  this: Dispatcher,
  options: Dispatcher.RequestOptions,
) => Promise<Dispatcher.ResponseData>

export function request(agent: Agent, url: string | URL, options: Request): Promise<Dispatcher.ResponseData> {
  const { origin, pathname, search } = new URL(url)
  return requestThrough.call(agent, { method: 'GET', ...options, origin, path: pathname + search })
}
