import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import t from 'tap'
import { type ConversationId, pageOf } from '../../../src/conversation/ids.js'
import type { ApiParts } from '../../../src/http/api-parts.js'
import { conversationList } from '../../../src/http/routes/conversation-list.js'
import { type Answer, startApp } from '../../fixtures/app.js'
import { createDoor } from '../../fixtures/door.js'
import { configOf } from '../../fixtures/settings.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE } from '../../fixtures/webhooks.js'

t.test('the list of conversations', async (t) => {
  const app = await startApp(t)
  const list = async (query = ''): Promise<Answer> => app.call(`/api/conversations${query}`)
  const idsOf = ({ json }: Answer): readonly string[] =>
    json.conversations.map(({ user_id }: { user_id: string }) => user_id)

  t.same((await list()).json, { conversations: [], next_cursor: null })
  for (let user = 1; user <= 7; user++) {
    await app.deliver(delivery([fromCustomer(`${user}`, { mid: newMid(), text: 'hi' })]))
  }
  for (const user of ['2', '5']) await app.deliver(delivery([echoTo(user, { mid: newMid(), text: 'I am here' })]))

  await t.test('the newest activity comes first', async (t) => {
    const answer = await list()
    t.same(idsOf(answer), ['5', '2', '7', '6', '4', '3', '1'])
    t.equal(answer.json.next_cursor, null)
    t.match(answer.json.conversations[0], { id: `${PAGE}-5`, platform: 'instagram', bot: { enabled: false } })
  })

  await t.test('pages of conversations follow each other without gap or repeat', async (t) => {
    const seen: string[] = []
    let cursor: string | null = null
    for (let page = 0; page < 10 && (page === 0 || cursor !== null); page++) {
      const answer: Answer = await list(`?limit=3${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
      seen.push(...idsOf(answer))
      cursor = answer.json.next_cursor
    }
    t.same(seen, ['5', '2', '7', '6', '4', '3', '1'])
  })

  await t.test('the list may be filtered by whether the bot is paused', async (t) => {
    t.same(idsOf(await list('?bot=paused')), ['5', '2'])
    t.same(idsOf(await list('?bot=on')), ['7', '6', '4', '3', '1'])
    const first = await list('?bot=on&limit=2')
    t.same(idsOf(first), ['7', '6'])
    t.same(idsOf(await list(`?bot=on&limit=2&cursor=${encodeURIComponent(first.json.next_cursor)}`)), ['4', '3'])
  })

  await t.test('a limit beyond what is given counts as the most', async (t) => {
    for (const limit of ['7', '500', '501', '99999999999999999999'])
      t.equal(idsOf(await list(`?limit=${limit}`)).length, 7)
  })

  await t.test('an empty parameter counts as not given', async (t) => {
    t.equal(idsOf(await list('?bot=&limit=&cursor=')).length, 7)
  })

  await t.test('filters and a search can be combined', async (t) => {
    await app.call(`/api/conversations/${PAGE}-3/state`, { method: 'PUT', body: { state: 'closed' } })
    for (const [query, expected] of [
      ['state=closed', ['3']],
      ['state=open&bot=on', ['7', '6', '4', '1']],
      ['waiting=true', []],
      ['waiting=false&limit=2', ['5', '2']],
      ['dead=true', []],
      ['dead=false&bot=paused', ['5', '2']],
      [`page=${PAGE}&bot=paused`, ['5', '2']],
      ['page=1', []],
      ['q=4', ['4']],
      [`q=${PAGE}-6`, ['6']],
      [`q=${PAGE}-6&state=closed`, []],
      ['q=nobody', []],
      ['q=%20&state=&waiting=&dead=&page=&limit=2', ['5', '2']],
    ] as const) {
      t.same(idsOf(await list(`?${query}`)), expected, query)
    }
  })

  await t.test('each comes with its last message, cut to what fits into a line', async (t) => {
    const last = async (user: string) => (await list(`?q=${user}`)).json.conversations[0].last_message
    t.match(await last('5'), { type: 'support', content: 'I am here', created_at: /^20..-.*Z$/ })
    for (const [text, content] of [
      ['x'.repeat(120), 'x'.repeat(120)],
      ['x'.repeat(121), 'x'.repeat(120)],
      ['🤖'.repeat(200), '🤖'.repeat(60)],
      [`x${'🤖'.repeat(200)}`, `x${'🤖'.repeat(59)}`],
    ] as const) {
      await app.deliver(delivery([fromCustomer('4', { mid: newMid(), text })]))
      t.equal((await last('4')).content, content)
    }
    const url = 'https://example.com/1.jpg'
    await app.deliver(
      delivery([fromCustomer('4', { mid: newMid(), attachments: [{ type: 'image', payload: { url } }] })]),
    )
    t.match(await last('4'), { type: 'customer', content: null })
  })

  await t.test('an invalid filter is refused', async (t) => {
    const filters = ['state=shut', 'waiting=1', 'dead=yes', 'page=x', `page=${'1'.repeat(33)}`, `q=${'x'.repeat(65)}`]
    const pages = ['limit=0', 'limit=-1', 'limit=x', 'limit=1.5', 'limit=1&limit=2', 'bot=off', 'cursor=%00x']
    for (const query of [...filters, ...pages]) {
      t.match(await list(`?${query}`), { status: 400, json: { status: 'error', code: 'invalid_request' } }, query)
    }
  })
})

t.test('conversations of a removed channel are not listed', async (t) => {
  const channels = [
    { id: '1', platform: 'instagram' },
    { id: '2', platform: 'instagram' },
  ]
  const { answer, store } = createDoor({}, channels)
  for (const page of ['1', '2'])
    await answer(delivery([fromCustomer('7', { mid: 'm', text: 'hi' }, { page })], { page }))
  const left = configOf({}, channels.slice(1)).channels
  const app = Fastify()
  await app.register(conversationList, {
    store,
    channelOf: (id: ConversationId) => left.get(pageOf(id)),
  } as unknown as ApiParts)
  const { payload } = await app.inject('/api/conversations')
  t.match(JSON.parse(payload), { conversations: [{ id: '2-7' }], next_cursor: null })
  t.equal(JSON.parse(payload).conversations.length, 1)
})

t.test('a last message that is older than the history may be is not shown', async (t) => {
  const app = await startApp(t, { HISTORY_TTL: '20ms' })
  await app.deliver(delivery([fromCustomer('2', { mid: newMid(), text: 'hi' })]))
  await sleep(50)
  t.match(await app.call('/api/conversations'), { json: { conversations: [{ user_id: '2', last_message: null }] } })
})
