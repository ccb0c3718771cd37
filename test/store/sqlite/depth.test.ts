import t from 'tap'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { openSqlite } from '../../fixtures/sqlite-store.js'
import { change, idOf, said } from '../../fixtures/store-contract.js'

t.test('what is in hand is not due, and dead letters are counted by conversation', async (t) => {
  const { store, close } = await openSqlite()
  t.teardown(close)
  const now = store.now()
  t.same(await store.depth(), { due: 0, later: 0, withDeadLetters: 0 })
  for (const [user, dueAt] of [
    [1, now - 1],
    [2, now],
    [3, now + 60_000],
  ] as const) {
    await store.commit(idOf(user), null, { ...said(now, idOf(user), 1), dueAt })
  }
  const dead = [1, 2].map((seq) => ({ seq, reason: 'refused', code: '', at: now, parts: [] }) as const)
  const { state } = said(now, idOf(4), 2)
  await store.commit(idOf(4), null, change({ state: { ...state!, outbox: { ...NO_OUTBOX, dead } } }))
  t.same(await store.depth(), { due: 2, later: 1, withDeadLetters: 1 })
  await store.claimDue(1, 5_000)
  t.same(await store.depth(), { due: 1, later: 2, withDeadLetters: 1 })
})
