import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { bodyOf, conversationOf, messagesOf, openShop, USER, until } from '../fixtures/shop.js'
import { delivery, PAGE } from '../fixtures/webhooks.js'

/** Between the bot and people: by words, by hours, by Meta's own handover; and who the customer is. */

t.test('the customer asks for a person, and the person gives the conversation back', async (t) => {
  const shop = await openShop(t, {
    settings: {
      HANDOFF_WORDS: 'human,انسان',
      HANDOFF_TEXT: 'A colleague will be with you.',
      RESUME_WORDS: '🤖',
      HUMAN_TRANSCRIPT: 'on',
    },
  })
  const { dify } = shop
  const router = await shop.start()
  await shop.customer('Human!')
  await until(() => shop.sent().length === 1)
  t.same(shop.sent(), ['A colleague will be with you.'])
  t.match(await conversationOf(router), { bot: { enabled: false, reason: 'customer_request' } })
  t.match(await messagesOf(router), [{ status: 'skipped', reason: 'customer_request' }, { type: 'AI' }])
  await shop.person('Hello, this is Sara.')
  await shop.customer('my parcel is late')
  await shop.person('It comes tomorrow.')
  await shop.person('🤖')
  t.match(await conversationOf(router), { bot: { enabled: true } })
  await shop.customer('thank you, and what does it cost?')
  await until(() => dify.calls.length === 1)
  const transcript = bodyOf(dify.calls[0]).inputs
  t.match(transcript['human_transcript'], /Sara[\s\S]*my parcel is late[\s\S]*It comes tomorrow\./)
  await until(() => shop.sent().length === 2)
  await sleep(100)
  await shop.customer('ok')
  await until(() => dify.calls.length === 2)
  t.notOk('human_transcript' in bodyOf(dify.calls[1]).inputs, 'once')
})

t.test('the shop is closed: said once, and nobody is asked', async (t) => {
  const shop = await openShop(t)
  const { graph, dify } = shop
  const channel = {
    id: PAGE,
    platform: 'instagram',
    token: 'page-token',
    graphUrl: graph.url,
    dify: { url: dify.url, key: 'app-1' },
    hours: { timezone: 'Asia/Tehran', open: {}, bot: 'inside', awayText: 'We are closed.' },
  }
  const file = `${t.testdir({ 'channels.json': JSON.stringify({ channels: [channel] }) })}/channels.json`
  const none = Object.fromEntries(
    Object.keys(shop.settings)
      .filter((name) => /^(CHANNEL|DIFY)_/.test(name))
      .map((name) => [name, undefined]),
  )
  const router = await shop.start({ ...none, CHANNEL_ID: undefined, CHANNELS_FILE: file })
  await shop.customer('hello')
  await shop.customer('anybody?')
  await until(() => shop.sent().length === 1)
  await sleep(400)
  t.same(shop.sent(), ['We are closed.'])
  t.same(dify.calls, [])
  const told = (await messagesOf(router)).map(({ type, reason }) => `${type} ${reason}`)
  t.same(told, ['customer closed_hours', 'AI null', 'customer closed_hours'])
})

t.test('Meta gives the thread to another app and back', async (t) => {
  const shop = await openShop(t, { settings: { META_APP_IDS: '100' } })
  const router = await shop.start()
  await shop.customer('hi')
  await until(() => shop.sent().length === 1)
  const control = (key: string, newOwner: string) =>
    router.deliver(
      delivery([
        { sender: { id: USER }, recipient: { id: PAGE }, timestamp: Date.now(), [key]: { new_owner_app_id: newOwner } },
      ]),
    )
  t.match((await control('take_thread_control', '263902037430900')).json.results, [
    { event: 'handover', outcome: 'accepted' },
  ])
  t.match(await conversationOf(router), { bot: { enabled: false, reason: 'handover' } })
  await control('pass_thread_control', '100')
  t.match(await conversationOf(router), { bot: { enabled: true } })
})

t.test('the customer has a name', async (t) => {
  const shop = await openShop(t)
  const { graph, dify } = shop
  graph.profile({ user: USER, profile: { name: 'Sara', username: 'sara_1', profile_pic: 'https://cdn.example/s.jpg' } })
  const router = await shop.start()
  await shop.customer('hi')
  await until(() => shop.sent().length === 1)
  t.match(dify.calls[0]!.body, { inputs: { customer_name: 'Sara' } })
  t.match(await conversationOf(router), { customer: { name: 'Sara', username: 'sara_1', profile_pic: /cdn/ } })

  await t.test('a profile that fails costs one call, not one for each message', async () => {
    const other = '9009'
    for (let i = 0; i < 5; i++) await shop.customer(`hello ${i}`, other)
    await until(() => shop.sent(other).length > 0)
    await sleep(400)
    t.equal(graph.requests.filter(({ is, id }) => is === 'profile' && id === other).length, 1)
  })
})
