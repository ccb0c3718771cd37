import t from 'tap'
import { newConversation } from '../../../src/conversation/state/state.js'
import { NO_FILTER } from '../../../src/engine/list-filter.js'
import { openSqlite } from '../../fixtures/sqlite-store.js'
import { change, idOf, said } from '../../fixtures/store-contract.js'

t.test('a page of which few pass ends early, and the next one continues', async (t) => {
  const { store, close } = await openSqlite()
  t.teardown(close)
  const now = store.now()
  // Found by no index: on another page, and too many begin with the same digits.
  const other = { ...said(now, idOf(1), 1).state!, id: '9-1' as ReturnType<typeof idOf> }
  await store.commit(other.id, null, change({ state: other }))
  const writing: unknown[] = []
  for (let user = 2; user < 22_000; user++) writing.push(store.commit(idOf(user), null, said(now, idOf(user), 1)))
  await Promise.all(writing)
  const page = { ...NO_FILTER, bot: 'on', page: '9', limit: 1, cursor: null } as const
  const first = await store.list(page)
  t.same(first.conversations, [])
  const second = await store.list({ ...page, cursor: first.nextCursor })
  t.match(second, { conversations: [{ state: { id: other.id } }], nextCursor: null })
  const q = idOf(2).slice(0, 1)
  const newest = (await store.list({ ...NO_FILTER, q, limit: 3, cursor: null })).conversations.map(
    ({ state }) => state.id,
  )
  t.same(newest, [21_999, 21_998, 21_997].map(idOf), 'what too many begin with is looked for in the order of activity')
  t.match(await store.list({ ...page, bot: null }), { conversations: [{ state: { id: other.id } }], nextCursor: null })
})

t.test('a conversation without messages or open work is not listed', async (t) => {
  const { store, close } = await openSqlite()
  t.teardown(close)
  await store.commit(idOf(1), null, change({ state: newConversation(idOf(1), store.now()) }))
  t.same(await store.list({ ...NO_FILTER, limit: 9, cursor: null }), { conversations: [], nextCursor: null })
})
