import t from 'tap'
import { startPretendGraph } from '../../src/simulator/graph.js'
import { type Answer, type RunningApp, startApp } from '../fixtures/app.js'
import { DIFY_TOKEN } from '../fixtures/settings.js'
import { until } from '../fixtures/shop.js'
import { delivery, echoTo, fromCustomer, newMid } from '../fixtures/webhooks.js'

/** The document as Dify sees it: what its importer makes of it, and what its tools then send. */

// biome-ignore lint/suspicious/noExplicitAny: a document of someone else's shape
type Json = any
type Values = Readonly<Record<string, unknown>>

const SOON_PUBLIC = 'router.shop.test'
const ID = '1-7'

interface Tool {
  readonly says: string
  readonly takes: readonly string[]
  /** An object or a list is typed in as JSON. */
  readonly objects: readonly string[]
  call(app: RunningApp, values: Values): Promise<Answer>
}

/** As the importer does it: the type is one word, or it is a string; of a choice it sees nothing. */
function toolsOf(document: Json): Readonly<Record<string, Tool>> {
  const [{ url }] = document.servers
  t.match(url, /^https?:\/\/[^/]+$/, 'an address, which paths are put behind')
  const tools = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => [
      operation.operationId,
      toolOf(path, method as 'get', operation),
    ]),
  )
  return Object.fromEntries(tools)
}

function toolOf(path: string, method: string, operation: Json): Tool {
  const { operationId, parameters = [], requestBody } = operation
  t.match(operationId, /^[\w-]{1,64}$/)
  const body = requestBody?.content['application/json'].schema ?? {}
  const properties = Object.entries<Json>(body.properties ?? {})
  const described = (name: string, of: Json, isRequired: boolean) => {
    t.match(of.description, /\w/, `${operationId}: what ${name} is`)
    const type = of.type ?? of.schema?.type
    t.type(type, 'string', `${operationId}: the type of ${name} is one word`)
    const shown = type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'string'
    return `${name}: ${shown}${isRequired ? '' : '?'}`
  }
  const takes = [
    ...parameters.map((each: Json) => described(each.name, each, each.required === true)),
    ...properties.map(([name, each]) => described(name, each, (body.required ?? []).includes(name))),
  ]
  const names = takes.map((each) => each.split(':')[0])
  t.equal(new Set(names).size, names.length, `${operationId}: no name twice`)

  /** What is not given: in a path or a query its default, in a header nothing, which is sent; in a body it is left out. */
  async function call(app: RunningApp, values: Values): Promise<Answer> {
    let url = path
    const query = new URLSearchParams()
    const headers: Record<string, string> = {}
    for (const { name, in: place, schema } of parameters) {
      const value = String(values[name] ?? schema.default ?? '')
      if (place === 'path') url = url.replace(`{${name}}`, value)
      else if (place === 'header') headers[name] = value
      else if (value !== '') query.set(name, value)
    }
    const sent = properties.flatMap(([name, { type }]) => {
      const value = values[name]
      if (value === undefined) return []
      return [[name, type === 'object' && typeof value === 'string' && value !== '' ? JSON.parse(value) : value]]
    })
    if (requestBody !== undefined) headers['content-type'] = 'application/json'
    return app.call(`${url}?${query}`, {
      method: method.toUpperCase() as 'POST',
      headers,
      token: DIFY_TOKEN,
      ...(requestBody === undefined ? {} : { body: JSON.stringify(Object.fromEntries(sent)) }),
    })
  }

  const objects = properties.filter(([, { type }]) => type === 'object').map(([name]) => name)
  return { says: operation.description ?? operation.summary, takes, objects, call }
}

async function imported(app: RunningApp): Promise<Readonly<Record<string, Tool>>> {
  return toolsOf((await app.call('/openapi.json?for=dify', { token: null, headers: { host: SOON_PUBLIC } })).json)
}

t.test('imported into Dify, each operation becomes a tool with plain, explained parameters', async (t) => {
  const tools = await imported(await startApp(t))
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
      objects: ['attachment'],
    },
    sendMessage: {
      says: /cancelled/,
      takes: [
        'idempotency-key: string?',
        'conversation_id: string',
        'text: string?',
        'attachment: string?',
        'quick_replies: string?',
        'author: string?',
        'source: string?',
        'tag: string?',
      ],
      objects: ['attachment'],
    },
    setBot: {
      says: /hand the customer over/,
      takes: ['id: string', 'enabled: boolean', 'for: string?', 'reason: string?'],
    },
  })
})

t.test('calls of Dify’s tools are understood with only the required fields filled in', async (t) => {
  const graph = await startPretendGraph({ pages: { '1': {} } })
  t.teardown(() => graph.close())
  const channel = { id: '1', platform: 'instagram', token: 'x', graphUrl: `${graph.url}/v26.0` }
  const app = await startApp(t, { DIFY_TOKENS: DIFY_TOKEN }, [channel])
  const { markBotResponse, reportSentMessage, sendMessage, setBot } = await imported(app)
  await app.deliver(delivery([fromCustomer('7', { mid: newMid(), text: 'hi' }, { page: '1' })], { page: '1' }))

  const marked = await markBotResponse!.call(app, { conversation_id: ID })
  t.match(marked, { status: 200, json: { proceed: true, message: 'Bot flag set' } }, marked.text)
  await app.deliver(delivery([echoTo('7', { mid: newMid(), text: 'an answer' }, { page: '1' })], { page: '1' }))
  t.match((await app.call(`/api/conversations/${ID}`)).json.bot, { enabled: true }, 'the flag was good')

  const report = await reportSentMessage!.call(app, { conversation_id: ID, text: 'ours' })
  t.match(report, { status: 200, json: { matched: false } }, report.text)
  const picture = '{"type": "image", "url": "https://cdn.test/a.jpg"}'
  t.match(await reportSentMessage!.call(app, { conversation_id: ID, attachment: picture }), { status: 200 })
  t.match(await sendMessage!.call(app, { conversation_id: ID, attachment: picture }), { status: 202 })
  const given = { text: 'Your order has left.', attachment: '', author: '', tag: '' }
  const queued = await sendMessage!.call(app, { conversation_id: ID, ...given, 'idempotency-key': 'run-1' })
  t.match(queued, { status: 202, json: { status: 'queued' } }, queued.text)
  const sent = async () => (await app.call(`/api/conversations/${ID}/messages`)).json.messages
  await until(sent, (all: Json) => all.filter(({ status }: Json) => status === 'sent').length >= 5)

  const handedOver = await setBot!.call(app, { id: ID, enabled: false, reason: '' })
  t.match(handedOver, { status: 200, json: { bot: { enabled: false, paused_until: null } } }, handedOver.text)
  t.match((await markBotResponse!.call(app, { conversation_id: ID, only_if_on: true })).json, { proceed: false })
  t.match((await sendMessage!.call(app, { conversation_id: ID, text: 'more' })).json, { status: 'cancelled' })
})
