import t, { type Test } from 'tap'
import { type DifyOptions, type PretendDify, startPretendDify } from '../../src/simulator/dify.js'

const APPS = {
  chat: {},
  agent: { kind: 'agent' },
  chatflow: { kind: 'chatflow' },
  workflow: { kind: 'workflow' },
} as const

async function started(t: Pick<Test, 'teardown'>, options: DifyOptions = { apps: APPS }): Promise<PretendDify> {
  const dify = await startPretendDify(options)
  t.teardown(dify.close)
  return dify
}

interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The one JSON answer. */
  readonly json: Readonly<Record<string, unknown>>
  /** Or those of a stream. */
  readonly events: readonly Readonly<Record<string, unknown>>[]
}

interface Request {
  readonly method?: string
  readonly key?: string
  readonly body?: unknown
  readonly signal?: AbortSignal
}

async function call(dify: PretendDify, path: string, request: Request = {}): Promise<Answered> {
  const { method = 'GET', key = 'chat', body, signal = null } = request
  const response = await fetch(dify.url + path, {
    method,
    headers: { authorization: `Bearer ${key}` },
    body: body === undefined ? null : JSON.stringify(body),
    signal,
  })
  const text = await response.text()
  const isStream = response.headers.get('content-type') === 'text/event-stream'
  const events = isStream ? [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json!)) : []
  return {
    status: response.status,
    headers: response.headers,
    text,
    events,
    json: isStream || !text ? {} : JSON.parse(text),
  }
}

async function ask(dify: PretendDify, more: object = {}, request: Request = {}): Promise<Answered> {
  const path = request.key === 'workflow' ? '/workflows/run' : '/chat-messages'
  const body = { query: 'hi', inputs: { query: 'hi' }, user: '1-2', response_mode: 'streaming', ...more }
  return call(dify, path, { method: 'POST', body, ...request })
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate)
}

t.test('every kind of app streams its answer', async (t) => {
  const dify = await started(t)
  for (const key of ['chat', 'agent', 'chatflow', 'workflow']) {
    const { status, events } = await ask(dify, {}, { key })
    t.equal(status, 200)
    const pieces = events.map(({ event, answer, data }) =>
      event === 'text_chunk'
        ? (data as { text: string }).text
        : event === `${key === 'agent' ? 'agent_' : ''}message`
          ? answer
          : '',
    )
    t.equal(pieces.join(''), 'You said: hi', key)
    t.match(dify.calls.at(-1), { key, user: '1-2', query: 'hi', status: 'succeeded', clientClosedAt: null })
  }
})

t.test('an app answers in blocking mode too, except an agent', async (t) => {
  const dify = await started(t)
  const response_mode = 'blocking'
  t.match((await ask(dify, { response_mode })).json, { event: 'message', answer: 'You said: hi' })
  t.match((await ask(dify, { response_mode }, { key: 'workflow' })).json, {
    data: { outputs: { answer: 'You said: hi' } },
  })
  t.match(await ask(dify, { response_mode }, { key: 'agent' }), { status: 400, json: { code: 'invalid_param' } })
})

t.test('the pretend Dify refuses what Dify refuses', async (t) => {
  const dify = await started(t)
  for (const [path, request, status, code] of [
    ['/chat-messages', { key: 'unknown' }, 401, 'unauthorized'],
    ['/chat-messages', { key: 'workflow' }, 400, 'not_chat_app'],
    ['/workflows/run', {}, 400, 'not_workflow_app'],
    ['/chat-messages', { body: { user: '1-2' } }, 400, 'invalid_param'],
    ['/chat-messages', { body: { query: 'hi' } }, 400, 'invalid_param'],
    ['/chat-messages', { body: { query: 'hi', user: '1-2', conversation_id: '1-2' } }, 400, 'invalid_param'],
    ['/elsewhere', {}, 404, 'not_found'],
  ] as const) {
    const answered = await call(dify, path, { method: 'POST', body: { user: '1-2', query: 'hi' }, ...request })
    t.match(answered, { status, json: { status, code, message: String } }, `${path} ${code}`)
  }
  t.equal((await fetch(`${dify.url}/chat-messages`, { method: 'POST' })).status, 401)
  t.strictSame(dify.calls, [])
  t.equal(dify.requests.length, 8)
})

t.test('a conversation goes on for whoever began it, and for nobody else', async (t) => {
  const dify = await started(t, { apps: { chat: {}, other: {}, old: { unknownConversation: 'new' } } })
  const conversationOf = ({ events }: Answered): unknown => events[0]!['conversation_id']
  const conversation_id = conversationOf(await ask(dify))
  t.equal(conversationOf(await ask(dify, { conversation_id, query: 'again' })), conversation_id)
  t.match(await ask(dify, { conversation_id }, { key: 'other' }), {
    status: 404,
    json: { code: 'not_found', message: 'Conversation Not Exists.', status: 404 },
  })
  t.equal((await ask(dify, { conversation_id, user: '1-3' })).status, 404)
  t.not(conversationOf(await ask(dify, { conversation_id }, { key: 'old' })), conversation_id)

  const path = `/messages?conversation_id=${conversation_id}&user=1-2`
  const { json } = await call(dify, path)
  t.match(json, { data: [{ query: 'hi' }, { query: 'again', answer: 'You said: again' }], has_more: false, limit: 20 })
  t.match((await call(dify, `${path}&limit=1`)).json, { data: [{ query: 'again' }], has_more: true, limit: 1 })
  t.equal((await call(dify, '/messages?user=1-2')).status, 404)
  t.match((await call(dify, '/conversations?user=1-2')).json, { data: [{ id: conversation_id }], has_more: false })

  const request = { method: 'DELETE', body: { user: '1-2' } }
  t.equal((await call(dify, `/conversations/${conversation_id}`, request)).status, 204)
  t.equal((await call(dify, `/conversations/${conversation_id}`, request)).status, 404)
  t.equal((await call(dify, path)).status, 404)
})

t.test('a workflow’s run can be looked up', async (t) => {
  const dify = await started(t)
  await ask(dify, {}, { key: 'workflow' })
  const { workflowRunId } = dify.calls[0]!
  t.match((await call(dify, `/workflows/run/${workflowRunId}`, { key: 'workflow' })).json, {
    id: workflowRunId,
    status: 'succeeded',
    inputs: '{"query":"hi"}',
    outputs: { answer: 'You said: hi' },
  })
  t.equal((await call(dify, `/workflows/run/${workflowRunId}`)).status, 404, 'another key')
  await ask(dify, { inputs: undefined }, { key: 'workflow' })
  const other = dify.calls[1]!
  t.match((await call(dify, `/workflows/run/${other.workflowRunId}`, { key: 'workflow' })).json, { inputs: '{}' })
})

t.test('a run stops for its own user', async (t) => {
  const dify = await started(t)
  dify.script({ key: 'chat', faults: [{ hang: true }] })
  const asking = ask(dify)
  await until(() => dify.calls.length === 1)
  const { taskId } = dify.calls[0]!
  const stop = async (user: string): Promise<unknown> =>
    (await call(dify, `/chat-messages/${taskId}/stop`, { method: 'POST', body: { user } })).json
  t.strictSame(await stop('1-3'), { result: 'success' })
  t.equal(dify.calls[0]!.status, 'running')
  await stop('1-2')
  t.match((await asking).events, [{ event: 'message_end' }])
  await stop('1-2')
  t.equal(dify.calls[0]!.status, 'stopped')
  t.match(dify.stops, [
    { user: '1-3', taskId, isStopped: false },
    { user: '1-2', key: 'chat', isStopped: true },
    { isStopped: false },
  ])
  await call(dify, '/workflows/tasks/t9/stop', { method: 'POST', key: 'workflow', body: { user: '1-2' } })
  t.match(dify.stops[3], { taskId: 't9', key: 'workflow', isStopped: false })
})

t.test('questions and look-ups fail as scripted', async (t) => {
  const dify = await started(t)
  dify.script({
    key: '*',
    faults: [{ status: 429, body: { code: 'too_many_requests' }, headers: { 'retry-after': '3' } }],
  })
  const refused = await ask(dify)
  t.match(refused, { status: 429, json: { code: 'too_many_requests' } })
  t.equal(refused.headers.get('retry-after'), '3')
  t.strictSame(dify.calls, [], 'no run began')
  dify.always({ key: 'chat', fault: { status: 500 } })
  t.match(await ask(dify), { status: 500, json: {} })
  dify.always({ key: 'chat', fault: null })
  t.equal((await ask(dify)).status, 200)

  dify.script({
    key: 'chat',
    on: 'lookup',
    faults: [{ status: 502, delayMs: 2 }, { status: 400, body: 1 }, { hang: true }],
  })
  t.equal((await call(dify, '/conversations?user=1-2')).status, 502)
  t.equal((await call(dify, '/conversations?user=1-2')).status, 400)
  const leaving = new AbortController()
  const known = dify.requests.length
  const asking = call(dify, '/conversations?user=1-2', { signal: leaving.signal })
  await until(() => dify.requests.length > known)
  leaving.abort()
  await t.rejects(asking, { name: 'AbortError' })
})

t.test('a client that goes is noticed, and the run goes on', async (t) => {
  const dify = await started(t)
  dify.script({ key: 'chat', faults: [{ hang: true }, { cutAfterChunks: 0 }] })
  const leaving = new AbortController()
  const asking = ask(dify, {}, { signal: leaving.signal })
  await until(() => dify.calls.length === 1)
  leaving.abort()
  await t.rejects(asking, { name: 'AbortError' })
  await until(() => dify.calls[0]!.clientClosedAt !== null)
  t.match(dify.calls[0], { status: 'running', cutAt: null })
  await t.rejects(ask(dify))
  t.match(dify.calls[1], { clientClosedAt: null, cutAt: Number, status: 'running' })
})

t.test('the pretend Dify can refuse connections', async (t) => {
  const dify = await started(t)
  dify.refuse({})
  await t.rejects(ask(dify), { cause: { code: 'ECONNREFUSED' } })
  await dify.accept()
  t.equal((await ask(dify)).status, 200)
})

t.test('the pretend Dify is controlled and read over HTTP, and can be reset', async (t) => {
  const dify = await started(t, {})
  const control = async (name: string, body: unknown): Promise<void> => {
    const response = await fetch(`${dify.origin}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) })
    t.equal(response.status, 200)
  }
  const read = async (name: string): Promise<unknown> => (await fetch(`${dify.origin}/_control/${name}`)).json()
  await control('app', { key: 'chat', answer: 'fixed' })
  await control('app', { key: 'chat', chunks: 1 })
  t.match((await ask(dify)).events, [{ answer: 'fixed' }, { event: 'message_end' }])
  t.match(await read('calls'), [{ key: 'chat', answer: 'fixed' }])
  t.match(await read('requests'), [{ path: '/v1/chat-messages' }])
  await control('script', { key: 'chat', faults: [{ hang: true }, { status: 400 }] })
  const asking = ask(dify)
  await until(() => dify.calls.length === 2)
  const settled = dify.settled()
  await control('reset', {})
  t.match((await asking).events, [{ event: 'message_end' }])
  await settled
  t.strictSame([await read('calls'), await read('requests'), await read('stops')], [[], [], []])
  t.equal((await ask(dify)).status, 200)
  t.match((await call(dify, '/conversations?user=1-2')).json, { data: { length: 1 } })
})

t.test('what the pretend Dify cannot take over HTTP is answered with what is expected', async (t) => {
  const dify = await started(t)
  const on = 'on (ask or lookup, ask by default)'
  const script = `script takes a JSON object with key (a text), ${on}, faults (a list of objects)`
  const always = `always takes a JSON object with key (a text), ${on}, fault (an object, or null)`
  for (const [name, body, error] of [
    ['script', { key: 'chat' }, script],
    ['script', { key: 'chat', on: 'stop', faults: [] }, script],
    ['always', { key: 'chat', on: 'lookup' }, always],
    ['app', { answer: 'fixed' }, 'app takes a JSON object with key (a text)'],
    ['refuse', { forMs: 'long' }, 'refuse takes a JSON object with forMs (a number, or nothing)'],
  ] as const) {
    const response = await fetch(`${dify.origin}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) })
    t.strictSame([response.status, await response.json()], [400, { error }])
  }
  const faults = JSON.stringify({ key: 'chat', on: 'lookup', faults: [] })
  t.equal((await fetch(`${dify.origin}/_control/script`, { method: 'POST', body: faults })).status, 200)
  const forMs = JSON.stringify({ forMs: 60_000 })
  t.equal((await fetch(`${dify.origin}/_control/refuse`, { method: 'POST', body: forMs })).status, 200)
  await dify.accept()
  t.equal((await ask(dify)).status, 200, 'nothing of it was taken')
})

t.test('an answer may have files, its text come in their events, and questions be suggested after it', async (t) => {
  const files = [
    { type: 'image', url: '/files/1.png', at: 'event' },
    { type: 'audio', url: '/files/2.mp3', at: 'end' },
  ] as const
  const dify = await started(t, {
    apps: { chat: { files, textIn: 'message_file', suggests: ['And blue?'], chunks: 1 }, plain: {} },
  })
  const { events } = await ask(dify)
  t.match(events, [
    { event: 'message_file', type: 'image', belongs_to: 'assistant', url: '/files/1.png' },
    { event: 'message_file', answer: /^You said/ },
    { event: 'message_end', files: [{ type: 'audio', url: '/files/2.mp3' }] },
  ])
  t.match(await call(dify, '/messages/m/suggested?user=1-2'), { status: 200, json: { data: ['And blue?'] } })
  t.match(await call(dify, '/messages/m/suggested?user=1-2', { key: 'plain' }), { status: 400 })
})

t.test('a voice message is heard where that is switched on', async (t) => {
  const dify = await started(t, { apps: { chat: { hears: 'how much?' }, deaf: {} } })
  const hear = async (key: string): Promise<{ readonly status: number; readonly json: unknown }> => {
    const body = new FormData()
    body.set('user', '1-2')
    body.set('file', new Blob(['x'], { type: 'audio/mp4' }), 'voice.mp4')
    const headers = { authorization: `Bearer ${key}` }
    const response = await fetch(`${dify.url}/audio-to-text`, { method: 'POST', headers, body })
    return { status: response.status, json: await response.json() }
  }
  t.strictSame(await hear('chat'), { status: 200, json: { text: 'how much?' } })
  t.match(await hear('deaf'), { status: 400, json: { code: 'invalid_param' } })
  t.match(await call(dify, '/audio-to-text', { method: 'POST', body: { user: '1-2' } }), { status: 400 })
})
