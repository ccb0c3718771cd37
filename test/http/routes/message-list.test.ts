import Fastify from 'fastify'
import t from 'tap'
import { type ConversationId, conversationIdOf } from '../../../src/conversation/ids.js'
import type { FeedEntry } from '../../../src/engine/ports.js'
import type { ApiParts } from '../../../src/http/api-parts.js'
import { messageList } from '../../../src/http/routes/message-list.js'
import { type Answer, startApp } from '../../fixtures/app.js'
import { channelWith } from '../../fixtures/channel.js'
import { conversation, HOUR, ID, MINUTE, message, SECOND, START } from '../../fixtures/conversation.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE } from '../../fixtures/webhooks.js'

const textsOf = ({ json }: Answer): readonly string[] =>
  json.messages.map(({ content }: { content: string }) => content)

t.test('the list has the messages of all conversations', async (t) => {
  const app = await startApp(t)
  const list = (query = '') => app.call(`/api/messages${query}`)
  t.same((await list()).json, { messages: [], next_cursor: null })
  for (const user of ['2', '3', '4']) {
    await app.deliver(delivery([fromCustomer(user, { mid: newMid(), text: `hi of ${user}` })]))
  }
  const report = (text: string, more: object) =>
    app.call('/api/sent-messages', { method: 'POST', body: { conversation_id: `${PAGE}-3`, text, ...more } })
  await report('sale', { author: 'marketing', source: 'Campaign', message_id: 'm-sale' })
  await report('answer', { source: 'Workflow' })
  await app.deliver(delivery([echoTo('2', { mid: newMid(), text: 'I am here' })]))
  const all = ['I am here', 'answer', 'sale', 'hi of 4', 'hi of 3', 'hi of 2']

  await t.test('the newest comes first, and each is as in its conversation', async (t) => {
    t.same(textsOf(await list()), all)
    const [newest] = (await app.call(`/api/conversations/${PAGE}-2/messages?limit=1`)).json.messages
    t.same((await list('?limit=1')).json.messages, [newest])
  })

  await t.test('the list of messages is filtered by type, source and time', async (t) => {
    for (const [query, expected] of [
      ['type=marketing', ['sale']],
      ['type=AI', ['answer']],
      ['type=support&source=instagram', ['I am here']],
      ['source=Workflow', ['answer']],
      ['source=Nobody', []],
      ['since=15m', all],
      ['since=15m&type=customer', ['hi of 4', 'hi of 3', 'hi of 2']],
      ['since=&type=&source=&limit=&cursor=', all],
    ] as const) {
      t.same(textsOf(await list(`?${query}`)), expected, query)
    }
  })

  await t.test('pages of messages follow each other without gap or repeat', async (t) => {
    for (const filter of ['', '&type=customer']) {
      const seen: string[] = []
      let cursor = ''
      for (let left = 9; left > 0; left--) {
        const page: Answer = await list(`?limit=1&cursor=${cursor}${filter}`)
        seen.push(...textsOf(page))
        if (page.json.next_cursor === null) break
        cursor = page.json.next_cursor
      }
      t.same(seen, filter === '' ? all : ['hi of 4', 'hi of 3', 'hi of 2'])
    }
  })

  await t.test('a message is shown as it is now, not as it was when it was said', async (t) => {
    const feedback = { method: 'POST', body: { feedback: 'positive' } } as const
    await app.call(`/api/conversations/${PAGE}-3/messages/3/feedback`, feedback)
    t.match((await list('?type=AI')).json.messages, [{ content: 'answer', feedback: 'positive' }])
    await app.call(`/api/conversations/${PAGE}-2`, { method: 'DELETE' })
    t.same(textsOf(await list()), ['answer', 'sale', 'hi of 4', 'hi of 3'], 'and who is erased is not shown at all')
  })

  await t.test('a message that a program claimed after its echo came is found as what it is', async (t) => {
    await app.deliver(delivery([echoTo('4', { mid: 'm-claimed', text: 'spring sale' })]))
    t.same(textsOf(await list('?type=support')), ['spring sale'])
    await report('', { conversation_id: `${PAGE}-4`, author: 'marketing', source: 'Spring', message_id: 'm-claimed' })
    t.same(textsOf(await list('?type=support')), [])
    t.same(textsOf(await list('?type=marketing')), ['spring sale', 'sale'])
    t.same(textsOf(await list('?source=Spring')), ['spring sale'])
  })

  await t.test('an invalid filter is refused', async (t) => {
    for (const query of [
      'type=ai',
      'since=x',
      'since=0',
      'since=15',
      'limit=0',
      'limit=x',
      'cursor=x',
      `source=${'x'.repeat(65)}`,
      'conversation_id=1-2',
    ]) {
      t.match(await list(`?${query}`), { status: 400, json: { code: 'invalid_request' } }, query)
    }
  })
})

t.test('messages before `since` are neither shown nor read', async (t) => {
  const app = await startApp(t)
  await app.deliver(delivery([fromCustomer('2', { mid: newMid(), text: 'early' })]))
  await new Promise((resolve) => setTimeout(resolve, 60))
  t.same(textsOf(await app.call('/api/messages?since=50ms')), [])
})

t.test(
  'a page ends where too much was looked through, and neither a strange channel nor a lost history keeps it',
  async (t) => {
    const channel = channelWith()
    const entry = (id: ConversationId, i: number): FeedEntry => ({
      cursor: `${i}`,
      state: conversation({ id }),
      notice: { is: 'said', message: message({ text: `said ${i}` }) },
    })
    const app = Fastify()
    t.teardown(() => app.close())
    let read = 0
    const store = {
      now: () => START,
      history: async () => [],
      async readFeedBack() {
        read += 1
        const own: FeedEntry[] = [entry(ID, read), { ...entry(ID, read), notice: { is: 'status' } }]
        return { entries: read === 1 ? own : [entry(conversationIdOf('9', '9'), read)], isCut: true, isTooOld: false }
      },
    }
    const parts = { store, channelOf: (id: ConversationId) => (id === ID ? channel : undefined) }
    await app.register(messageList, parts as unknown as ApiParts)
    const { messages, next_cursor } = (await app.inject('/api/messages')).json()
    t.match(messages, [{ content: 'said 1' }])
    t.equal(messages.length, 1)
    t.equal(next_cursor, String(read))
    t.equal(read, 20)
  },
)

t.test('the reading ends at the first entry that is well before `since`', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  let read = 0
  const entry = (at: number): FeedEntry => ({
    cursor: `${at}`,
    state: conversation(),
    notice: { is: 'said', message: message({ arrivedAt: at, text: `said at ${at - START}` }) },
  })
  const store = {
    now: () => START + HOUR,
    history: async () => [],
    async readFeedBack() {
      read += 1
      // Two processes feed entries a moment out of order.
      const times = [HOUR, 44 * MINUTE + 59 * SECOND, 45 * MINUTE, 44 * MINUTE]
      return { entries: times.map((at) => entry(START + at)), isCut: true, isTooOld: false }
    },
  }
  await app.register(messageList, { store, channelOf: () => channelWith() } as unknown as ApiParts)
  const { messages, next_cursor } = (await app.inject('/api/messages?since=15m')).json()
  t.same(
    messages.map(({ content }: { content: string }) => content),
    [HOUR, 45 * MINUTE].map((at) => `said at ${at}`),
  )
  t.equal(next_cursor, null)
  t.equal(read, 1)
})
