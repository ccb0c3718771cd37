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

t.test('a conversation is claimed once its commit is in the file, where the claimer reads it', async (t) => {
  const { store, close } = await openSqlite()
  t.teardown(close)
  const id = idOf(1)
  const due = { ...said(store.now(), id, 1), dueAt: store.now() }
  const committing = store.commit(id, null, due)
  t.same(await Promise.all([store.claimDue(5, 8_000), store.read(id)]), [[], null])
  t.equal(await committing, 'committed')
  t.same(await store.claimDue(5, 8_000), [id])
  const { version } = await store.loadFresh(id, { key: null, find: null })
  const again = store.commit(id, version, { ...due, ...said(store.now(), id, 2), dueAt: store.now() })
  t.same(store.claimDue(5, 8_000), [], 'its lease lasts until then')
  t.equal(await again, 'committed')
  t.same(await store.claimDue(5, 8_000), [id])
})
