import type { FastifyInstance } from 'fastify'
import { type ReadBody, RouterError } from '../../engine/ports.js'

/** Three times the size of the longest text in the alphabet that takes most bytes. */
export const MOST_BODY_BYTES = 256 * 1024

/** Registers a parser that reads bodies of any content type as text and passes them to `parse`, which may throw. */
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
 * Accepts JSON and form bodies by their content rather than their Content-Type: Dify's HTTP node and people with curl
 * send JSON under any type or none.
 */
export function readAnyBody(app: FastifyInstance, readBody: ReadBody): void {
  readAsText(app, readBody, (body) => {
    try {
      return body === '' ? undefined : JSON.parse(body)
    } catch {
      throw new RouterError('invalid_request', 'The body is not JSON.')
    }
  })
  // Fastify would refuse an unparsable Content-Type before it calls any parser.
  app.addHook('onRequest', (request, _reply, done) => {
    request.raw.headers['content-type'] = 'text/plain'
    done()
  })
}
