import t from 'tap'
import { openSqlite } from '../../fixtures/sqlite-store.js'
import { idOf, said } from '../../fixtures/store-contract.js'

t.test('the next time is that of what is not in hand, or the end of a lease', async (t) => {
  const { store, clock, close } = await openSqlite()
  t.teardown(close)
  const now = store.now()
  for (const [user, dueAt] of [
    [1, now - 10],
    [2, now - 5],
    [3, now + 60_000],
  ] as const) {
    await store.commit(idOf(user), null, { ...said(now, idOf(user), 1), dueAt })
  }
  t.equal(store.nextDue(), now - 10)
  t.same(await store.claimDue(1, 1_000), [idOf(1)])
  t.equal(store.nextDue(), now - 5)
  t.same(await store.claimDue(5, 5_000), [idOf(2)])
  t.equal(store.nextDue(), now + 1_000)
  clock.advance(1_000)
  t.same(await store.claimDue(5, 100_000), [idOf(1)])
  t.equal(store.nextDue(), now + 5_000)
})
