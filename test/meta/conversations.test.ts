import t, { type Test } from 'tap'
import { createConversationReader } from '../../src/meta/conversations.js'
import { startPretendGraph } from '../../src/simulator/graph.js'
import { channelWith } from '../fixtures/channel.js'

const NOW = Date.UTC(2026, 10, 30)

async function opened(t: Test, timeoutMs = 2_000) {
  const graph = await startPretendGraph({ pages: { 1: { token: 'token' } } })
  t.teardown(() => graph.close())
  const reader = createConversationReader({ timeoutMs, now: () => NOW })
  t.teardown(() => reader.close())
  const channel = { ...channelWith(), id: '1', sendAs: '1', token: 'token', graphUrl: `${graph.url}/v26.0/` }
  return { graph, reader, channel }
}

t.test('threads are listed, newest first, page by page, and read one by one', async (t) => {
  const { graph, reader, channel } = await opened(t)
  for (let user = 100; user < 160; user++) {
    await graph.write({ page: '1', user: String(user), text: `from ${user}`, timestamp: NOW + user * 1000, lost: true })
  }
  await graph.write({ page: '1', user: '100', text: 'to 100', echo: true, timestamp: NOW + 200_000, lost: true })
  const first = await reader.threads(channel, null)
  if (first.is !== 'read') throw new Error(first.code)
  t.equal(first.value.threads.length, 50)
  t.match(first.value.threads[0], { userId: '100', updatedAt: NOW + 200_000 })
  t.match(graph.requests[0], {
    path: '/v26.0/1/conversations',
    query: { platform: 'instagram', fields: 'id,updated_time,participants', limit: '50' },
    headers: { authorization: 'Bearer token' },
  })
  const second = await reader.threads(channel, first.value.after)
  t.match(second, { is: 'read', restMs: 0, value: { threads: { length: 10 }, after: null } })
  const messages = await reader.messages(channel, first.value.threads[0]!)
  t.match(messages, {
    value: [
      { text: 'from 100', isOurs: false },
      { text: 'to 100', isOurs: true },
    ],
  })
  t.match(graph.requests.at(-1)?.query, { user_id: '100' })
  await reader.threads({ ...channel, platform: 'facebook' }, null)
  t.match(graph.requests.at(-1)?.query, { platform: 'messenger' })
})

t.test('what Meta answers instead is told apart', async (t) => {
  const { graph, reader, channel } = await opened(t)
  const usage = JSON.stringify({ call_count: 100 })
  for (const [answer, reading] of [
    [{ error: { code: 190, subcode: 463, status: 401 } }, { is: 'refused', code: '190/463' }],
    [{ error: { code: 10, status: 403 } }, { is: 'refused', code: '10' }],
    [
      { status: 403, body: 'no' },
      { is: 'refused', code: 'http_403' },
    ],
    [
      { error: { code: 613 }, headers: { 'retry-after': '30' } },
      { is: 'later', code: '613', afterMs: 30_000 },
    ],
    [
      { error: { code: 4 }, headers: { 'x-app-usage': usage } },
      { is: 'later', code: '4', afterMs: 60_000 },
    ],
    [
      { status: 502, body: '<html>' },
      { is: 'later', code: 'http_502', afterMs: 0 },
    ],
    [{ error: { code: 100, subcode: 33 } }, { is: 'unusable', code: '100/33' }],
    [{ body: '<html>' }, { is: 'unusable', code: 'http_200' }],
    [{ body: { error: 'odd' } }, { is: 'unusable', code: 'http_200' }],
    [{ body: `{"data":"${'x'.repeat(1_100_000)}"}` }, { is: 'unusable', code: 'too_large' }],
    [{ headers: { 'x-app-usage': usage } }, { is: 'read', restMs: 60_000 }],
    [{ body: { data: [null, 7, { id: 'x' }] } }, { is: 'read', value: { threads: [], odd: 1 } }],
  ] as const) {
    graph.conversations({ page: '1', answers: [answer] })
    t.match(await reader.threads(channel, null), reading)
  }
  t.match(await reader.threads({ ...channel, token: null }, null), { is: 'refused', code: 'no_token' })
  t.match(await reader.threads({ ...channel, graphUrl: 'http://127.0.0.1:1' }, null), { is: 'later', afterMs: 0 })
})

t.test('an id beyond 2^53 keeps its digits', async (t) => {
  const { graph, reader, channel } = await opened(t)
  const row =
    '{"id":"t","updated_time":"2026-11-30T06:00:00+0000","participants":{"data":[{"id":"1"},{"id":17841400000000123}]}}'
  graph.conversations({ page: '1', answers: [{ body: `{"data":[${row}]}` }] })
  t.match(await reader.threads(channel, null), { value: { threads: [{ userId: '17841400000000123' }] } })
})

t.test('where a field is unknown the plain ones are asked for, from then on', async (t) => {
  const { graph, reader, channel } = await opened(t)
  await graph.write({ page: '1', user: '100', text: 'hi', lost: true })
  const thread = { id: 't_1_100', userId: '100', updatedAt: NOW }
  const unknown = { error: { code: 100, message: '(#100) Tried accessing nonexisting field (story)' } }
  graph.conversations({ page: '1', answers: [unknown] })
  t.match(await reader.messages(channel, thread), { value: [{ text: 'hi' }] })
  const fields = graph.requests.map(({ query }) => query['fields']?.includes('story'))
  await reader.messages(channel, thread)
  t.same(fields, [true, false])
  t.notOk(graph.requests.at(-1)?.query['fields']?.includes('story'))
  graph.conversations({ page: '1', answers: [unknown] })
  t.match(await reader.messages(channel, thread), { is: 'unusable', code: '100' })
  t.equal(graph.requests.length, 4)
})

t.test('where the plain fields are refused as well it was another matter', async (t) => {
  const { graph, reader, channel } = await opened(t)
  await graph.write({ page: '1', user: '100', text: 'hi', lost: true })
  const thread = { id: 't_1_100', userId: '100', updatedAt: NOW }
  const gone = { error: { code: 100, subcode: 33 } }
  graph.conversations({ page: '1', answers: [gone, gone] })
  t.match(await reader.messages(channel, thread), { is: 'unusable', code: '100/33' })
  await reader.messages(channel, thread)
  t.ok(graph.requests.at(-1)?.query['fields']?.includes('story'))
})

t.test('a request that hangs is given up', async (t) => {
  const { graph, reader, channel } = await opened(t, 100)
  graph.conversations({ page: '1', answers: [{ hang: true }, { delayMs: 60_000 }] })
  t.match(await reader.threads(channel, null), { is: 'later', afterMs: 0 })
  const waiting = reader.threads(channel, null)
  await reader.close()
  t.match(await waiting, { is: 'later' })
})
