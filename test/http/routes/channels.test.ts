import Fastify from 'fastify'
import t from 'tap'
import type { ChannelFacts } from '../../../src/engine/ports.js'
import type { ApiParts } from '../../../src/http/api-parts.js'
import { channels } from '../../../src/http/routes/channels.js'
import { startApp } from '../../fixtures/app.js'
import { channelWith } from '../../fixtures/channel.js'
import { refuses, startMeta, takes } from '../../fixtures/meta.js'
import { DIFY_TOKEN } from '../../fixtures/settings.js'
import { until } from '../../fixtures/shop.js'
import { delivery, echoTo, fromCustomer } from '../../fixtures/webhooks.js'

t.test('channels show when they were active, and none of their secrets', async (t) => {
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
    { id: '2', platform: 'facebook', bot: { pause: 'forever' } },
  ])
  const quiet = {
    bot_pause_seconds: 21_600,
    connected: null,
    last_error: null,
    token_expires_at: null,
    last_sent_at: null,
    last_inbound_at: null,
    last_echo_at: null,
  }
  const before = await app.call('/api/channels')
  t.same(before.json, {
    channels: [
      { id: '1', platform: 'instagram', name: 'my_shop', mode: 'test', ...quiet },
      { id: '2', platform: 'facebook', name: null, mode: 'on', ...quiet, bot_pause_seconds: null },
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

t.test('channels show whether their messages get through', async (t) => {
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

t.test('the newest that is known of a token says whether it is connected', async (t) => {
  let facts: ChannelFacts
  const app = Fastify()
  t.teardown(() => app.close())
  const parts = { store: { channelFacts: () => facts }, allChannels: () => [channelWith()], readTokens: async () => {} }
  await app.register(channels, parts as unknown as ApiParts)
  const trouble = { at: 2_000, code: '190' }
  const nothing = { lastInboundAt: 0, lastEchoAt: 0, lastSentAt: 0, lastProbedAt: 0, trouble: null }
  const refused = { connected: false, last_error: { code: '190', at: '1970-01-01T00:00:02.000Z' } }
  for (const [what, known, shown] of [
    ['nothing yet', {}, { connected: null, last_error: null }],
    ['a message got through', { lastSentAt: 1 }, { connected: true, last_sent_at: '1970-01-01T00:00:00.001Z' }],
    ['a probe did', { lastProbedAt: 1 }, { connected: true, last_sent_at: null }],
    ['a refusal', { trouble }, refused],
    ['a refusal after messages', { lastSentAt: 1_000, trouble }, refused],
    ['a message after a refusal', { lastSentAt: 2_001, trouble }, { connected: true, last_error: null }],
    ['a refusal that a probe leaves standing', { lastProbedAt: 3_000, trouble }, refused],
  ] as const) {
    facts = { ...nothing, ...known }
    t.match((await app.inject('/api/channels')).json().channels, [shown], what)
  }
})
