import t from 'tap'
import { startApp } from '../fixtures/app.js'
import { DIFY_TOKEN } from '../fixtures/settings.js'
import { delivery, echoTo, fromCustomer } from '../fixtures/webhooks.js'

t.test('channels show whether they are alive, and none of their secrets', async (t) => {
  const app = await startApp(t, {}, [
    {
      id: '1',
      platform: 'instagram',
      name: 'my_shop',
      token: 'secret-page-token',
      difyTokens: ['secret-dify-token'],
      dify: { url: 'https://dify.example/v1', key: 'secret-dify-key' },
      bot: { mode: 'test', testers: ['7'] },
    },
    { id: '2', platform: 'facebook' },
  ])
  const quiet = { connected: null, last_error: null, last_inbound_at: null, last_echo_at: null }
  const before = await app.call('/api/channels')
  t.same(before.json, {
    channels: [
      { id: '1', platform: 'instagram', name: 'my_shop', mode: 'test', ...quiet },
      { id: '2', platform: 'facebook', name: null, mode: 'on', ...quiet },
    ],
  })
  t.notMatch(before.text, 'secret')

  const startedAt = Date.now()
  await app.deliver(delivery([fromCustomer('7', { mid: 'm', text: 'hi' }, { page: '1' })], { page: '1' }))
  await app.deliver(delivery([echoTo('7', { mid: 'e', text: 'hi' }, { page: '2' })], { page: '2', object: 'page' }))
  const [first, second] = (await app.call('/api/channels')).json.channels
  t.match(first, { last_inbound_at: /Z$/, last_echo_at: null })
  t.match(second, { last_inbound_at: null, last_echo_at: /Z$/ })
  t.ok(Date.parse(first.last_inbound_at) >= startedAt)

  t.match(await app.call('/api/channels', { token: DIFY_TOKEN }), { status: 403 })
  t.match(await app.call('/api/channels', { token: null }), { status: 401 })
})
