import t from 'tap'
import { NOT_ASKING, newConversation } from '../../../src/conversation/state/state.js'
import { run } from '../../fixtures/conversation.js'
import { openSqlite } from '../../fixtures/sqlite-store.js'
import { change, idOf, said } from '../../fixtures/store-contract.js'

t.test('the work of a dead process is due at once, and nothing else is', async (t) => {
  const first = await openSqlite()
  const { store } = first
  const now = store.now()
  const asking = { ...NOT_ASKING, run: run({ leaseUntil: now + 8_000 }) }
  const leased = { ...newConversation(idOf(1), now), seq: 1, asking }
  await store.commit(idOf(1), null, change({ state: leased, dueAt: now + 8_000 }))
  await store.commit(idOf(2), null, { ...said(now, idOf(2), 1), dueAt: now + 2_000 })
  await store.commit(idOf(3), null, { ...said(now, idOf(3), 1), dueAt: now + 60_000 })
  await store.commit(idOf(4), null, { ...said(now, idOf(4), 1), dueAt: now })
  t.same(await store.claimDue(9, 8_000), [idOf(4)])
  await store.close()
  const second = await openSqlite({ directory: first.directory })
  t.teardown(async () => {
    await second.close()
    await first.remove()
  })
  t.same([...(await second.store.claimDue(9, 8_000))].sort(), [idOf(1), idOf(4)])
  t.equal((await second.store.read(idOf(1)))?.asking.run?.leaseUntil, now)
})
