import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import Fastify, { type FastifyInstance, type FastifyPluginAsync, type FastifySchema, type RouteOptions } from 'fastify'
import { RouterError } from '../../engine/ports.js'
import { lazy } from '../../lazy.js'
import { Type } from '../../schema.js'
import { COMPILERS } from '../edge/compilers.js'
import { leastNumberOf } from '../edge/number-text.js'
import { type Document, partOf, wordOf } from '../openapi-part.js'
import { refusals, SHAPES, UNCHECKED } from '../shapes.js'

/** `GET /openapi.json`: the whole API, generated from the routes' schemas. Needs no token and holds no data. */

const TAGS = [
  { name: 'Dify', description: 'What an assistant needs; a token from DIFY_TOKENS is enough.' },
  { name: 'Conversations', description: 'What is going on, and what was said.' },
  { name: 'Dead letters', description: 'What could not be sent.' },
  { name: 'Channels', description: 'The connected pages.' },
  { name: 'Live', description: 'Everything that happens, as it happens.' },
  { name: 'Operating', description: 'For those who run it.' },
  { name: 'Meta', description: 'What Meta calls.' },
]
const WORDS: readonly string[] = TAGS.map(({ name }) => wordOf(name))
const DESCRIBED = {
  tags: ['Operating'],
  operationId: 'getOpenApi',
  summary: 'This document.',
  querystring: Type.Object({
    for: Type.Optional(
      Type.Enum(WORDS, { type: 'string', description: 'Only what has this tag: dify for what an assistant may call.' }),
    ),
  }),
  response: {
    200: Type.Object({ openapi: Type.String() }, { description: 'OpenAPI 3.1.', additionalProperties: true }),
  },
}

export type Described = Pick<RouteOptions, 'method' | 'url' | 'schema' | 'handler'>

/** Must be called before routes are registered: it hooks into their registration. */
export function recordRoutes(app: FastifyInstance): readonly Described[] {
  const routes: Described[] = []
  app.addHook('onRoute', ({ method, url, schema, handler }) => {
    if (method !== 'HEAD') routes.push({ method, url, schema: schema!, handler })
  })
  return routes
}

export async function openapi(
  app: FastifyInstance,
  { routes, version }: { readonly routes: readonly Described[]; readonly version: string },
): Promise<void> {
  let whole: Promise<Document> | null = null
  const parts = new Map<string, Document>()
  app.get<{ Querystring: { readonly for?: string } }>(
    '/openapi.json',
    // Checked here: loading the validator takes as long as making the document.
    { schema: DESCRIBED, ...UNCHECKED },
    async (request, reply) => {
      const { protocol, host, query } = request
      if (query.for !== undefined && !WORDS.includes(query.for))
        throw new RouterError('invalid_request', `for must be one of: ${WORDS.join(', ')}.`)
      whole ??= documentOf(routes, version)
      const document = await whole
      const made = query.for === undefined ? document : (parts.get(query.for) ?? partOf(document, query.for))
      if (query.for !== undefined) parts.set(query.for, made)
      // The document names the address at which it was requested, so that importers call that one. Behind a proxy this
      // needs TRUST_PROXY.
      const url = /^https?$/.test(protocol) && HOST.test(host) ? `${protocol}://${host}` : '/'
      // The document depends on the request's address: a cache must not serve it to others.
      reply.header('cache-control', 'no-store')
      return { ...made, servers: [{ url }] }
    },
  )
}

const swagger = lazy<{ readonly default: FastifyPluginAsync<FastifyDynamicSwaggerOptions> }>('@fastify/swagger')

/**
 * The swagger plugin hooks into the registration of routes: they are registered once more, with a server that never
 * listens, when the document is first requested. At the start the plugin would take a tenth of its time.
 */
async function documentOf(routes: readonly Described[], version: string): Promise<Document> {
  const app = Fastify({ exposeHeadRoutes: false, schemaController: { compilersFactory: COMPILERS } })
  await app.register(swagger().default, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Message router',
        version,
        description:
          'Knows who wrote each message in an Instagram or Messenger thread, the bot or a person, and keeps the bot quiet ' +
          'when a person steps in.',
        license: { name: 'MIT', identifier: 'MIT' } as never,
      },
      tags: TAGS,
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description:
              'One of API_TOKENS; for what is tagged Dify also one of DIFY_TOKENS or of the channel’s difyTokens. With ' +
              'API_AUTH=none markBotResponse and reportSentMessage need none.',
          },
          ticket: {
            type: 'apiKey',
            in: 'query',
            name: 'ticket',
            description: 'From createLiveTicket: for browsers, which cannot send a token along with a WebSocket.',
          },
        },
      },
    },
    transform: ({ schema, url, route }) => ({
      schema: withWhatAllHave(schema, url, url.startsWith('/api/') && /^P/.test(String(route.method))),
      url,
    }),
    transformObject: (made) => withReferences((made as Extract<typeof made, { openapiObject: unknown }>).openapiObject),
  })
  for (const route of routes) app.route(route)
  await app.ready()
  return app.swagger() as unknown as Document
}

/** A name, an IPv4 address or a bracketed IPv6 address, with an optional port. */
const HOST =
  /^(?=.{1,255}$)(?:[a-z\d](?:[\w-]*[a-z\d])?(?:\.[a-z\d](?:[\w-]*[a-z\d])?)*\.?|\[[a-f\d:.]{2,45}\])(?::\d{1,5})?$/i
const BEHIND_TOKEN = /^\/(api\/|ws$|metrics$)/
const OF_ALL = refusals({
  405: 'Another method than there is here; Allow names those that there are.',
  500: 'Something broke; the log has it under the X-Request-Id of this answer.',
})
const OF_TOKENS = refusals({
  401: 'The token is missing or wrong.',
  403: 'This token may not do it.',
  429: 'Too many requests; Retry-After says when to try again.',
  503: 'The store is out of reach or full; Retry-After says when to try again.',
})
const OF_BODIES = refusals({ 400: 'The body is not JSON.', 413: 'The body is larger than 256 KiB.' })

const RETRY_AFTER = {
  'Retry-After': { type: 'integer', minimum: 1, description: 'Seconds.', examples: [1] },
}
const HEADERS: Readonly<Record<string, object>> = {
  405: { Allow: { type: 'string', description: 'The methods that there are.', examples: ['GET, HEAD'] } },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
}

function withWhatAllHave(schema: FastifySchema, url: string, hasBody: boolean): FastifySchema {
  const isBehindToken = BEHIND_TOKEN.test(url)
  const own = schema.response as Record<string, object>
  const all = { ...(hasBody ? OF_BODIES : {}), ...own, ...OF_ALL, ...(isBehindToken ? OF_TOKENS : {}) }
  const response = Object.entries<object>(all).map(([status, answer]) => {
    const headers = HEADERS[status]
    return [status, headers === undefined ? answer : { ...answer, headers }]
  })
  return {
    ...schema,
    ...(schema.body === undefined ? {} : { body: inPlainTypes(schema.body) }),
    ...(schema.params === undefined ? {} : { params: inPlainTypes(schema.params) }),
    ...(schema.querystring === undefined ? {} : { querystring: inPlainTypes(schema.querystring) }),
    security: schema.security ?? (isBehindToken ? [{ token: [] }] : []),
    response: Object.fromEntries(response),
  }
}

/**
 * Gives each parameter a single type: importers that make tools of the document do not support unions. Null and the
 * empty string, which count as not given, are left out.
 */
function inPlainTypes(schema: unknown): object {
  const { anyOf, properties, ...rest } = schema as object & {
    readonly anyOf?: readonly { readonly type: string; readonly const?: string }[]
    readonly properties?: Readonly<Record<string, object>>
    readonly pattern?: string
  }
  if (anyOf !== undefined) {
    const choices = anyOf.filter((choice) => choice.type !== 'null' && choice.const !== '')
    const words = choices.flatMap(({ const: word }) => word ?? [])
    return words.length > 0 ? { type: 'string', enum: words, ...rest } : { ...inPlainTypes(choices[0]), ...rest }
  }
  if (properties === undefined) {
    const minimum = leastNumberOf(rest.pattern)
    if (minimum === null) return rest
    const { pattern: _, ...described } = rest
    return { ...described, type: 'integer', minimum }
  }
  const plain = Object.entries(properties).map(([name, property]) => [name, inPlainTypes(property)])
  return { ...rest, properties: Object.fromEntries(plain) }
}

/** Replaces titled schemas by `$ref`, so that each stands once in the document. */
function withReferences<T extends object>(document: T): T {
  const refer = (of: unknown): unknown => {
    if (Array.isArray(of)) return of.map(refer)
    if (typeof of !== 'object' || of === null) return of
    const { title } = of as { title?: unknown }
    return typeof title === 'string' && title in SHAPES ? { $ref: `#/components/schemas/${title}` } : inner(of)
  }
  const inner = (of: object) => Object.fromEntries(Object.entries(of).map(([key, value]) => [key, refer(value)]))
  const schemas = Object.fromEntries(Object.entries(SHAPES).map(([name, shape]) => [name, inner(shape)]))
  const made = inner(document) as T & { components: object }
  return { ...made, components: { ...made.components, schemas } }
}
