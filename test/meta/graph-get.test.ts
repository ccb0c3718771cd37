import t from 'tap'
import { createGraphGet } from '../../src/meta/graph-get.js'
import { startPretendGraph } from '../../src/simulator/graph.js'

t.test('a GET of the Graph API returns its JSON', async (t) => {
  const graph = await startPretendGraph()
  t.teardown(() => graph.close())
  const get = createGraphGet({ timeoutMs: 300 })
  t.teardown(() => get.close())
  graph.profile({ user: '7', profile: { name: 'Sara' } })
  t.match(await get.get(`${graph.url}/v26.0//`, '7?fields=name', 'token'), { is: 'told', status: 200, body: /Sara/ })
  t.match(graph.requests[0], { path: '/v26.0/7', headers: { authorization: 'Bearer token' } })
  graph.profile({ user: '9', delayMs: 2_000 })
  t.match(await get.get(graph.url, '9', 'token'), { is: 'lost', code: /Timeout/i }, 'it takes too long')
  t.match(await get.get('http://127.0.0.1:1', '9', 'token'), { is: 'lost', code: 'ECONNREFUSED' })
})

t.test('a request under way is aborted by closing', async (t) => {
  const graph = await startPretendGraph()
  t.teardown(() => graph.close())
  const get = createGraphGet()
  graph.profile({ user: '9', delayMs: 5_000 })
  const asked = get.get(graph.url, '9', 'token')
  await new Promise((resolve) => setTimeout(resolve, 50))
  await get.close()
  t.match(await asked, { is: 'lost' })
})
