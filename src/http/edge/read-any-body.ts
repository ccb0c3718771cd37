import type { FastifyInstance } from 'fastify'
import { RouterError } from '../../engine/ports.js'

/**
 * Dify's HTTP node, and people with curl, send JSON under whatever Content-Type their tool puts there, or none at all.
 * What a body is shows in the body.
 */
export function readAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(body as string))
    } catch {
      done(new RouterError('invalid_request', 'The body is not JSON.'))
    }
  })
  // One that cannot be read at all would be refused before any parser is asked.
  app.addHook('onRequest', (request, _reply, done) => {
    request.raw.headers['content-type'] = 'text/plain'
    done()
  })
}
