import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RouterError } from '../../engine/ports.js'
import type { Identify } from './auth.js'
import { ignoreBodies } from './body-parsers.js'

/**
 * Answers unknown paths with 404, and known paths called with another method with 405 and `Allow`. Redirects a
 * browser at `/` to `home`. Returns the list of known paths.
 */
export function answerUnknownRoutes(app: FastifyInstance, identify: Identify, home: string): () => readonly string[] {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', (route) => {
    const known = methods.get(route.url) ?? new Set()
    for (const method of [route.method].flat()) known.add(method)
    methods.set(route.url, known)
  })

  ignoreBodies(app)
  app.setNotFoundHandler(async (request: FastifyRequest, reply) => {
    const path = request.url.split('?', 1)[0]!
    for (const [pattern, known] of methods) {
      if (!fits(pattern, path)) continue
      reply.header('allow', [...known].join(', '))
      throw new RouterError('method_not_allowed', `Use ${[...known].join(' or ')} here.`)
    }
    if (path === '/' && isPageWanted(request)) return reply.redirect(home)
    // Without a token, paths under `/api/` are not disclosed.
    if (path.startsWith('/api/')) await identify(request, 'api')
    throw new RouterError('not_found', 'There is nothing here.')
  })

  return () =>
    [...methods].flatMap(([path, known]) =>
      [...known].filter((method) => method !== 'HEAD').map((method) => `${method} ${path}`),
    )
}

function isPageWanted({ method, headers }: FastifyRequest): boolean {
  return /^(GET|HEAD)$/.test(method) && /\btext\/html\b/i.test(headers.accept ?? '')
}

function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  return wanted.length === given.length && wanted.every((part, i) => part.startsWith(':') || part === given[i])
}
