import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import t from 'tap'
import {
  type AppFile,
  givenBy,
  httpRequestOf,
  nodeOf,
  type Run,
  readApp,
  readBy,
  runApp,
  send,
  valuesOf,
} from '../fixtures/dify-app.js'
import type { Router } from '../fixtures/process.js'
import { inProject } from '../fixtures/project.js'
import { DIFY_TOKEN } from '../fixtures/settings.js'
import { bodyOf, conversationOf, ID, messagesOf, openShop, told, USER, until } from '../fixtures/shop.js'

const SYS = /^sys\.(query|workflow_run_id)$/

const envFor = (router: Router) => ({ ROUTER_URL: `http://127.0.0.1:${router.port}`, ROUTER_TOKEN: DIFY_TOKEN })

/** Where one can get to from a node; edges that lead back are followed once. */
function reachedFrom({ workflow }: AppFile, id: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(id)) return seen
  seen.add(id)
  for (const { source, target } of workflow.graph.edges) {
    if (source === id) reachedFrom({ workflow } as AppFile, target, seen)
  }
  return seen
}

for (const name of readdirSync(inProject('examples/dify')).filter((file) => file.endsWith('.yml'))) {
  t.test(`the example ${name} is complete`, async (t) => {
    const app = readApp(name)
    t.match(app, {
      version: '0.6.0',
      kind: 'app',
      app: { mode: /^(workflow|advanced-chat)$/, name: /^Message router, / },
    })
    const { environment_variables: variables, graph } = app.workflow
    const { nodes, edges } = graph
    const ids = [...nodes, ...edges, ...variables].map(({ id }) => id)
    t.same([...new Set(ids)], ids, 'each id is there once')

    for (const { id, source, sourceHandle, target, data } of edges) {
      t.equal(id, `${source}-${sourceHandle}-${target}-target`)
      t.equal(nodeOf(app, source).data.type, data.sourceType)
      t.equal(nodeOf(app, target).data.type, data.targetType)
    }
    for (const node of nodes) {
      for (const read of readBy(node)) {
        const [from = '', field = ''] = read.split('.')
        if (from === 'sys') t.match(read, SYS)
        else if (from === 'env')
          t.ok(
            variables.some((one) => one.name === field),
            `${node.id} reads ${read}`,
          )
        else {
          t.ok(givenBy(nodeOf(app, from)).includes(field), `${node.id} reads ${read}`)
          t.ok(reachedFrom(app, from).has(node.id), `${from} runs before ${node.id}`)
        }
      }
      t.notMatch(JSON.stringify(node).replace(/\{\{#\w+\.\w+#\}\}/g, ''), /\{\{|#\}/, 'no template is broken')
      const isLast = node.data.type === 'end' || node.data.type === 'answer'
      const handles = edges.filter(({ source }) => source === node.id).map(({ sourceHandle }) => sourceHandle)
      t.same(handles.sort(), isLast ? [] : node.data.type === 'if-else' ? ['false', 'true'] : ['source'], node.id)
    }
    const [start, ...others] = nodes.filter(({ data }) => data.type === 'start')
    t.same(others, [])
    t.same([...reachedFrom(app, start!.id)].sort(), nodes.map(({ id }) => id).sort(), 'every node is reached')

    for (const { name, selector, value, value_type } of variables) {
      t.same(selector, ['env', name])
      t.equal(value_type, name === 'ROUTER_TOKEN' ? 'secret' : 'string')
      t.equal(value, name === 'ROUTER_TOKEN' ? '' : 'https://router.example.com')
    }
    for (const { data } of nodes.filter(({ data }) => data.type === 'http-request')) {
      t.notMatch(data['url'], /\?/, 'the query stands in the table')
      // A plain header stands in clear text in the logs of Dify's runs.
      t.notMatch(data['headers'], /authorization/i)
      t.same(data['authorization'], {
        type: 'api-key',
        config: { type: 'bearer', api_key: '{{#env.ROUTER_TOKEN#}}', header: '' },
      })
    }
    for (const { data } of nodes.filter(({ data }) => data.type === 'llm')) {
      t.equal(data['reasoning_format'], 'separated')
    }
  })
}

t.test('a workflow that sends by itself', async (t) => {
  const app = readApp('sends-itself.yml')
  const shop = await openShop(t, { app: { kind: 'workflow' }, settings: { REPLIES: 'dify' } })
  const router = await shop.start()
  const env = envFor(router)
  const conversation = () => conversationOf(router)
  const say = (question: string) => `You asked:\n"${question}"`
  let inputs: Record<string, unknown> = {}
  const run = (): Promise<Run> => runApp(app, { inputs, env, sys: { workflow_run_id: randomUUID() }, say })

  await t.test('the example workflow marks, sends, and its echo is recognised', async (t) => {
    await shop.customer('what does it cost?')
    await until(() => shop.dify.calls.length === 1)
    inputs = bodyOf(shop.dify.calls[0]).inputs
    const { path, requests, outputs } = await run()
    t.same(path, ['start', 'llm', 'mark', 'may_answer', 'to_json', 'send', 'sent'])
    t.match(requests[0]?.url, /\/api\/mark-bot-response\?conversation_id=\d+-\d+&only_if_on=true$/)
    t.match(outputs, { send_status: 202, answer: 'You asked:\n"what does it cost?"' })
    const messages = await until(
      () => messagesOf(router),
      ([, answer]) => answer?.evidence,
    )
    t.match(messages, [
      { type: 'customer' },
      { type: 'AI', status: 'sent', evidence: /^(message_id|text)$/, content: say('what does it cost?') },
    ])
    t.equal(messages.length, 2, 'once')
    t.same(shop.sent(), [say('what does it cost?')])
    t.match(await conversation(), { flags: 0, bot: { enabled: true } })
  })

  await t.test('a long answer leaves in parts, under one flag', async (t) => {
    const text = 'A sentence of a long answer. '.repeat(100)
    await runApp(app, { inputs, env, sys: { workflow_run_id: randomUUID() }, say: () => text })
    await until(
      () => messagesOf(router),
      (messages) => messages.length === 5 && messages.every((one) => one.type === 'customer' || one.evidence),
    )
    t.match(await conversation(), { flags: 0, bot: { enabled: true } })
  })

  await t.test('a mark that is tried again raises no second flag', async (t) => {
    const mark = (id: string) =>
      send(httpRequestOf(nodeOf(app, 'mark'), valuesOf(app, { inputs, env, sys: { workflow_run_id: id } })))
    t.match(await mark('run-1'), { status: 200, text: /"proceed":true/ })
    await mark('run-1')
    t.match(await conversation(), { flags: 1 })
    await mark('run-2')
    t.match(await conversation(), { flags: 2 }, 'another run is another answer')
    await router.call(`/api/mark-bot-response?conversation_id=${ID}&count=0`, { method: 'POST' })
  })

  await t.test('a send that is tried again sends nothing twice, and one that is refused fails the run', async (t) => {
    const id = randomUUID()
    const before = shop.sent().length
    const again = () => runApp(app, { inputs, env, sys: { workflow_run_id: id }, say: () => 'only once' })
    await again()
    await again()
    await until(() => shop.sent().length > before)
    t.same(shop.sent().slice(before), ['only once'])
    await until(async () => (await messagesOf(router)).at(-1)?.evidence)
    await router.call(`/api/mark-bot-response?conversation_id=${ID}&count=0`, { method: 'POST' })
    await t.rejects(runApp(app, { inputs, env: { ...env, ROUTER_TOKEN: 'wrong' } }), /mark: 401/)
  })

  await t.test('a person who writes while the model does is not talked over', async (t) => {
    const before = shop.sent().length
    const { path } = await runApp(app, {
      inputs,
      env,
      sys: { workflow_run_id: randomUUID() },
      async say() {
        await shop.person('let me see')
        return 'the bot speaks'
      },
    })
    t.same(path, ['start', 'llm', 'mark', 'may_answer', 'left_to_people'])
    t.equal(shop.sent().length, before)
    t.match(await conversation(), { flags: 0, bot: { enabled: false, reason: 'human_echo' } })
    await router.call(`/api/conversations/${ID}/bot`, { method: 'PUT', body: { enabled: true } })
  })

  await t.test('the example workflow does not answer during a takeover', async (t) => {
    await shop.person('I am here')
    const before = shop.sent().length
    const { path, requests, outputs } = await run()
    t.same(path, ['start', 'llm', 'mark', 'may_answer', 'left_to_people'])
    t.equal(requests.length, 1)
    t.match(outputs, { skipped: /"proceed":false/ })
    t.equal(shop.sent().length, before)
    t.match(await conversation(), { flags: 0, bot: { enabled: false, reason: 'human_echo' } })
  })
})

t.test('a chatflow whose answer the router sends', async (t) => {
  const app = readApp('router-sends.yml')
  const shop = await openShop(t, { app: { kind: 'chatflow' } })
  const router = await shop.start()
  await shop.customer('hello')
  await until(() => shop.sent().length === 1)
  const { inputs, query } = bodyOf(shop.dify.calls[0])
  const known = givenBy(nodeOf(app, 'start'))
  t.same([...Object.keys(inputs), 'human_transcript'].sort(), [...known].sort(), 'it knows whatever the router tells')
  t.notOk(nodeOf(app, 'start').data['variables'].some(({ required }: { required: boolean }) => required))
  const { outputs } = await runApp(app, { inputs, sys: { query }, say: (question) => `You said: ${question}` })
  t.same(outputs, { answer: 'You said: hello' })
  t.same(await told(router), ['customer processed: hello', 'AI sent: You said: hello'])
})

t.test('a chatflow that marks first and thinks afterwards', async (t) => {
  const app = readApp('flag-first.yml')
  const shop = await openShop(t, { app: { kind: 'chatflow' } })
  const router = await shop.start()
  const think = (say: (question: string) => Promise<string>): Promise<Run> => {
    const { inputs, query } = bodyOf(shop.dify.calls.at(-1))
    return runApp(app, { inputs, env: envFor(router), sys: { query, workflow_run_id: randomUUID() }, say })
  }

  await t.test('the example workflow raises no flag while the router waits for its answer', async (t) => {
    shop.dify.always({ key: 'app-1', fault: { chunkDelayMs: 500 } })
    await shop.customer('hello')
    await until(() => shop.dify.calls.length === 1)
    const { path } = await think(async () => 'You said: hello')
    t.same(path, ['start', 'mark', 'llm', 'answer'])
    t.match(await conversationOf(router), { flags: 0, bot: { enabled: true } })
    const messages = await until(
      () => messagesOf(router),
      (all) => all.at(-1)?.evidence,
    )
    t.match(messages.at(-1), { type: 'AI', evidence: /^(message_id|text)$/ })
  })

  await t.test('a person who writes while the model does is a person, and is not talked over', async (t) => {
    await shop.customer('and now?')
    await until(() => shop.dify.calls.length === 2)
    await think(async () => {
      await shop.person('let me see')
      return 'the bot speaks'
    })
    t.match((await messagesOf(router)).at(-1), { type: 'support', evidence: 'none' })
    t.match(await conversationOf(router), { flags: 0, bot: { enabled: false, reason: 'human_echo' } })
    await until(() => shop.dify.stops.length === 1)
    t.equal(shop.sent().length, 1)
  })
})

t.test('a tool that hands over', async (t) => {
  const app = readApp('handover-tool.yml')
  const shop = await openShop(t)
  const router = await shop.start()
  const reason = 'They said:\n"a person, please"'
  await runApp(app, { inputs: { conversation_id: ID, reason }, env: envFor(router) })
  t.match(await conversationOf(router), {
    user_id: USER,
    bot: { enabled: false, reason: 'api', paused_until: null, note: reason },
  })
  await runApp(app, { inputs: { conversation_id: ID }, env: envFor(router) })
  t.match(await conversationOf(router), {
    bot: { enabled: false, reason: 'api', note: 'handed over by the assistant' },
  })
  await t.rejects(runApp(app, { inputs: { conversation_id: 'start.conversation_id' }, env: envFor(router) }), /400/)
})
