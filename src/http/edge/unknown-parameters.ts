import type { FastifyInstance } from 'fastify'
import { RouterError } from '../../engine/ports.js'

/**
 * Refuses unknown query parameters of GET requests by name: a misspelt filter that is ignored returns everything and
 * looks like a valid answer. Routes that Dify calls stay tolerant, since its tools add parameters of their own.
 */
export function refuseUnknownParameters(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ method, query, routeOptions }) => {
    if ((method !== 'GET' && method !== 'HEAD') || (routeOptions.config.access ?? 'api') !== 'api') return
    const { properties = {} } = (routeOptions.schema?.querystring ?? {}) as { properties?: object }
    const known = Object.keys(properties)
    const unknown = Object.keys(query as object).find((name) => !known.includes(name))
    if (unknown === undefined) return
    const have = known.length === 0 ? 'it has none' : `those are: ${known.join(', ')}`
    const message = `${unknown.slice(0, 64)} is no parameter of this request; ${have}.`
    throw new RouterError('invalid_request', message, { logged: `A query parameter is not known; ${have}.` })
  })
}
