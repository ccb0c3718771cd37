import t from 'tap'
import { startApp } from '../fixtures/app.js'
import { refuses, startMeta, takes, until } from '../fixtures/meta.js'
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
  const quiet = { connected: null, last_error: null, last_sent_at: null, last_inbound_at: null, last_echo_at: null }
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

t.test('they show whether their messages get through', async (t) => {
  let isDead = true
  const meta = await startMeta(t, () => (isDead ? refuses(190, 401) : takes('mid')))
  const app = await startApp(t, {}, [
    { id: '1', platform: 'instagram', token: 'secret-page-token', graphUrl: meta.graphUrl },
    { id: '2', platform: 'instagram', token: 'secret-page-token', graphUrl: meta.graphUrl },
  ])
  const channel = async (i: number) => (await app.call('/api/channels')).json.channels[i]
  const post = (id: string) => app.call('/api/messages', { method: 'POST', body: { conversation_id: id, text: 'hi' } })
  t.match(await channel(0), { connected: null, last_error: null, last_sent_at: null })

  const startedAt = Date.now()
  await post('1-7')
  await until(async () => (await channel(0)).connected !== null)
  t.match(await channel(0), { connected: false, last_error: { code: '190', at: /Z$/ }, last_sent_at: null })
  t.ok(Date.parse((await channel(0)).last_error.at) >= startedAt)
  t.match(await channel(1), { connected: null, last_error: null })

  isDead = false
  await post('2-7')
  await until(async () => (await channel(1)).connected !== null)
  t.match(await channel(1), { connected: true, last_error: null, last_sent_at: /Z$/ })
  t.ok(Date.parse((await channel(1)).last_sent_at) >= startedAt)
  t.match(await channel(0), { connected: false }, 'each has a token of its own')
})
