import Ajv from 'ajv'
import t from 'tap'
import { answerObject, nothing, refusals, shape } from '../../src/http/shapes.js'
import { startPretendGraph } from '../../src/simulator/graph.js'
import { type Call, startApp } from '../fixtures/app.js'
import { until } from '../fixtures/shop.js'
import { delivery, echoTo, fromCustomer } from '../fixtures/webhooks.js'

// biome-ignore lint/suspicious/noExplicitAny: a document of someone else's shape
type Json = any

/** So that a key which nobody described is found. */
const closed = (schema: Json): Json => {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return schema.properties ? { ...inner, additionalProperties: schema.additionalProperties ?? false } : inner
}

t.test('responses match their schemas, to the last key', async (t) => {
  const graph = await startPretendGraph({ pages: { '1': {} } })
  t.teardown(() => graph.close())
  graph.script({ page: '1', faults: [{ error: { code: 551 } }, { error: { code: 551 } }] })
  const app = await startApp(t, {}, [
    {
      id: '1',
      platform: 'instagram',
      token: 'x',
      graphUrl: `${graph.url}/v26.0`,
      owner: { id: '9', email: 'owner@shop.test' },
    },
    { id: '2', platform: 'instagram' },
  ])
  const document = (await app.call('/openapi.json')).json
  const ajv = new Ajv.default({ strict: false, validateFormats: false })
  ajv.addSchema(closed(document), 'document')
  const seen = new Set<string>()

  async function fits(route: string, status: number, call: Call = {}, path = route.split(' ')[1]!): Promise<Json> {
    const [method, pattern] = route.split(' ') as [Call['method'], string]
    const answer = await app.call(path, { method: method!, ...call })
    t.equal(answer.status, status, `${route} ${answer.text}`)
    const described = document.paths[pattern][method!.toLowerCase()].responses[String(status)]
    const content = described.content?.['application/json']
    if (content === undefined) t.equal(answer.text, '', `${route}: no body`)
    else {
      const pointer = `#/paths/${pattern.replaceAll('/', '~1').replace(/[{}]/g, encodeURIComponent)}/${method!.toLowerCase()}`
      const validate = ajv.compile({ $ref: `document${pointer}/responses/${status}/content/application~1json/schema` })
      t.ok(validate(answer.json), `${route} ${status}: ${ajv.errorsText(validate.errors)}`)
    }
    seen.add(`${route} ${status}`)
    return answer.json
  }

  const post = { 'x-hub-signature-256': 'sha256=0' }
  const picture = { type: 'image', payload: { url: 'https://cdn.test/a.jpg' } }
  const asked = fromCustomer('7', { mid: 'm', attachments: [picture] }, { page: '1' })
  const hook = await app.deliver(delivery([asked, echoTo('7', { mid: 'e', text: 'hi' }, { page: '1' })], { page: '1' }))
  const webhook = document.paths['/webhook'].post.responses['200'].content['application/json'].schema
  const isAsDescribed = ajv.compile(closed(webhook))
  t.ok(isAsDescribed(hook.json), ajv.errorsText(isAsDescribed.errors))
  await fits('POST /webhook', 401, { body: '{}', headers: post })

  const id = '/api/conversations/1-7'
  await fits('GET /api/conversations', 200)
  await fits('GET /api/conversations', 400, {}, '/api/conversations?cursor=x')
  await fits('GET /api/conversations/{id}', 200, {}, id)
  await fits('GET /api/conversations/{id}', 400, {}, '/api/conversations/x')
  await fits('GET /api/conversations/{id}', 404, {}, '/api/conversations/1-8')
  await fits('GET /api/conversations/{id}', 401, { token: null }, id)
  t.equal((await fits('GET /api/conversations/{id}/messages', 200, {}, `${id}/messages`)).messages.length, 2)
  await fits('PUT /api/conversations/{id}/bot', 200, { body: { enabled: false, for: '2h', reason: 'x' } }, `${id}/bot`)
  await fits('PUT /api/conversations/{id}/bot', 400, { body: { enabled: 1 } }, `${id}/bot`)
  await fits('POST /api/messages', 200, { body: { conversation_id: '1-7', text: 'not now' } })
  await fits('POST /api/messages', 202, { body: { conversation_id: '1-7', text: 'hi', author: 'support' } })
  await fits('POST /api/messages', 400, { body: {} })
  const letters = async () => (await app.call('/api/dead-letters')).json.dead_letters
  await until(letters, ({ length }: Json) => length === 1)
  const [letter] = (await fits('GET /api/dead-letters', 200)).dead_letters
  await fits('POST /api/dead-letters/{id}/redrive', 202, {}, `/api/dead-letters/${letter.id}/redrive`)
  await until(letters, ({ length }: Json) => length === 1)
  await fits('DELETE /api/dead-letters/{id}', 204, {}, `/api/dead-letters/${letter.id}`)
  await fits('DELETE /api/dead-letters/{id}', 404, {}, `/api/dead-letters/${letter.id}`)
  await fits('PUT /api/conversations/{id}/state', 200, { body: { state: 'closed' } }, `${id}/state`)
  const mark = '/api/mark-bot-response'
  await fits(`POST ${mark}`, 200, {}, `${mark}?conversation_id=1-7`)
  await fits(`POST ${mark}`, 400, {}, `${mark}?conversation_id=x`)
  await fits(`POST ${mark}`, 404, {}, `${mark}?conversation_id=9-7`)
  await fits('POST /api/sent-messages', 200, { body: { conversation_id: '1-7', text: 'ours' } })
  await fits('GET /api/channels', 200)
  await fits('POST /api/live-tickets', 200)
  const { login } = await fits('POST /api/console-logins', 200)
  await fits('POST /console/login', 200, { token: login })
  await fits('POST /console/login', 401, { token: login })
  await fits('GET /ws', 400)
  await fits('GET /health', 200)
  await fits('GET /health', 405, { method: 'POST' })
  await fits('GET /health/ready', 200)
  await fits('DELETE /api/conversations/{id}', 204, {}, id)
  t.ok(seen.size > 25)
})

t.test('a shape’s meaning is described where it is used', async (t) => {
  t.match(shape('Failure', 'No.'), { type: 'object', title: 'Failure', description: 'No.' })
  t.match(answerObject('Done.', {}), { type: 'object', description: 'Done.' })
  t.match(nothing('Gone.'), { type: 'null', description: 'Gone.' })
  t.same(refusals({ 404: 'Not here.' }), { 404: shape('Failure', 'Not here.') })
})
