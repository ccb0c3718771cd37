import t, { type Test } from 'tap'
import { type GraphOptions, startPretendGraph } from '../../src/simulator/graph.js'

const PAGES = { '*': {}, 1001: { token: 'page-token', echoAs: '17' }, 1002: {} } satisfies GraphOptions['pages']

async function started(t: Test, options: GraphOptions = {}) {
  const graph = await startPretendGraph({ pages: PAGES, ...options })
  t.teardown(graph.close)
  return {
    graph,
    async call(path: string, token?: string, method = 'GET') {
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const response = await fetch(`${graph.url}/${path}`, { method, headers })
      return { status: response.status, body: await response.json() }
    },
  }
}

t.test('a user token becomes a lasting one, with which the pages are listed', async (t) => {
  const { call, graph } = await started(t, { webhook: { url: 'http://127.0.0.1:1', secret: 'right' }, userToken: 'u' })
  const path = (secret: string, token: string): string =>
    `v26.0/oauth/access_token?grant_type=fb_exchange_token&client_id=9&client_secret=${secret}&fb_exchange_token=${token}`
  t.match(await call(path('wrong', 'u')), { status: 400, body: { error: { code: 1, message: /client secret/ } } })
  t.match(await call(path('right', 'other')), { status: 401, body: { error: { code: 190 } } })
  t.match(await call(path('right', '')), { status: 401 })
  const { body } = await call(path('right', 'u'))
  t.match(await call('v26.0/me/accounts', (body as { access_token: string }).access_token), {
    status: 200,
    body: {
      data: [
        { id: '1001', access_token: 'page-token', instagram_business_account: { id: '17' } },
        { id: '1002', name: 'Page 1002', access_token: 'token-of-1002' },
      ],
    },
  })
  t.match(await call('me/accounts', 'u'), { status: 401 })
  t.match(await call('me/accounts'), { status: 401 })
  t.match(await call('me/accounts', 'u', 'POST'), { status: 404 })
  t.match(graph.requests.at(-1), { is: 'connect', status: 404 })
})

t.test('an Instagram login’s token is exchanged once', async (t) => {
  const { call } = await started(t)
  const path = (token: string): string =>
    `access_token?grant_type=ig_exchange_token&client_secret=any&access_token=${token}`
  t.match(await call(path('short')), { status: 200, body: { access_token: 'page-token' } })
  t.match(await call(path('page-token')), { status: 400, body: { error: { code: 100 } } })
  const none = await started(t, { pages: {} })
  t.match(await none.call(path('short')), { body: { access_token: 'lasting-user-token' } })
})

t.test('subscriptions are kept', async (t) => {
  const { call, graph } = await started(t)
  const path = '1001/subscribed_apps'
  await call('oauth/access_token?client_id=9&fb_exchange_token=u')
  t.match(await call(path, 'other'), { status: 401 })
  t.same((await call(path, 'page-token')).body, { data: [] })
  t.same((await call(`${path}?subscribed_fields=a,b`, 'page-token', 'POST')).body, { success: true })
  t.same((await call(path, 'page-token')).body, { data: [{ id: '9', subscribed_fields: ['a', 'b'] }] })
  t.same((await call('1002/subscribed_apps', 'any', 'POST')).body, { success: true })
  graph.always({ page: '1001', fault: { error: { code: 200 } } })
  t.match(await call(path, 'page-token'), { status: 400, body: { error: { code: 200 } } })
})
