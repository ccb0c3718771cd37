import t, { type Test } from 'tap'
import { createVerify } from '../../src/meta/signature.js'
import { type GraphOptions, type PretendGraph, startPretendGraph } from '../../src/simulator/graph.js'
import { answerJson, listen } from '../../src/simulator/listen.js'

const SECRET = 'app-secret'
const TOKEN = { authorization: 'Bearer token', 'content-type': 'application/json' }

async function started(t: Pick<Test, 'teardown'>, options: GraphOptions = {}): Promise<PretendGraph> {
  const graph = await startPretendGraph(options)
  t.teardown(graph.close)
  return graph
}

interface Hook {
  readonly object: string
  readonly entry: readonly { readonly id: string; readonly messaging: readonly Record<string, unknown>[] }[]
}

/** A router that takes webhooks; each is answered with the next status. */
async function startedHook(t: Pick<Test, 'teardown'>, statuses: number[] = []) {
  const hooks: Hook[] = []
  const isSigned: boolean[] = []
  const verify = createVerify([SECRET])
  const listener = await listen(0, async ({ body, headers }, response) => {
    hooks.push(body as Hook)
    isSigned.push(verify(Buffer.from(JSON.stringify(body)), headers['x-hub-signature-256']))
    answerJson(response, statuses.shift() ?? 200, { n: hooks.length })
  })
  t.teardown(listener.close)
  return { hooks, isSigned, webhook: { url: listener.origin, secret: SECRET, retryAfterMs: 1 } }
}

async function send(graph: PretendGraph, message: unknown, page = '1001'): Promise<string> {
  const body = JSON.stringify({ recipient: { id: '2001' }, message })
  const response = await fetch(`${graph.url}/${page}/messages`, { method: 'POST', headers: TOKEN, body })
  return ((await response.json()) as { message_id: string }).message_id
}

t.test('a sent message comes back as a signed echo', async (t) => {
  const { hooks, isSigned, webhook } = await startedHook(t)
  const graph = await started(t, { webhook, pages: { '1001': { appId: '77' } } })
  const mid = await send(graph, { text: 'hi', metadata: 'ours' })
  await graph.settled()
  t.strictSame(isSigned, [true])
  t.match(hooks, [
    {
      object: 'instagram',
      entry: [{ id: '1001', messaging: [{ sender: { id: '1001' }, recipient: { id: '2001' } }] }],
    },
  ])
  t.strictSame(hooks[0]!.entry[0]!.messaging[0]!['message'], { mid, text: 'hi', is_echo: true, app_id: '77' })
  t.match(graph.echoes, [{ page: '1001', user: '2001', mid, attempts: [{ status: 200, body: '{"n":1}' }] }])
})

t.test('Messenger returns the metadata, and an attachment as it was sent', async (t) => {
  const { hooks, webhook } = await startedHook(t)
  const graph = await started(t)
  graph.webhook(webhook)
  graph.page({ page: '1001', platform: 'facebook' })
  graph.page({ page: '1001', echoAs: '1002' })
  const attachment = { type: 'image', payload: { url: 'https://example.com/1.png' } }
  const mid = await send(graph, { attachment, metadata: 'ours' })
  await graph.settled()
  t.match(hooks, [{ object: 'page', entry: [{ id: '1002' }] }])
  t.strictSame(hooks[0]!.entry[0]!.messaging[0]!['message'], {
    mid,
    attachments: [attachment],
    metadata: 'ours',
    is_echo: true,
  })
})

t.test('an echo may come before the answer, later, or not at all', async (t) => {
  const { hooks, webhook } = await startedHook(t)
  const graph = await started(t, { webhook, pages: { '*': { echo: 'before' }, '1002': { echo: 'none' } } })
  await send(graph, { text: 'a' })
  t.equal(hooks.length, 1, 'before')
  await send(graph, { text: 'b' }, '1002')
  await graph.settled()
  t.equal(hooks.length, 1, 'none')
  graph.page({ page: '1001', echo: 'after', echoDelayMs: 20 })
  await send(graph, { text: 'c' })
  t.equal(hooks.length, 1, 'not yet')
  await graph.settled()
  t.equal(hooks.length, 2, 'later')
})

t.test('a delivered message is echoed, whatever its sender was told', async (t) => {
  const { hooks, webhook } = await startedHook(t)
  const graph = await started(t, { webhook })
  graph.script({ page: '*', faults: [{ drop: true, deliver: true }, { drop: true }] })
  await t.rejects(send(graph, { text: 'a' }))
  await t.rejects(send(graph, { text: 'b' }))
  await graph.settled()
  t.equal(hooks.length, 1)
})

t.test('an echo that is not taken comes again', async (t) => {
  const { hooks, webhook } = await startedHook(t, [503, 500, 200])
  const graph = await started(t, { webhook })
  await send(graph, { text: 'a' })
  await graph.settled()
  t.equal(hooks.length, 3)
  t.match(graph.echoes[0]!.attempts, [{ status: 503 }, { status: 500 }, { status: 200 }])
})

t.test('without a webhook the pretend Graph echoes nothing, and nobody can write', async (t) => {
  const graph = await started(t)
  t.match(await send(graph, { text: 'a' }), /^m_/)
  await graph.settled()
  t.strictSame(graph.echoes, [])
  await t.rejects(graph.write({ page: '1001', user: '2001', text: 'hi' }), { message: 'no webhook is set' })
})

t.test('the customer writes, and a person of the shop', async (t) => {
  const { hooks, webhook } = await startedHook(t)
  const graph = await started(t, { webhook, pages: { '1002': { platform: 'facebook' } } })
  t.match(await graph.write({ page: '1001', user: '2001', text: 'hi', timestamp: 5 }), { status: 200, body: '{"n":1}' })
  await graph.write({ page: '1002', user: '2001', text: 'hello', echo: true })
  t.match(hooks, [
    { object: 'instagram', entry: [{ messaging: [{ timestamp: 5, message: { text: 'hi' } }] }] },
    { object: 'page', entry: [{ messaging: [{ timestamp: Number, message: { text: 'hello', is_echo: true } }] }] },
  ])
})

t.test('the pretend Graph refuses a wrong token', async (t) => {
  const graph = await started(t, { pages: { '1001': { token: 'good' } } })
  for (const [headers, status] of [
    [{}, 401],
    [{ authorization: 'Bearer bad' }, 401],
    [{ authorization: 'Bearer good' }, 200],
  ] as const) {
    const body = JSON.stringify({ recipient: { id: '2001' }, message: { text: 'hi' } })
    const response = await fetch(`${graph.url}/1001/messages`, { method: 'POST', headers, body })
    t.equal(response.status, status)
    const { error } = (await response.json()) as { error?: { code: number } }
    t.equal(error?.code, status === 401 ? 190 : undefined)
  }
})

t.test('a sender action is answered and kept apart', async (t) => {
  const graph = await started(t)
  const body = JSON.stringify({ recipient: { id: '2001' }, sender_action: 'typing_on' })
  const response = await fetch(`${graph.url}/v26.0/1001/messages`, { method: 'POST', headers: TOKEN, body })
  t.strictSame(await response.json(), { recipient_id: '2001' })
  t.match(graph.actions, [{ id: '1001', recipient: '2001', body: { sender_action: 'typing_on' }, status: 200 }])
  t.strictSame(graph.sends, [])
})

t.test('a profile shows the fields asked for, to whom the customer lets', async (t) => {
  const graph = await started(t)
  const profile = async (user: string, query = '?fields=name,username'): Promise<[number, unknown]> => {
    const response = await fetch(`${graph.url}/v26.0/${user}${query}`, { headers: TOKEN })
    return [response.status, await response.json()]
  }
  t.match(await profile('2001'), [400, { error: { code: 230 } }])
  graph.profile({ user: '2001', profile: { name: 'Ann', username: null, profile_pic: 'x' }, delayMs: 2 })
  t.strictSame(await profile('2001'), [200, { name: 'Ann', username: null, id: '2001' }])
  t.strictSame(await profile('2001', ''), [200, { id: '2001' }])
  graph.profile({ user: '*' })
  t.strictSame(await profile('2002'), [200, { id: '2002' }])
  graph.profile({ user: '2002', error: { code: 4 } })
  t.match(await profile('2002'), [400, { error: { code: 4 } }])
})

t.test('an account says who it is, unless all goes wrong for it', async (t) => {
  const graph = await started(t, { pages: { '1001': {} } })
  const account = async (id: string): Promise<unknown> =>
    (await fetch(`${graph.url}/${id}?fields=id`, { headers: TOKEN })).json()
  t.match(await account('1001'), { id: '1001' })
  t.match(await account('me'), { id: '1001' })
  graph.always({ page: '1001', fault: { error: { code: 190 } } })
  t.match(await account('1001'), { error: { code: 190 } })
  t.match(await account('me'), { error: { code: 190 } })
  graph.always({ page: '1001', fault: null })
  t.strictSame(await account('1001'), { id: '1001' })
})

t.test('an account that is not named is the one whose token it is', async (t) => {
  const graph = await started(t)
  const me = async (token: string | null, fields = '') => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(`${graph.url}/v26.0/me${fields}`, { headers })
    const { id, error } = (await response.json()) as { id?: string; error?: { code: number } }
    return id ?? error?.code
  }
  t.equal(await me('any'), 'me', 'where there is none')
  graph.page({ page: '*', token: 'of-all' })
  t.equal(await me('of-all'), 'me')
  t.equal(await me('any'), 190)
  graph.page({ page: '1001', token: 'first' })
  graph.page({ page: '1002', token: 'second' })
  t.equal(await me('first'), '1001')
  t.equal(await me('second', '?fields=id'), '1002')
  t.equal(await me('third'), 190)
  t.equal(await me(null), 190)
  graph.page({ page: '1002', token: null })
  t.equal(await me('third'), '1002', 'one that takes any')
  const headers = { authorization: 'Bearer first' }
  const both = await fetch(`${graph.url}/me?fields=user_id,username`, { headers })
  t.strictSame(await both.json(), { user_id: '1001', username: 'account_1001' })
  t.strictSame(await (await fetch(`${graph.url}/me`, { headers })).json(), { id: '1001', name: 'Page 1001' })
})

t.test('an unknown path of the pretend Graph is not found', async (t) => {
  const graph = await started(t)
  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/1001/messages'],
    ['DELETE', '/1001'],
  ] as const) {
    t.equal((await fetch(graph.url + path, { method, headers: TOKEN })).status, 404)
  }
})

t.test('the pretend Graph is controlled and read over HTTP, and can be reset', async (t) => {
  const { hooks, webhook } = await startedHook(t)
  const graph = await started(t, { pages: { '1001': { echoDelayMs: 60_000 } }, webhook })
  const control = async (name: string, body: unknown): Promise<void> => {
    const response = await fetch(`${graph.url}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) })
    t.equal(response.status, 200)
  }
  const read = async (name: string): Promise<unknown> => (await fetch(`${graph.url}/_control/${name}`)).json()
  await control('script', { page: '1001', faults: [{ error: { code: 551 } }] })
  await send(graph, { text: 'a' })
  t.match(await read('requests'), [{ text: 'a', error: { code: 551 } }])
  t.match(await read('sends'), [{ text: 'a' }])
  t.strictSame([await read('actions'), await read('echoes')], [[], []])
  await send(graph, { text: 'b' })
  await control('reset', {})
  await graph.settled()
  t.strictSame(await read('requests'), [])
  t.strictSame(hooks, [], 'what was still to come is off')
})

t.test('what the pretend Graph cannot take over HTTP is answered with what is expected', async (t) => {
  const graph = await started(t)
  const script = 'script takes a JSON object with page (a text), faults (a list of objects)'
  const always = 'always takes a JSON object with page (a text), fault (an object, or null)'
  for (const [name, body, error] of [
    ['script', { page: '1001' }, script],
    ['script', { page: '1001', faults: { hang: true } }, script],
    ['script', { page: '1001', faults: ['hang'] }, script],
    ['script', { page: 1001, faults: [] }, script],
    ['script', 'page=1001', script],
    ['always', { page: '1001' }, always],
    ['always', { page: '1001', fault: 'hang' }, always],
    ['webhook', { url: 'http://127.0.0.1' }, 'webhook takes a JSON object with url (a text), secret (a text)'],
    ['page', {}, 'page takes a JSON object with page (a text)'],
    ['profile', {}, 'profile takes a JSON object with user (a text)'],
    ['write', { page: '1' }, 'write takes a JSON object with page (a text), user (a text)'],
  ] as const) {
    const response = await fetch(`${graph.url}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) })
    t.strictSame([response.status, await response.json()], [400, { error }])
  }
  const standing = JSON.stringify({ page: '*', fault: null })
  t.equal((await fetch(`${graph.url}/_control/always`, { method: 'POST', body: standing })).status, 200)
  t.ok(await send(graph, { text: 'a' }), 'nothing of it was taken')
})

t.test('a webhook that cannot be posted is recorded as such', async (t) => {
  const graph = await started(t, { webhook: { url: 'no address', secret: SECRET, attempts: 2, retryAfterMs: 1 } })
  await send(graph, { text: 'a' })
  await graph.settled()
  t.match(graph.echoes, [{ attempts: [{ status: 0 }, { status: 0 }] }])
  t.equal(graph.echoes[0]!.attempts.length, 2)
})

t.test('a senseless request to the pretend Graph is answered too', async (t) => {
  const graph = await started(t)
  const body = JSON.stringify({ recipient: { id: '2001' }, message: { text: 5 } })
  const response = await fetch(`${graph.url}/1001/messages`, { method: 'POST', headers: TOKEN, body })
  t.equal(response.status, 500)
})
