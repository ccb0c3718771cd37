import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type ReadBody, RouterError } from '../../engine/ports.js'

/**
 * How request bodies are parsed: each function decides for the routes of one scope, by the content alone. A
 * Content-Type is not looked at, since Dify's HTTP node and people with curl send JSON under any type or none.
 */

/** Three times the size of the longest text in the alphabet that takes most bytes. */
export const MOST_BODY_BYTES = 256 * 1024

/** For unknown paths: their bodies stay unread, so that no content type is refused before the 404. */
export function ignoreBodies(app: FastifyInstance): void {
  replaceParsers(app, (_request, done) => done(null))
}

export function parseBodiesAsText(app: FastifyInstance, readBody: ReadBody): void {
  readBodies(app, readBody, (body) => body)
}

/** An empty body is `undefined`, one of blanks as well; a byte order mark, as some programs write it, is a blank. */
export function parseBodiesAsJson(app: FastifyInstance, readBody: ReadBody): void {
  readBodies(app, readBody, (body) => {
    const text = body.trim()
    try {
      return text === '' ? undefined : JSON.parse(text)
    } catch {
      throw new RouterError('invalid_request', 'The body is not JSON.')
    }
  })
}

/** Fastify refuses a malformed Content-Type before it calls any parser. */
export function acceptAnyContentType(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    request.raw.headers['content-type'] = 'text/plain'
    done()
  })
}

type Done = (error: Error | null, body?: unknown) => void

function readBodies(app: FastifyInstance, readBody: ReadBody, parse: (body: string) => unknown): void {
  replaceParsers(app, (request, done) => {
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

function replaceParsers(app: FastifyInstance, parse: (request: FastifyRequest, done: Done) => void): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (request, _payload, done) => parse(request, done))
}
