import type { FastifyInstance } from 'fastify'
import { type ReadBody, RouterError } from '../../engine/ports.js'

/** A report of the longest text in the largest alphabet takes a third of it. */
export const MOST_BODY_BYTES = 256 * 1024

/** Bodies as text, of whatever kind: what becomes of one is for `parse` to say, which may throw. */
export function readAsText(app: FastifyInstance, readBody: ReadBody, parse: (body: string) => unknown): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (request, _payload, done) => {
    readBody(request.raw, MOST_BODY_BYTES, (error, body) => {
      if (error !== null) return done(error)
      try {
        done(null, parse(body.toString('utf8')))
      } catch (failure) {
        done(failure as Error)
      }
    })
  })
}

/**
 * Dify's HTTP node, and people with curl, send JSON under whatever Content-Type their tool puts there, or none at all.
 * What a body is shows in the body.
 */
export function readAnyBody(app: FastifyInstance, readBody: ReadBody): void {
  readAsText(app, readBody, (body) => {
    try {
      return body === '' ? undefined : JSON.parse(body)
    } catch {
      throw new RouterError('invalid_request', 'The body is not JSON.')
    }
  })
  // One that cannot be read at all would be refused before any parser is asked.
  app.addHook('onRequest', (request, _reply, done) => {
    request.raw.headers['content-type'] = 'text/plain'
    done()
  })
}
