import t, { type Test } from 'tap'
import { type GraphOptions, type PretendGraph, startPretendGraph } from '../../src/simulator/graph.js'

const TOKEN = { authorization: 'Bearer token', 'content-type': 'application/json' }

async function started(t: Pick<Test, 'teardown'>, options: GraphOptions = {}): Promise<PretendGraph> {
  const graph = await startPretendGraph(options)
  t.teardown(graph.close)
  return graph
}

interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: { readonly message_id?: string; readonly error?: { readonly code: number } }
}

async function send(graph: PretendGraph, message: unknown, page = '1001', signal?: AbortSignal): Promise<Answered> {
  const response = await fetch(`${graph.url}/v26.0/${page}/messages`, {
    method: 'POST',
    headers: TOKEN,
    body: JSON.stringify({ recipient: { id: '2001' }, message }),
    signal: signal ?? null,
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answered['body'] }
}

t.test('a message gets an id of its own', async (t) => {
  const graph = await started(t)
  const [first, second] = [await send(graph, { text: 'hi' }), await send(graph, { attachment: { type: 'image' } })]
  t.match(first, { status: 200, body: { recipient_id: '2001', message_id: /^m_/ } })
  t.not(first.body.message_id, second.body.message_id)
  t.match(graph.sends, [
    { id: '1001', recipient: '2001', text: 'hi', mid: first.body.message_id, isDelivered: true, status: 200 },
    { text: null, status: 200, body: { message: { attachment: { type: 'image' } } } },
  ])
})

t.test('a message to nobody, or with nothing in it, is refused', async (t) => {
  const graph = await started(t)
  t.match(await send(graph, {}), { status: 400, body: { error: { code: 100 } } })
  for (const body of ['', '{"message":{"text":"hi"}}']) {
    const response = await fetch(`${graph.url}/1001/messages`, { method: 'POST', headers: TOKEN, body })
    t.equal(response.status, 400)
  }
  t.match(graph.sends, Array(3).fill({ isDelivered: false, mid: null, status: 400 }))
})

t.test('a text over the limit is refused: bytes on Instagram, characters on Messenger', async (t) => {
  const graph = await started(t, { pages: { f: { platform: 'facebook' } } })
  for (const [page, text, status] of [
    ['i', 'é'.repeat(500), 200],
    ['i', `${'é'.repeat(500)}x`, 400],
    ['f', 'é'.repeat(2000), 200],
    ['f', 'é'.repeat(2001), 400],
  ] as const) {
    t.equal((await send(graph, { text }, page)).status, status, `${page} ${text.length}`)
  }
  t.match(
    graph.sends.filter(({ error }) => error).map(({ error }) => error),
    Array(2).fill({ code: 100, subcode: 2534014 }),
  )
})

t.test('a scripted refusal is returned, and the message delivered only if scripted so', async (t) => {
  const graph = await started(t)
  graph.script({
    page: '1001',
    faults: [
      { error: { code: 613, headers: { 'retry-after': '7' } } },
      { error: { code: 1, status: 500 }, deliver: true, headers: { 'x-app-usage': '{}' } },
      { headers: { 'x-app-usage': '{"call_count":99}' } },
    ],
  })
  const refused = await send(graph, { text: 'a' })
  t.match(refused, { status: 400, body: { error: { code: 613 } } })
  t.equal(refused.headers.get('retry-after'), '7')
  const odd = await send(graph, { text: 'b' })
  t.match(odd, { status: 500, body: { error: { code: 1 } } })
  t.equal(odd.headers.get('x-app-usage'), '{}')
  const fine = await send(graph, { text: 'c' })
  t.equal(fine.status, 200)
  t.equal(fine.headers.get('x-app-usage'), '{"call_count":99}')
  t.strictSame(
    graph.sends.map(({ isDelivered }) => isDelivered),
    [false, true, true],
  )
})

t.test('the pretend Graph can hang, break the connection, or be slow', async (t) => {
  const graph = await started(t, { pages: { '*': { answerDelayMs: 5 } } })
  graph.script({ page: '1001', faults: [{ hang: true, deliver: true }, { drop: true }, { delayMs: 15 }] })
  const leaving = new AbortController()
  const sending = send(graph, { text: 'a' }, '1001', leaving.signal)
  while (graph.sends.length === 0) await new Promise(setImmediate)
  leaving.abort()
  await t.rejects(sending, { name: 'AbortError' })
  await t.rejects(send(graph, { text: 'b' }), { message: 'fetch failed' })
  const before = performance.now()
  t.equal((await send(graph, { text: 'c' })).status, 200)
  t.ok(performance.now() - before >= 18)
  t.match(graph.sends, [
    { status: null, isDelivered: true, mid: /^m_/ },
    { status: null, isDelivered: false },
    { status: 200, isDelivered: true },
  ])
})

t.test('messages above the rate are refused and do not count', async (t) => {
  let now = 0
  const graph = await started(t, { pages: { '1001': { rate: 2 } }, now: () => now })
  const codes: (number | undefined)[] = []
  for (const [at, page] of [
    [0, '1001'],
    [500, '1001'],
    [999, '1001'],
    [999, '1002'],
    [1000, '1001'],
    [1001, '1001'],
  ] as const) {
    now = at
    codes.push((await send(graph, { text: 'hi' }, page)).body.error?.code)
  }
  t.strictSame(codes, [undefined, undefined, 613, undefined, undefined, 613])
})

t.test('attachments of some types may be refused', async (t) => {
  const graph = await started(t, { pages: { '1001': { refuses: ['image'] } } })
  t.match(await send(graph, { attachment: { type: 'image' } }), { status: 400, body: { error: { code: 100 } } })
  t.match(await send(graph, { attachment: { type: 'audio' } }), { status: 200 })
  t.match(await send(graph, { text: 'hi' }), { status: 200 })
})
