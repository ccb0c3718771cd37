import t, { type Test } from 'tap'
import { NO_NAMES } from '../../src/conversation/state/state.js'
import { createDifyClient, type DifyParts } from '../../src/dify/client.js'
import type { AskOutcome } from '../../src/engine/providers.js'
import { answer as said } from '../fixtures/said.js'
import { type Answer, callOf, event, json, PING, pretend, question, stream } from './server.js'

const ids = { task_id: 't/1', conversation_id: 'c', message_id: 'm' }
const hello = event('message', { answer: 'Hello', ...ids })
const end = event('message_end', ids)
const answer = said('Hello', 'c')

async function setUp(t: Test, reply: Answer, parts: Partial<DifyParts> = {}) {
  const dify = await pretend(t, reply)
  const client = createDifyClient({ now: Date.now, lingerMs: 5, ...parts })
  t.teardown(() => client.close())
  return { ...dify, client }
}

/** Answers questions with `reply` and everything else with 200. */
const asking =
  (reply: Answer): Answer =>
  (asked, response) =>
    /chat-messages$|workflows\/run$/.test(asked.url)
      ? reply(asked, response)
      : json(response, 200, { result: 'success' })

t.test('a question is answered', async (t) => {
  const { client, assistant, asked } = await setUp(t, (_, response) => stream(response, PING, hello, end))
  t.same(await client.ask(assistant('chat'), question, callOf()), answer)
  t.match(asked, [
    { url: '/v1/chat-messages', headers: { authorization: 'Bearer app-key' }, body: { query: 'how much?' } },
  ])
  await client.close()
  t.equal(asked.length, 1, 'nothing is stopped')
})

t.test('many questions are asked at once', async (t) => {
  let waiting = 0
  const responses: Parameters<Answer>[1][] = []
  const { client, assistant } = await setUp(t, (_, response) => {
    responses.push(response)
    if (++waiting === 50) for (const each of responses) stream(each, hello, end)
  })
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.ask(assistant('chat'), question, callOf())))
  t.ok(answers.every(({ is }) => is === 'answer'))
})

t.test('a conversation that Dify has forgotten is begun anew', async (t) => {
  for (const [status, code] of [
    [404, 'not_found'],
    [400, 'conversation_completed'],
  ] as const) {
    const { client, assistant, asked } = await setUp(t, ({ body }, response) =>
      body.conversation_id ? json(response, status, { code }) : stream(response, hello, end),
    )
    t.same(await client.ask(assistant('chat'), { ...question, conversationId: 'old' }, callOf()), answer)
    t.same(
      asked.map(({ body }) => body.conversation_id),
      ['old', undefined],
    )
  }
})

t.test('an answer without a name goes with the conversation that it was asked in', async (t) => {
  const { client, assistant } = await setUp(t, (_, response) => stream(response, event('message_end')))
  const asked = { ...question, conversationId: 'old' }
  t.same(await client.ask(assistant('chat'), asked, callOf()), said('', 'old'))
})

t.test('without a known conversation a lost chat call is looked up in the newest one, or not found', async (t) => {
  const { client, assistant, asked } = await setUp(t, (_, response) => json(response, 404, {}))
  const notThere = { is: 'not_started', code: 'http_404', isWorthRetry: false, retryAfterMs: 0, isDown: false }
  t.same(await client.ask(assistant('chat'), question, callOf()), notThere)
  t.equal(asked.length, 1)
  t.same(await client.ask(assistant('chat'), { ...question, conversationId: 'old' }, callOf()), notThere)
  t.equal(asked.length, 3)
})

t.test('the retry in a new conversation shares the first attempt’s time-out', async (t) => {
  let now = 0
  const { client, assistant } = await setUp(
    t,
    ({ body }, response) => {
      now += 10_000
      if (body.conversation_id) json(response, 404, {})
    },
    { now: () => now, noProgressMs: 60_000 },
  )
  const asked = { ...question, conversationId: 'old' }
  t.same(await client.ask(assistant('chat'), asked, callOf({ timeoutMs: 10_300 })), { is: 'unknown', code: 'timeout' })
})

t.test('a call given up in between is not begun anew', async (t) => {
  const abort = new AbortController()
  const { client, assistant, asked } = await setUp(
    t,
    (_, response) => json(response, 404, {}),
    // The clock is looked at when an answer begins: a moment before its end.
    { now: () => (asked.length > 0 ? queueMicrotask(() => abort.abort()) : undefined) ?? 0 },
  )
  const call = callOf({ signal: abort.signal })
  t.same(await client.ask(assistant('chat'), { ...question, conversationId: 'old' }, call), { is: 'cancelled' })
  t.equal(asked.length, 1)
})

t.test('a call that was cancelled before its start asks nothing', async (t) => {
  const { client, assistant, asked } = await setUp(t, (_, response) => stream(response, hello, end))
  t.same(await client.ask(assistant('chat'), question, callOf({ signal: AbortSignal.abort() })), { is: 'cancelled' })
  t.same(asked, [])
})

t.test('a call that is given up has Dify stop, and does not wait for that', async (t) => {
  for (const [app, first, path] of [
    ['chat', hello, '/v1/chat-messages/t%2F1/stop'],
    ['workflow', event('workflow_started', ids), '/v1/workflows/tasks/t%2F1/stop'],
  ] as const) {
    const abort = new AbortController()
    const { client, assistant, has, asked } = await setUp(
      t,
      asking((_, response) => stream(response, first)),
    )
    const call = callOf({ signal: abort.signal, onNames: () => abort.abort() })
    t.same(await client.ask(assistant(app), question, call), { is: 'cancelled' })
    t.equal(asked.length, 1)
    t.match(await has('stop'), { method: 'POST', url: path, body: { user: '1-2' } })
  }
})

t.test('a call that is given up before Dify named its run has Dify stop it as soon as it is named', async (t) => {
  const abort = new AbortController()
  const { client, assistant, has } = await setUp(
    t,
    asking((_, response) => {
      abort.abort()
      setTimeout(() => stream(response, hello), 20)
    }),
    { lingerMs: 10_000 },
  )
  t.same(await client.ask(assistant('chat'), question, callOf({ signal: abort.signal })), { is: 'cancelled' })
  t.match(await has('stop'), { method: 'POST', url: '/v1/chat-messages/t%2F1/stop' })
})

t.test(
  'a run that says too much is stopped; one that takes too long or does not get on can be looked up first',
  async (t) => {
    const chatter = event('message', { answer: 'x'.repeat(20_001), ...ids })
    for (const [timeoutMs, noProgressMs, text, outcome, isStopped] of [
      [300, 10_000, hello, { is: 'unknown', code: 'timeout' }, false],
      [10_000, 300, hello, { is: 'unknown', code: 'no_progress' }, false],
      [10_000, 10_000, chatter, { is: 'failed', code: 'too_large', isWorthRetry: false }, true],
    ] as [number, number, string, AskOutcome, boolean][]) {
      const { client, assistant, asked } = await setUp(
        t,
        asking((_, response) => stream(response, text)),
        { noProgressMs },
      )
      t.same(await client.ask(assistant('chat'), question, callOf({ timeoutMs })), outcome)
      await client.close()
      t.same(
        asked.slice(1).map(({ url }) => url),
        isStopped ? ['/v1/chat-messages/t%2F1/stop'] : [],
      )
    }
  },
)

t.test('a run that is named after its time was over is told to whoever looks for it', async (t) => {
  const { client, assistant, asked } = await setUp(
    t,
    asking((_, response) => {
      setTimeout(() => stream(response, hello), 100)
    }),
    { lingerMs: 10_000, noProgressMs: 10_000 },
  )
  let tell = (): void => {}
  const isNamed = new Promise<void>((resolve) => {
    tell = resolve
  })
  const call = callOf({ timeoutMs: 30, onNames: tell })
  t.same(await client.ask(assistant('chat'), question, call), { is: 'unknown', code: 'timeout' })
  await isNamed
  t.equal(asked.length, 1, 'and not stopped')
})

t.test('a question decided too long ago is not sent, and the connection is kept for the next', async (t) => {
  let now = 1_000
  const { client, assistant, asked, server } = await setUp(t, (_, response) => stream(response, hello, end), {
    now: () => now,
  })
  const sockets = new Set<unknown>()
  server.on('connection', (socket) => sockets.add(socket))
  const call = callOf({ freshUntil: 1_500 })
  now = 1_501
  t.same(await client.ask(assistant('chat'), question, call), { is: 'stale' })
  t.same(asked, [])
  now = 1_500
  t.same(await client.ask(assistant('chat'), question, call), answer)
  t.equal(sockets.size, 1)
})

t.test('the retry in a new conversation is not stale because of the first attempt’s time', async (t) => {
  let now = 0
  const { client, assistant } = await setUp(
    t,
    ({ body }, response) => {
      now += 10_000
      if (body.conversation_id) json(response, 404, {})
      else stream(response, hello, end)
    },
    { now: () => now },
  )
  const call = callOf({ freshUntil: 500 })
  t.same(await client.ask(assistant('chat'), { ...question, conversationId: 'old' }, call), answer)
})

t.test('a run without a task id cannot be stopped', async (t) => {
  const { client, assistant, asked } = await setUp(t, (_, response) => response.end())
  await client.stop(assistant('chat'), '1-2', { ...NO_NAMES, conversationId: 'c' })
  t.same(asked, [])
})

t.test('stopping a run never fails', async (t) => {
  const names = { ...NO_NAMES, taskId: 't' }
  const refusing = await setUp(t, (_, response) => json(response, 500, {}))
  await refusing.client.stop(refusing.assistant('chat'), '1-2', names)
  t.match(refusing.asked, [{ method: 'POST', url: '/v1/chat-messages/t/stop', body: { user: '1-2' } }])
  const silent = await setUp(t, () => {}, { briefMs: 20 })
  await silent.client.stop(silent.assistant('chat'), '1-2', names)
  t.equal(silent.asked.length, 1)
})

t.test('a lost question is looked up', async (t) => {
  const startedAt = Date.UTC(2026, 0, 1)
  const message = { id: 'm', query: 'how much?', answer: 'Hello', status: 'normal', created_at: startedAt / 1000 }
  const { client, assistant } = await setUp(t, ({ url }, response) =>
    json(response, 200, {
      data: [url.startsWith('/v1/messages') ? message : { id: 'c', created_at: startedAt / 1000 }],
    }),
  )
  t.same(await client.lookUp(assistant('chat'), question, NO_NAMES, startedAt), answer)
})

t.test('a look-up that gets no answer knows nothing', async (t) => {
  const { client, assistant } = await setUp(t, () => {}, { briefMs: 20 })
  t.equal(await client.lookUp(assistant('chat'), question, { ...NO_NAMES, conversationId: 'c' }, 0), null)
})

t.test('closing the client waits until Dify was told to stop', async (t) => {
  let isTold = false
  const abort = new AbortController()
  const { client, assistant } = await setUp(t, ({ url }, response) => {
    if (!url.endsWith('/stop')) return stream(response, hello)
    setTimeout(() => {
      isTold = true
      json(response, 200, {})
    }, 20)
  })
  await client.ask(assistant('chat'), question, callOf({ signal: abort.signal, onNames: () => abort.abort() }))
  await client.close()
  t.ok(isTold)
})

t.test('closing the client ends calls under way, and later ones ask nothing', async (t) => {
  const { client, assistant, has, asked } = await setUp(t, () => {})
  const outcome = client.ask(assistant('chat'), question, callOf())
  await has('chat-messages')
  await client.close()
  t.same(await outcome, { is: 'unknown', code: 'UND_ERR_DESTROYED' })
  t.match(await client.ask(assistant('chat'), question, callOf()), { is: 'not_started', isDown: false })
  t.equal(asked.length, 1)
})
