import t, { type Test } from 'tap'
import { createTokenRefresher, refreshOutcome } from '../../src/meta/refresh-token.js'
import { answerJson, listen, type Received } from '../../src/simulator/listen.js'

async function meta(t: Test, answer: object | null, status = 200) {
  const requests: Received[] = []
  const listener = await listen(0, async (request, response) => {
    requests.push(request)
    if (answer === null) response.destroy()
    else answerJson(response, status, answer)
  })
  t.teardown(listener.close)
  const refresher = createTokenRefresher({ timeoutMs: 5_000 })
  t.teardown(refresher.close)
  return { url: listener.origin, refresher, requests }
}

t.test('Meta is asked with the token in the query, where it wants it, and nowhere else', async (t) => {
  const { url, refresher, requests } = await meta(t, {
    access_token: 'new',
    token_type: 'bearer',
    expires_in: 5_183_944,
  })
  t.same(await refresher.refresh(`${url}/v26.0/`, 'old+/&=%'), { is: 'refreshed', token: 'new', lifeMs: 5_183_944_000 })
  t.match(requests, [
    {
      method: 'GET',
      path: '/v26.0/refresh_access_token',
      query: { grant_type: 'ig_refresh_token', access_token: 'old+/&=%' },
    },
  ])
  t.equal(requests[0]!.headers.authorization, undefined)
})

t.test('no answer says nothing about the token, and no token stands in what is told of it', async (t) => {
  const { url, refresher } = await meta(t, null)
  const lost = await refresher.refresh(url, 'secret-token')
  t.match(lost, { is: 'lost', code: /^[A-Z_]+$/ })
  t.notMatch(JSON.stringify(lost), 'secret')
  t.match(await refresher.refresh('http://127.0.0.1:1', 'secret-token'), { is: 'lost', code: 'ECONNREFUSED' })
  await refresher.close()
  t.match(await refresher.refresh(url, 'secret-token'), { is: 'lost' })
})

const told = (body: unknown, status = 200) =>
  refreshOutcome({ is: 'told', headers: {}, status, body: typeof body === 'string' ? body : JSON.stringify(body) })
const error = (code: number, subcode?: number) => ({
  error: { code, error_subcode: subcode, message: 'of secret-token' },
})

t.test('what Meta refuses is told by its code alone', async (t) => {
  for (const [body, status, outcome] of [
    [error(190, 463), 400, { is: 'refused', code: '190/463' }],
    [error(10), 400, { is: 'refused', code: '10' }],
    [error(100), 200, { is: 'refused', code: '100' }],
    [{}, 400, { is: 'refused', code: 'http_400' }],
    [{ error: 'text' }, 404, { is: 'refused', code: 'http_404' }],
    ['<html>', 302, { is: 'refused', code: 'http_302' }],
  ] as const) {
    t.same(told(body, status), outcome)
  }
})

t.test('trouble that passes is no refusal', async (t) => {
  for (const code of [1, 2, 4, 17, 32, 341, 613, 80001])
    t.same(told(error(code), 400), { is: 'lost', code: String(code) })
  t.same(told('oops', 500), { is: 'lost', code: 'http_500' })
  t.same(told('', 429), { is: 'lost', code: 'http_429' })
})

t.test('an odd answer is a refusal', async (t) => {
  const token = 'new'
  for (const body of [
    'new',
    '',
    '[]',
    {},
    { access_token: '', expires_in: 9 },
    { access_token: null, expires_in: 9 },
    { access_token: 7, expires_in: 9 },
    { access_token: 'two words', expires_in: 9 },
    { access_token: 'a\r\nb: c', expires_in: 9 },
    { access_token: 'سلام', expires_in: 9 },
    { access_token: 'x'.repeat(5_000), expires_in: 9 },
  ]) {
    t.same(told(body), { is: 'refused', code: 'no_token' }, JSON.stringify(body).slice(0, 50))
  }
  for (const life of [undefined, null, 0, -1, 0.5, 1e12, 1e300, '5184000', 'soon', true]) {
    t.same(told({ access_token: token, expires_in: life }), { is: 'refused', code: 'no_expiry' }, String(life))
  }
  t.same(told(`{"access_token": "new", "expires_in": ${'9'.repeat(40)}}`), { is: 'refused', code: 'no_expiry' })
  t.same(told({ access_token: token, expires_in: 1.5 }), { is: 'refreshed', token, lifeMs: 1_500 })
})
