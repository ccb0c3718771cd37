import { createConfig, lintFromString } from '@redocly/openapi-core'
import t from 'tap'
import { startApp } from '../fixtures/app.js'
import { DIFY_TOKEN } from '../fixtures/settings.js'

const HOST = 'shop.test:8443'

// biome-ignore lint/suspicious/noExplicitAny: a document of someone else's shape
type Json = any

async function documentOf(app: Awaited<ReturnType<typeof startApp>>): Promise<Json> {
  const { status, headers, json } = await app.call('/openapi.json', { token: null, headers: { host: HOST } })
  t.equal(status, 200)
  t.match(headers['content-type'], 'application/json')
  return json
}

const operations = (document: Json): readonly { name: string; operation: Json }[] =>
  Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  )

t.test('a linter of OpenAPI finds nothing to say', async (t) => {
  const document = await documentOf(await startApp(t))
  const config = await createConfig({ extends: ['recommended-strict'] })
  const source = JSON.stringify(document)
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config })
  t.same(
    problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`),
    // A WebSocket is no success among others.
    ['operation-2xx-response: Operation must have at least one `2XX` response. #/paths/~1ws/get/responses'],
  )
})

t.test('every route there is stands in it, each with a name, a purpose and its refusals', async (t) => {
  const app = await startApp(t)
  const document = await documentOf(app)
  const start = app.log.find(({ msg }) => msg.startsWith('📍'))!
  const routes = (start['routes'] as readonly string[]).map((route) => route.replace(/:(\w+)/g, '{$1}'))
  const described = operations(document)
  t.same(described.map(({ name }) => name).toSorted(), routes.toSorted())
  for (const { name, operation } of described) {
    t.match(operation, { operationId: /^[a-z]\w+$/i, summary: /\w/, tags: [/\w/] }, name)
    const statuses = Object.keys(operation.responses)
    if (operation.security.length > 0) {
      for (const status of ['401', '403', '429', '503']) t.ok(statuses.includes(status), `${name}: ${status}`)
    }
  }
  t.equal(new Set(described.map(({ operation }) => operation.operationId)).size, described.length)
  const tagged = new Set(described.flatMap(({ operation }) => operation.tags))
  t.same([...tagged].toSorted(), document.tags.map(({ name }: Json) => name).toSorted())
})

t.test('the address in it is the one it was asked at', async (t) => {
  const app = await startApp(t)
  t.same((await documentOf(app)).servers, [{ url: `http://${HOST}` }])
  const odd = await app.call('/openapi.json', { headers: { host: 'a"b' } })
  t.same(odd.json.servers, [{ url: '/' }])
  const proxied = await startApp(t, { TRUST_PROXY: 'on' })
  const headers = { host: 'inside:3000', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'router.shop.test' }
  t.same((await proxied.call('/openapi.json', { headers })).json.servers, [{ url: 'https://router.shop.test' }])
})

t.test('nothing of the settings is in it', async (t) => {
  const secrets = { META_APP_SECRETS: 'hidden-secret', META_VERIFY_TOKEN: 'hidden-word' }
  const app = await startApp(t, secrets, [
    { id: '123456789', platform: 'instagram', name: 'hidden_shop', token: 'hidden' },
  ])
  const { text } = await app.call('/openapi.json', { token: null })
  t.notMatch(text, /hidden|123456789/)
  t.notMatch(text, DIFY_TOKEN)
})

/** What Dify makes of an operation when the document is imported as custom tools. */
function toolOf(operation: Json) {
  const typeOf = (of: Json): string => {
    const type = of.type ?? of.schema?.type
    // Dify looks the type up among words: a list of types would end the import.
    if (type !== undefined && typeof type !== 'string') throw new Error(`a type that is no word: ${JSON.stringify(of)}`)
    return type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'string'
  }
  const parameter = (name: string, of: Json, required: boolean) => {
    if (!of.description) throw new Error(`nobody would know what ${name} is`)
    return `${name}: ${typeOf(of)}${required ? '' : '?'}`
  }
  const inUrl = (operation.parameters ?? []).map((of: Json) => parameter(of.name, of, of.required ?? false))
  const body = operation.requestBody?.content['application/json'].schema ?? {}
  const inBody = Object.entries<Json>(body.properties ?? {}).map(([name, of]) =>
    parameter(name, of, (body.required ?? []).includes(name)),
  )
  const all = [...inUrl, ...inBody]
  const names = all.map((each) => each.split(':')[0])
  if (new Set(names).size < names.length) throw new Error(`a name twice: ${names.join(', ')}`)
  return { says: operation.description ?? operation.summary, takes: all }
}

t.test('imported into Dify, what an assistant needs become tools that it can use', async (t) => {
  const document = await documentOf(await startApp(t))
  t.match(document.servers[0].url, /^https?:\/\//)
  const tools = Object.fromEntries(
    operations(document)
      .filter(({ operation }) => operation.tags.includes('Dify'))
      .map(({ operation }) => [operation.operationId, toolOf(operation)]),
  )
  t.match(tools, {
    markBotResponse: {
      says: /whether|proceed/,
      takes: [
        'conversation_id: string',
        'count: number?',
        'ttl: string?',
        'text: string?',
        'only_if_on: boolean?',
        'idempotency-key: string?',
      ],
    },
    reportSentMessage: {
      takes: [
        'idempotency-key: string?',
        'conversation_id: string',
        'text: string?',
        'message_id: string?',
        'attachment: string?',
        'author: string?',
        'source: string?',
      ],
    },
    sendMessage: {
      takes: [
        'idempotency-key: string?',
        'conversation_id: string',
        'text: string?',
        'attachment: string?',
        'author: string?',
        'tag: string?',
      ],
    },
    setBot: {
      says: /hand the customer over/,
      takes: ['id: string', 'enabled: boolean', 'for: string?', 'reason: string?'],
    },
  })
  t.equal(Object.keys(tools).length, 4)
})
