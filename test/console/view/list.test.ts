import t from 'tap'
import {
  isFiltered,
  type List,
  NO_FILTERS,
  nameOf,
  queryOf,
  refreshed,
  withFrames,
  withPage,
} from '../../../src/console/view/list.js'
import { aConversation, aMessage, iso, paused, said } from '../../fixtures/console.js'

const at = (id: string, minute: number, more = {}) =>
  aConversation(id, { last_message_at: iso(minute * 60_000), ...more })
const ids = ({ conversations }: List): string[] => conversations.map(({ id }) => id)

t.test('filters become a query', async (t) => {
  t.equal(queryOf(NO_FILTERS), '')
  t.notOk(isFiltered({ ...NO_FILTERS, q: '  ' }))
  for (const [change, query] of [
    [{ q: ' Mina K ' }, 'q=Mina+K'],
    [{ page: '1' }, 'page=1'],
    [{ only: 'paused' }, 'bot=paused'],
    [{ only: 'on' }, 'bot=on'],
    [{ only: 'waiting' }, 'waiting=true'],
    [{ only: 'dead' }, 'dead=true'],
    [{ only: 'closed' }, 'state=closed'],
  ] as const) {
    t.equal(queryOf({ ...NO_FILTERS, ...change }), query)
    t.ok(isFiltered({ ...NO_FILTERS, ...change }))
  }
})

t.test('the first page read again replaces what it covers', async (t) => {
  const list = { conversations: [at('1-1', 9), at('1-2', 8), at('1-3', 3), at('1-4', 2)], next: 'c4' }
  const page = { conversations: [at('1-5', 10), at('1-1', 9)], next: 'c2' }
  const fresh = refreshed(list, page)
  t.same(ids(fresh), ['1-5', '1-1', '1-2', '1-3', '1-4'], 'what is older stays')
  t.equal(fresh.next, 'c4')
  t.same(refreshed(list, { conversations: [at('1-5', 10)], next: null }).conversations.length, 1, 'there is no more')
  t.same(ids(refreshed(list, { conversations: [at('1-4', 1)], next: 'c1' })), ['1-4'], 'nothing is older')
  t.same(ids(refreshed(list, { conversations: [], next: null })), [])
  t.same(ids(withPage(list, { conversations: [at('1-4', 2), at('1-9', 1)], next: null })).slice(-2), ['1-4', '1-9'])
})

t.test('a live message moves its conversation to the top, with a preview', async (t) => {
  const list = { conversations: [at('1-1', 9), at('1-2', 8)], next: null }
  const message = aMessage(20, {
    content: 'x'.repeat(200),
    customer: { id: '2', name: 'Mina', username: null, profile_pic: null },
  })
  const { list: after, hasStrangers } = withFrames(list, [said(message)])
  t.same(ids(after), ['1-2', '1-1'])
  t.match(after.conversations[0], { customer: { name: 'Mina' }, last_message: { content: 'x'.repeat(120) } })
  t.notOk(hasStrangers)

  const edited = withFrames(after, [said({ ...message, content: 'y' }, 'message_status')]).list
  t.match(edited.conversations[0], { last_message: { content: 'y' } })
  const older = withFrames(after, [said(aMessage(3), 'message_status'), said(aMessage(4))]).list
  t.equal(older.conversations[0]?.last_message?.content, 'x'.repeat(120), 'an older one is not the last')
  const empty = withFrames(list, [said(aMessage(30, { content: null, created_at: null }))]).list
  t.match(empty.conversations[1], { last_message: { content: null }, last_message_at: iso(8 * 60_000) })
})

t.test('a change of status keeps the last message; others are told of', async (t) => {
  const last_message = { type: 'customer', content: 'hi', created_at: iso(0) } as const
  const list = { conversations: [at('1-2', 8, { last_message }), at('1-3', 7, { last_message_at: null })], next: null }
  const status = {
    id: 'f',
    type: 'conversation_status',
    conversation_id: '1-2',
    data: aConversation('1-2', paused('api')),
  } as const
  const { list: after } = withFrames(list, [status])
  t.match(after.conversations[0], { bot: { enabled: false }, last_message })
  const other = { ...status, conversation_id: '1-3', data: aConversation('1-3') }
  t.equal(withFrames(list, [other]).list.conversations.find(({ id }) => id === '1-3')?.last_message, null)
  const strangers = withFrames(list, [said(aMessage(1, { conversation_id: '1-9' })), { type: 'gap' }])
  t.match(strangers, { hasStrangers: true })
  t.equal(strangers.list, list, 'nothing is drawn anew for nothing')
})

t.test('a name, a user name, or an id', async (t) => {
  const customer = { id: '2', name: 'Mina', username: 'mina.k', profile_pic: null }
  t.equal(nameOf({ customer }), 'Mina')
  t.equal(nameOf({ customer: { ...customer, name: null } }), '@mina.k')
  t.equal(nameOf({ customer: { ...customer, name: null, username: null } }), '2')
})
