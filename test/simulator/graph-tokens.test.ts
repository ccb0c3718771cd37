import t, { type Test } from 'tap'
import { type GraphOptions, startPretendGraph } from '../../src/simulator/graph.js'

const DAY = 24 * 3_600_000
const PAGES = {
  1: { token: 'first', tokenAgeMs: DAY },
  2: { token: 'of-2', platform: 'facebook', tokenAgeMs: DAY },
} satisfies GraphOptions['pages']

async function started(t: Test, pages: NonNullable<GraphOptions['pages']> = PAGES) {
  const graph = await startPretendGraph({ pages })
  t.teardown(graph.close)
  const answer = async (response: Response) => ({ status: response.status, body: await response.json() })
  return {
    graph,
    refresh: async (token: string, { type = 'ig_refresh_token', method = 'GET' } = {}) =>
      answer(
        await fetch(`${graph.url}/v26.0/refresh_access_token?grant_type=${type}&access_token=${token}`, { method }),
      ),
    owner: async (token: string) =>
      answer(await fetch(`${graph.url}/v26.0/me?fields=id`, { headers: { authorization: `Bearer ${token}` } })),
  }
}

t.test('a token of a day is refreshed, and both are good', async (t) => {
  const { refresh, owner, graph } = await started(t)
  const fresh = 'refreshed-1-of-1'
  t.match(await refresh('first'), {
    status: 200,
    body: { access_token: fresh, token_type: 'bearer', expires_in: 5_184_000 },
  })
  t.match(graph.requests.at(-1), { is: 'refresh', status: 200 })
  for (const token of ['first', fresh]) t.match(await owner(token), { status: 200, body: { id: '1' } })
  t.match(await owner('another'), { status: 401, body: { error: { code: 190 } } })
  t.match(await refresh(fresh), { status: 400, body: { error: { code: 10 } } }, 'it is not old enough itself')
  graph.page({ page: '1', tokenAgeMs: DAY - 1, tokenLifeMs: 90_000 })
  t.match(await refresh('first'), { body: { error: { code: 10 } } })
  graph.page({ page: '1', tokenAgeMs: DAY })
  t.match(await refresh('first'), { body: { access_token: 'refreshed-2-of-1', expires_in: 90 } })
})

t.test('what is no token of an Instagram login is not refreshed', async (t) => {
  const { refresh } = await started(t)
  t.match(await refresh('another'), { status: 401, body: { error: { code: 190 } } })
  t.match(await refresh(''), { status: 401 })
  t.match(await refresh('of-2'), { status: 401 })
  t.match(await refresh('first', { type: 'ig_exchange_token' }), { status: 404 })
  t.match(await refresh('first', { method: 'POST' }), { status: 404 })
})

t.test('a page without a token of its own takes any', async (t) => {
  const { refresh, owner } = await started(t, { 1: { tokenAgeMs: DAY } })
  t.match(await refresh('any'), { status: 200 })
  t.match(await owner('another'), { status: 200, body: { id: '1' } })
})

t.test('refusals are scripted, and a page that refuses everything refuses this too', async (t) => {
  const { refresh, graph } = await started(t)
  const faults = [{ error: { code: 2, status: 500 } }, { drop: true as const }, { delayMs: 1, error: { code: 190 } }]
  graph.script({ page: '1', on: 'refresh', faults })
  t.match(await refresh('first'), { status: 500, body: { error: { code: 2 } } })
  await t.rejects(refresh('first'))
  t.match(await refresh('first'), { status: 400, body: { error: { code: 190 } } })
  t.match(await refresh('first'), { status: 200 })
  graph.always({ page: '1', fault: { error: { code: 190 } } })
  t.match(await refresh('first'), { body: { error: { code: 190 } } })
  graph.script({ page: '1', on: 'refresh', faults: [{ hang: true }] })
  graph.reset()
  t.match(await refresh('first'), { status: 200 })
})

t.test('a request may never be answered', async (t) => {
  const { graph } = await started(t)
  graph.script({ page: '1', on: 'refresh', faults: [{ hang: true }] })
  const url = `${graph.url}/refresh_access_token?grant_type=ig_refresh_token&access_token=first`
  await t.rejects(fetch(url, { signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' })
})
