import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { startRedis } from '../fixtures/redis-servers.js'
import type { Changes } from '../fixtures/settings.js'
import { bodyOf, conversationOf, deadLettersOf, messagesOf, openShop, type Shown, until } from '../fixtures/shop.js'
import { untilReady } from '../fixtures/traffic.js'
import { PAGE } from '../fixtures/webhooks.js'

/** What customers get of answers such as real apps give, with the exact requests that Meta receives. */

const redis = await startRedis()
t.teardown(() => redis.stop())

const PICTURE = 'https://cdn.example/red.png'
const INTRO = 'I am a **bot**.'
const PLAIN_INTRO = 'I am a bot.'
const JSON_TYPE = { 'content-type': 'application/json' }
const MP4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypM4A '), Buffer.alloc(100)])

const image = (url: string) => ({ attachment: { type: 'image', payload: { url } } })
const idOf = (user: string): string => `${PAGE}-${user}`

for (const [platform, store] of [
  ['instagram', 'memory'],
  ['facebook', 'redis'],
] as const) {
  t.test(`${platform}, ${store}`, async (t) => {
    const shop = await openShop(t, {
      page: { platform },
      settings: { COOLDOWN: '0', SEND_RATE: '50', MARK_SEEN: 'on', VOICE: 'text', SUGGESTED: 'on', HISTORY_TTL: '1d' },
    })
    const { graph, dify } = shop
    const kept: Changes = store === 'redis' ? { REDIS_URL: redis.url, REDIS_PREFIX: 'fit' } : {}
    const router = await shop.start(kept)
    await untilReady(router)
    /** The message of each request for this customer, without the mark that Messenger returns. */
    const requests = (user: string): readonly Shown[] =>
      graph.sends
        .filter(({ recipient }) => recipient === user)
        .map(({ body }) => {
          const { metadata, ...message } = (body as Shown).message
          return message
        })
    const replies = (user: string, many: number) =>
      until(
        () => requests(user),
        (all) => all.length >= many,
      )
    const settledRows = (user: string) =>
      until(
        () => messagesOf(router, idOf(user)),
        (all) => all.every(({ type, evidence }) => type === 'customer' || evidence !== null),
      )

    await t.test('text, picture, text: three sends in this order, three rows, three echoes recognised', async (t) => {
      dify.app({
        key: 'app-1',
        kind: 'chat',
        answer: `<think>which **red**?</think>Look at **this**:\n\n![red](${PICTURE})\n\nIt costs *5* at [us](https://shop.example).`,
        suggests: ['And in blue?'],
      })
      await shop.customer('red?', '3001')
      t.same(await replies('3001', 3), [
        { text: 'Look at this:' },
        image(PICTURE),
        {
          text: 'It costs 5 at us: https://shop.example.',
          quick_replies: [{ content_type: 'text', title: 'And in blue?', payload: 'And in blue?' }],
        },
      ])
      await graph.settled()
      const rows = await settledRows('3001')
      t.match(rows, [
        { type: 'customer', status: 'processed' },
        { message_type: 'text', status: 'sent', type: 'AI' },
        { message_type: 'image', status: 'sent', media_url: PICTURE },
        { message_type: 'text', status: 'sent' },
      ])
      t.equal(rows.length, 4)
      t.match(await conversationOf(router, idOf('3001')), { bot: { enabled: true } })
      const acts = graph.actions.filter(({ recipient }) => recipient === '3001')
      t.same(acts.map(({ body }) => (body as Shown).sender_action).sort(), ['mark_seen', 'typing_on'])
    })

    await t.test('a person who steps in after the first stops the other two', async (t) => {
      graph.script({ page: PAGE, faults: [{ delayMs: 500 }] })
      await shop.customer('red, please', '3002')
      await replies('3002', 1)
      await shop.person('I am here', '3002')
      const rows = await until(
        () => messagesOf(router, idOf('3002')),
        (all) => all.length === 5 && all.every(({ status }) => !['queued', 'sending'].includes(status)),
      )
      t.equal(requests('3002').length, 1)
      t.same(rows.map(({ type, status }) => `${type} ${status}`).sort(), [
        'AI cancelled',
        'AI cancelled',
        'AI sent',
        'customer processed',
        'support sent',
      ])
    })

    await t.test('a refused picture becomes its link, once, with the text behind it', async (t) => {
      graph.page({ page: PAGE, refuses: ['image'] })
      await shop.customer('red!', '3003')
      const [first, picture, link, last] = await replies('3003', 4)
      t.same(
        [first.text, picture, link, last.text],
        ['Look at this:', image(PICTURE), { text: PICTURE }, 'It costs 5 at us: https://shop.example.'],
      )
      await graph.settled()
      t.equal(requests('3003').length, 4)
      t.same((await settledRows('3003')).map(({ status, content }) => [status, content]).slice(2, 3), [
        ['sent', PICTURE],
      ])
      graph.page({ page: PAGE, refuses: [] })
    })

    await t.test('a picture of unknown outcome is never sent twice', async (t) => {
      graph.script({ page: PAGE, faults: [{}, { drop: true, deliver: true }] })
      await shop.customer('red?!', '3004')
      await replies('3004', 3)
      await graph.settled()
      await settledRows('3004')
      t.equal(requests('3004').filter(({ attachment }) => attachment !== undefined).length, 1)
      t.same(await deadLettersOf(router), [])
    })

    await t.test('text in message_file events, and files in all their places', async (t) => {
      dify.app({
        key: 'app-1',
        answer: 'Here they are.',
        textIn: 'message_file',
        suggests: null,
        files: [
          { type: 'image', url: '/files/tools/1.png?timestamp=1&nonce=a&sign=b', at: 'event' },
          { type: 'image', url: '/files/tools/1.png?timestamp=2&nonce=c&sign=d', at: 'end' },
          { type: 'audio', url: 'https://cdn.example/2.mp3', at: 'end' },
        ],
      })
      await shop.customer('files?', '3005')
      t.same(await replies('3005', 3), [
        { text: 'Here they are.' },
        image(`${dify.origin}/files/tools/1.png?timestamp=1&nonce=a&sign=b`),
        { attachment: { type: 'audio', payload: { url: 'https://cdn.example/2.mp3' } } },
      ])
      dify.app({
        key: 'app-1',
        kind: 'chatflow',
        last: 'message_end',
        textIn: 'message',
        files: [],
        outputs: {
          quick_replies: ['Yes', 'No'],
          made: [{ dify_model_identity: '__dify__file__', type: 'document', url: '/files/a.pdf', filename: 'a.pdf' }],
        },
      })
      await shop.customer('files?', '3006')
      t.match(await replies('3006', 2), [
        { text: 'Here they are.', quick_replies: [{ title: 'Yes' }, { title: 'No' }] },
        { attachment: { type: 'file', payload: { url: `${dify.origin}/files/a.pdf` } } },
      ])
    })

    await t.test('reasoning is cut wherever the chunks are', async (t) => {
      dify.app({ key: 'app-1', kind: 'chat', answer: '<think>no</think>Yes', suggests: null, outputs: {}, split: true })
      for (const chunks of [2, 3, 20]) {
        dify.app({ key: 'app-1', chunks })
        await shop.customer('so?', `31${chunks}`)
        t.same(await replies(`31${chunks}`, 1), [{ text: 'Yes' }])
      }
    })

    await t.test(
      'a voice message is asked in its words; what cannot be heard as a file, and the log says why',
      async (t) => {
        const pages: Readonly<Record<string, Buffer | string>> = { '/voice': MP4, '/page': '<html>Log in</html>' }
        const media = createServer(({ url = '' }, response) => {
          if (url === '/private') response.writeHead(302, { location: 'http://10.0.0.1/secret' }).end()
          else if (url === '/large') response.writeHead(200, { 'content-length': 20 * 1024 * 1024 }).write(MP4)
          else if (url in pages) response.writeHead(200, { 'content-type': 'audio/mp4' }).end(pages[url])
        })
        await new Promise<void>((resolve) => media.listen(0, '127.0.0.1', resolve))
        t.teardown(() => {
          media.closeAllConnections()
          media.close()
        })
        const at = (path: string): string => `http://127.0.0.1:${(media.address() as AddressInfo).port}${path}`
        const speak = (path: string, user: string) =>
          graph.write({ page: PAGE, user, attachments: [{ type: 'audio', payload: { url: at(path) } }] })
        dify.app({ key: 'app-1', kind: 'chat', answer: '{query}', hears: 'how much is it?', chunks: 1 })
        const heard = speak('/voice', '3201')
        // A server that hangs keeps nobody else waiting.
        // It takes ten seconds to give up, which is enough to see once.
        const isHanging = store === 'memory'
        const hanging = isHanging ? speak('/never', '3202') : null
        await speak('/private', '3203')
        await speak('/large', '3204')
        await speak('/page', '3205')
        await Promise.all([heard, hanging])
        t.same(await replies('3201', 1), [{ text: 'how much is it?' }])
        t.match(await messagesOf(router, idOf('3201')), [
          { message_type: 'voice', content: null, transcription: 'how much is it?', media_url: at('/voice') },
          { type: 'AI' },
        ])
        t.notOk('files' in bodyOf(dify.calls.find(({ user }) => user === idOf('3201'))))
        for (const user of ['3203', '3204', '3205']) t.same(await replies(user, 1), [{ text: '[voice]' }])
        t.same(requests('3202'), [], 'the one that hangs is still waited for')
        dify.app({ key: 'app-1', hears: null })
        await speak('/voice', '3206')
        t.same(await replies('3206', 1), [{ text: '[voice]' }], 'speech to text is switched off')
        t.match(bodyOf(dify.calls.find(({ user }) => user === idOf('3203'))).files, [
          { type: 'audio', url: at('/private') },
        ])
        if (isHanging)
          t.same(
            await until(
              () => requests('3202'),
              ([first]) => first,
              15_000,
            ),
            [{ text: '[voice]' }],
          )
        const told = router.log.filter(({ msg }) => msg === 'voice message not heard, it is asked as a file')
        t.same(Object.fromEntries(told.map(({ conversation_id, code }) => [conversation_id, code])), {
          ...(isHanging ? { [idOf('3202')]: 'timeout' } : {}),
          [idOf('3203')]: 'private_address',
          [idOf('3204')]: 'too_large',
          [idOf('3205')]: 'not_audio',
          [idOf('3206')]: 'invalid_param',
        })
      },
    )
  })

  t.test(`${platform}, ${store}: the bot says that it is one, once, and again after a person`, async (t) => {
    const shop = await openShop(t, {
      page: { platform },
      settings: { COOLDOWN: '0', SEND_RATE: '50', INTRO_TEXT: INTRO },
    })
    const kept: Changes = store === 'redis' ? { REDIS_URL: redis.url, REDIS_PREFIX: 'intro' } : {}
    const router = await shop.start(kept)
    await untilReady(router)
    const heard = async (...texts: readonly string[]) => {
      await until(() => shop.sent('3301').length >= texts.length)
      await shop.graph.settled()
      t.same(shop.sent('3301'), texts)
    }
    await shop.customer('one', '3301')
    const first = [PLAIN_INTRO, 'You said: one']
    await heard(...first)
    await shop.customer('two', '3301')
    await heard(...first, 'You said: two')
    await shop.person('A person here', '3301')
    await router.call(`/api/conversations/${idOf('3301')}/bot`, {
      method: 'PUT',
      body: { enabled: true },
      headers: JSON_TYPE,
    })
    await shop.customer('three', '3301')
    await heard(...first, 'You said: two', PLAIN_INTRO, 'You said: three')
    t.match(await conversationOf(router, idOf('3301')), { bot: { enabled: true } })
    // One that Meta refuses does not hold up the answer.
    shop.graph.script({ page: PAGE, faults: [{ error: { code: 100, subcode: 2534015 } }] })
    await shop.customer('hello', '3302')
    await until(() => shop.sent('3302').length === 1)
    t.same(shop.sent('3302'), ['You said: hello'])
  })
}
