import { createConfig, lintFromString } from '@redocly/openapi-core'
import t from 'tap'
import { startApp } from '../../fixtures/app.js'
import { DIFY_TOKEN } from '../../fixtures/settings.js'

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
  const listed = start.msg
    .replace(/^.*routes: /, '')
    .replace(' (Instagram Bot Flag)', '')
    .split(', ')
  const routes = listed.map((route) => route.replace(/:(\w+)/g, '{$1}'))
  const described = operations(document)
  t.same(described.map(({ name }) => name).toSorted(), routes.toSorted())
  for (const { name, operation } of described) {
    t.match(operation, { operationId: /^[a-z]\w+$/i, summary: /\w/, tags: [/\w/] }, name)
    const statuses = Object.keys(operation.responses)
    for (const status of ['405', '500']) t.ok(statuses.includes(status), `${name}: ${status}`)
    for (const [status, { headers }] of Object.entries<Json>(operation.responses)) {
      const header = status === '405' ? 'Allow' : status === '429' || status === '503' ? 'Retry-After' : null
      if (header !== null) t.match(headers[header].description, /\w/, `${name}: ${status} has ${header}`)
    }
    const asked = JSON.stringify([operation.parameters ?? [], operation.requestBody ?? {}])
    t.notMatch(asked, /anyOf|oneOf|\$ref|"null"/, `${name}: what is asked for has one type each`)
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
  t.equal(odd.headers['cache-control'], 'no-store')
  for (const host of ['::::', 'a..b', '-a', 'a:b', '[', `${'a.'.repeat(200)}b`]) {
    t.same((await app.call('/openapi.json', { headers: { host } })).json.servers, [{ url: '/' }], host)
  }
  for (const host of ['router.shop.test:8443', '[2001:db8::1]:3000', '10.0.0.1', 'a_b-c.internal.']) {
    t.same((await app.call('/openapi.json', { headers: { host } })).json.servers, [{ url: `http://${host}` }])
  }
  const proxied = await startApp(t, { TRUST_PROXY: 'on' })
  const headers = { host: 'inside:3000', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'router.shop.test' }
  t.same((await proxied.call('/openapi.json', { headers })).json.servers, [{ url: 'https://router.shop.test' }])
  const scheme = { ...headers, 'x-forwarded-proto': 'javascript' }
  t.same((await proxied.call('/openapi.json', { headers: scheme })).json.servers, [{ url: '/' }])
})

t.test('the document holds nothing of the settings', async (t) => {
  const secrets = { META_APP_SECRETS: 'hidden-secret', META_VERIFY_TOKEN: 'hidden-word' }
  const app = await startApp(t, secrets, [
    { id: '123456789', platform: 'instagram', name: 'hidden_shop', token: 'hidden' },
  ])
  const { text } = await app.call('/openapi.json', { token: null })
  t.notMatch(text, /hidden|123456789/)
  t.notMatch(text, DIFY_TOKEN)
})

t.test('each tag is a document of its own, and together they are the whole', async (t) => {
  const app = await startApp(t)
  const whole = await documentOf(app)
  const all: string[] = []
  for (const { name } of whole.tags) {
    const word = name.toLowerCase().replace(' ', '-')
    const { status, json } = await app.call(`/openapi.json?for=${word}`, { token: null, headers: { host: HOST } })
    t.equal(status, 200)
    t.same(json.tags, [{ name, description: json.tags[0].description }])
    t.same(json.servers, whole.servers)
    all.push(...operations(json).map((each) => each.name))
    const used = new Set([...JSON.stringify(json).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, of]) => of))
    t.same(Object.keys(json.components.schemas), [...used].toSorted(byPlaceIn(Object.keys(whole.components.schemas))))
    const config = await createConfig({ extends: ['recommended-strict'] })
    const problems = await lintFromString({ source: JSON.stringify(json), absoluteRef: 'openapi.json', config })
    t.same(
      problems.map(({ ruleId }) => ruleId).filter((rule) => rule !== 'operation-2xx-response'),
      [],
      name,
    )
  }
  t.same(
    all.toSorted(),
    operations(whole)
      .map(({ name }) => name)
      .toSorted(),
  )
  t.match(await app.call('/openapi.json?for=nobody'), {
    status: 400,
    json: { code: 'invalid_request', message: /^for must be one of: dify, conversations, dead-letters, / },
  })
})

const byPlaceIn =
  (names: readonly string[]) =>
  (one: string | undefined, other: string | undefined): number =>
    names.indexOf(one ?? '') - names.indexOf(other ?? '')

t.test('what is for Dify is what a token of Dify’s may call', async (t) => {
  const app = await startApp(t)
  const whole = operations(await documentOf(app)).map(({ name }) => name)
  const { json } = await app.call('/openapi.json?for=dify')
  const forDify = new Set(operations(json).map(({ name }) => name))
  t.same(Object.keys(json.components.securitySchemes), ['token'])
  for (const name of whole.filter((each) => / \/api\//.test(each))) {
    const [method, path] = name.split(' ') as ['GET', string]
    const url = path.replace('/conversations/{id}', '/conversations/17841400000000001-7').replace(/\{\w+\}/g, '1')
    const { status, json: said } = await app.call(url, { method, token: DIFY_TOKEN })
    t.equal(status === 403 && said.code === 'forbidden', !forDify.has(name), `${name}: ${status}`)
  }
})
