import t from 'tap'
import { newConversation } from '../../../src/conversation/state/state.js'
import { openSqlite } from '../../fixtures/sqlite-store.js'
import { change, idOf, said } from '../../fixtures/store-contract.js'

t.test('a filter that few pass ends its page early, and the next one goes on', async (t) => {
  const { store, close } = await openSqlite()
  t.teardown(close)
  const now = store.now()
  await store.commit(idOf(1), null, said(now, idOf(1), 1))
  const causes = [{ until: now + 60_000, reason: 'api', at: now, seq: 0, note: null } as const]
  const writing: unknown[] = []
  for (let user = 2; user < 2_300; user++) {
    const { state, records } = said(now, idOf(user), 1)
    writing.push(store.commit(idOf(user), null, change({ state: { ...state!, causes }, records })))
  }
  await Promise.all(writing)
  const first = await store.list({ only: 'on', limit: 1, cursor: null })
  t.same(first.conversations, [])
  const second = await store.list({ only: 'on', limit: 1, cursor: first.nextCursor })
  t.same(second, { conversations: [(await store.read(idOf(1)))!], nextCursor: null })
})

t.test('who was never heard of and has nothing is not listed', async (t) => {
  const { store, close } = await openSqlite()
  t.teardown(close)
  await store.commit(idOf(1), null, change({ state: newConversation(idOf(1), store.now()) }))
  t.same(await store.list({ only: null, limit: 9, cursor: null }), { conversations: [], nextCursor: null })
})
