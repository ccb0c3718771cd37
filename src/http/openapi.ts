import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { Type } from 'typebox'
import { refusals, SHAPES } from './shapes.js'

/** `GET /openapi.json`: the whole API, made of the routes' own schemas. It is open, and holds no data. */

const DESCRIBED = {
  tags: ['Operating'],
  operationId: 'getOpenApi',
  summary: 'This document.',
  response: {
    200: Type.Object({ openapi: Type.String() }, { description: 'OpenAPI 3.1.', additionalProperties: true }),
  },
}

/** To be called before any route is registered: it looks on as they are. */
export async function describe(app: FastifyInstance, version: string): Promise<void> {
  // The schemas of answers describe them, and do not make them: what an answer holds stands in one place, its own.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
  await app.register(swagger, {
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
      tags: [
        { name: 'Dify', description: 'What an assistant needs; a token from DIFY_TOKENS is enough.' },
        { name: 'Conversations', description: 'What is going on, and what was said.' },
        { name: 'Dead letters', description: 'What could not be sent.' },
        { name: 'Channels', description: 'The connected pages.' },
        { name: 'Live', description: 'Everything that happens, as it happens.' },
        { name: 'Operating', description: 'For those who run it.' },
        { name: 'Meta', description: 'What Meta calls.' },
      ],
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'One of API_TOKENS, DIFY_TOKENS or a channel’s difyTokens.',
          },
        },
      },
    },
    transform: ({ schema, url }) => ({ schema: withWhatAllHave(schema, url), url }),
    transformObject: (made) => withReferences((made as Extract<typeof made, { openapiObject: unknown }>).openapiObject),
  })
}

export async function openapi(app: FastifyInstance): Promise<void> {
  let made: object | null = null
  app.get('/openapi.json', { schema: DESCRIBED }, async ({ protocol, host }) => {
    made ??= app.swagger()
    // Whoever imports the document calls the address that it came from. Behind a proxy that is for TRUST_PROXY to know.
    const url = HOST.test(host) ? `${protocol}://${host}` : '/'
    return { ...made, servers: [{ url }] }
  })
}

const HOST = /^[\w.[\]:-]{1,255}$/
const BEHIND_TOKEN = /^\/(api\/|ws$|metrics$)/
const OF_ALL = refusals({ 405: 'Another method than there is here; Allow names those that there are.' })
const OF_TOKENS = refusals({
  401: 'The token is missing or wrong.',
  403: 'This token may not do it.',
  429: 'Too many requests; Retry-After says when to come again.',
})
const OF_STORE = refusals({ 503: 'The store is out of reach or full; Retry-After says when to come again.' })

function withWhatAllHave(schema: FastifySchema, url: string): FastifySchema {
  const isBehindToken = BEHIND_TOKEN.test(url)
  const own = schema.response as Record<string, unknown>
  const common = isBehindToken ? { ...OF_ALL, ...OF_TOKENS, ...OF_STORE } : OF_ALL
  return { ...schema, security: isBehindToken ? [{ token: [] }] : [], response: { ...own, ...common } }
}

/** What has one name in many places stands in one of them. */
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
