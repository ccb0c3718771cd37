import t, { type Test } from 'tap'
import { createConnector, type Login } from '../../src/meta/connect.js'
import { WEBHOOK_FIELDS } from '../../src/meta/webhook-fields.js'
import { answerJson, listen, type Received } from '../../src/simulator/listen.js'

type Answer = (request: Received) => object

async function started(t: Test, answer: Answer, more: Partial<Login> = {}) {
  const seen: Received[] = []
  const listener = await listen(0, async (request, response) => {
    seen.push(request)
    const body = answer(request)
    answerJson(response, 'error' in body ? 400 : 200, body)
  })
  const connector = createConnector({ timeoutMs: 5_000 })
  t.teardown(async () => {
    await connector.close()
    await listener.close()
  })
  const login: Login = {
    platform: 'facebook',
    graphUrl: `${listener.origin}/v26.0`,
    appId: '99',
    appSecrets: ['secret-a', 'secret-b'],
    userToken: 'user-token',
    ...more,
  }
  return { connector, login, seen }
}

const refusal = (code: number, message: string) => ({ error: { code, message } })
const WRONG_SECRET = refusal(1, 'Error validating client secret.')

t.test('a user token is exchanged with the first secret that Meta takes', async (t) => {
  const takesB: Answer = ({ query }) =>
    query['client_secret'] === 'secret-b' ? { access_token: 'lasting' } : WRONG_SECRET
  const page = await started(t, takesB)
  t.same(await page.connector.exchange(page.login), { is: 'ok', value: { token: 'lasting', isExchanged: true } })
  t.match(page.seen.at(-1), {
    path: '/v26.0/oauth/access_token',
    query: { grant_type: 'fb_exchange_token', client_id: '99', fb_exchange_token: 'user-token' },
  })
  t.equal(page.seen.at(-1)!.headers.authorization, undefined)

  const account = await started(t, takesB, { platform: 'instagram' })
  t.match(await account.connector.exchange(account.login), { is: 'ok', value: { token: 'lasting' } })
  t.match(account.seen.at(-1), {
    path: '/access_token',
    query: { grant_type: 'ig_exchange_token', access_token: 'user-token' },
  })
})

t.test('a refused exchange names the cause that is worth most', async (t) => {
  const ended: Answer = ({ query }) =>
    query['client_secret'] === 'secret-a' ? refusal(190, 'Session of user-token has ended') : WRONG_SECRET
  for (const appSecrets of [
    ['secret-a', 'secret-b'],
    ['secret-b', 'secret-a'],
  ]) {
    const page = await started(t, ended, { appSecrets })
    const refused = { is: 'refused', code: '190', said: 'Session of •••• has ended' }
    t.same(await page.connector.exchange(page.login), refused)
  }
  const wrong = await started(t, () => WRONG_SECRET, { platform: 'instagram' })
  t.match(await wrong.connector.exchange(wrong.login), { is: 'refused', code: '1' })
  for (const access_token of [undefined, 'with a blank']) {
    const odd = await started(t, () => ({ access_token }))
    t.match(await odd.connector.exchange(odd.login), { is: 'refused', code: 'no_token' })
  }
  const away = { ...wrong.login, graphUrl: 'http://127.0.0.1:1' }
  t.same(await wrong.connector.exchange(away), { is: 'lost', code: 'ECONNREFUSED' })
})

t.test('a token that Instagram does not exchange lasts already', async (t) => {
  const { connector, login } = await started(t, () => refusal(100, 'Unsupported request'), { platform: 'instagram' })
  t.same(await connector.exchange(login), { is: 'ok', value: { token: 'user-token', isExchanged: false } })
})

t.test('pages are listed to the end, and no further', async (t) => {
  const page = (id: number, token = `token-${id}`) => ({ id: String(id), name: 'Shop', access_token: token })
  const two = await started(t, ({ query }) =>
    query['after'] === undefined
      ? { data: [page(1), page(3, 'has a blank')], paging: { next: 'https://elsewhere', cursors: { after: 'c' } } }
      : { data: [page(2)], paging: { cursors: { after: 'd' } } },
  )
  t.match(await two.connector.accounts(two.login, 'lasting'), { is: 'ok', value: [{ id: '1' }, { id: '2' }] })
  t.match(two.seen, [
    { path: '/v26.0/me/accounts', headers: { authorization: 'Bearer lasting' }, query: { limit: '50' } },
    { query: { after: 'c', fields: 'id,name,access_token,instagram_business_account{id,username}' } },
  ])
  const endless = await started(t, () => ({ data: [page(1)], paging: { next: 'x', cursors: { after: 'c' } } }))
  await endless.connector.accounts(endless.login, 'lasting')
  t.equal(endless.seen.length, 20)
  const refused = await started(t, () => refusal(190, 'lasting has ended'))
  t.same(await refused.connector.accounts(refused.login, 'lasting'), {
    is: 'refused',
    code: '190',
    said: '•••• has ended',
  })
})

t.test('an Instagram login has one account', async (t) => {
  const platform = 'instagram'
  const one = await started(t, () => ({ user_id: '17', username: 'shop' }), { platform })
  const account = { id: '17', platform, name: 'shop', token: 'lasting', owner: '17' }
  t.same(await one.connector.accounts(one.login, 'lasting'), { is: 'ok', value: [account] })
  t.match(one.seen, [{ path: '/v26.0/me', query: { fields: 'user_id,username' } }])
  const none = await started(t, () => ({}), { platform })
  t.same(await none.connector.accounts(none.login, 'lasting'), { is: 'ok', value: [] })
  const refused = await started(t, () => refusal(190, 'no'), { platform })
  t.match(await refused.connector.accounts(refused.login, 'lasting'), { is: 'refused' })
})

t.test('to whom a token belongs', async (t) => {
  const page = await started(t, () => ({ id: '1' }))
  t.same(await page.connector.ownerOf(page.login, 'token'), { is: 'ok', value: '1' })
  const account = await started(t, () => ({ user_id: '17' }), { platform: 'instagram' })
  t.same(await account.connector.ownerOf(account.login, 'token'), { is: 'ok', value: '17' })
  const none = await started(t, () => ({}), { platform: 'instagram' })
  t.same(await none.connector.ownerOf(none.login, 'token'), { is: 'ok', value: null })
  const refused = await started(t, () => refusal(190, 'no'))
  t.match(await refused.connector.ownerOf(refused.login, 'token'), { is: 'refused', code: '190' })
})

t.test('an account is subscribed to what is missing, and keeps what it has', async (t) => {
  const account = { id: '11', platform: 'instagram', name: null, token: 'page-token', owner: '1' } as const
  const subscribing = async (subscribed_fields: readonly string[], post: object, more: Partial<Login> = {}) => {
    const meta = await started(
      t,
      ({ method }) => (method === 'GET' ? { data: [{ id: '99', subscribed_fields }] } : post),
      more,
    )
    return { answer: await meta.connector.subscribe(meta.login, account), seen: meta.seen }
  }
  const fresh = await subscribing(['feed', 'messages'], { success: true })
  t.same(fresh.answer, { is: 'ok', value: 'now' })
  t.match(fresh.seen, [
    { method: 'GET', path: '/v26.0/1/subscribed_apps' },
    { method: 'POST', path: '/v26.0/1/subscribed_apps', headers: { authorization: 'Bearer page-token' } },
  ])
  t.equal(fresh.seen[1]!.query['subscribed_fields'], [...WEBHOOK_FIELDS.facebook, 'feed'].join(','))

  const again = await subscribing(WEBHOOK_FIELDS.facebook, {})
  t.same(again.answer, { is: 'ok', value: 'already' })
  t.equal(again.seen.length, 1)

  const login = await subscribing(WEBHOOK_FIELDS.instagram, {}, { platform: 'instagram', appId: '' })
  t.same(login.answer, { is: 'ok', value: 'already' })
  t.match((await subscribing([], { success: false })).answer, { is: 'refused', code: 'no_success' })
  t.match((await subscribing([], refusal(200, 'no permission'))).answer, { is: 'refused', code: '200' })
  const blind = await started(t, ({ method }) => (method === 'GET' ? refusal(10, 'no') : { success: true }))
  t.same(await blind.connector.subscribe(blind.login, account), { is: 'ok', value: 'now' })
})
