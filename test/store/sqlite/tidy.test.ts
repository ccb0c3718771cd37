import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { DAY, openSqlite } from '../../fixtures/sqlite-store.js'
import { change, idOf, said } from '../../fixtures/store-contract.js'

const ALL = { before: null, after: null, limit: 10_000, historyTtlMs: FOREVER }

t.test('old messages go, the conversation stays until its own end', async (t) => {
  const { store, clock, tidyAll, close } = await openSqlite()
  t.teardown(close)
  const id = idOf(1)
  await store.commit(id, null, { ...said(store.now(), id, 3, 3), historyTtlMs: DAY })
  const { version } = await store.loadFresh(id, { key: null, find: null })
  clock.advance(DAY / 2)
  await store.commit(id, version, { ...said(store.now(), id, 4), historyTtlMs: DAY })
  clock.advance(DAY / 2 + 1)
  await tidyAll()
  t.same(
    (await store.history(id, ALL)).map(({ seq }) => seq),
    [4],
  )
  clock.advance(DAY)
  await tidyAll()
  t.same(await store.history(id, ALL), [])
  t.equal((await store.read(id))?.seq, 4)
  clock.advance(6 * DAY)
  await tidyAll()
  t.equal(await store.read(id), null)
})

t.test('a conversation that must be kept is kept, however long that is', async (t) => {
  const { store, clock, tidyAll, close } = await openSqlite()
  t.teardown(close)
  await store.commit(idOf(1), null, { ...said(store.now(), idOf(1), 1), keepUntil: FOREVER, historyTtlMs: FOREVER })
  await store.commit(idOf(2), null, { ...said(store.now(), idOf(2), 1), keepUntil: store.now() + 20 * DAY })
  for (let day = 1; day <= 19; day++) {
    clock.advance(DAY)
    await tidyAll()
  }
  t.ok(await store.read(idOf(2)))
  clock.advance(2 * DAY)
  await tidyAll()
  t.equal(await store.read(idOf(2)), null)
  t.equal((await store.history(idOf(1), ALL)).length, 1)
})

t.test('a long history goes in steps that hold nobody up', async (t) => {
  const { store, clock, close } = await openSqlite()
  t.teardown(close)
  const ids = [1, 2, 3].map(idOf)
  for (const id of ids) await store.commit(id, null, said(store.now(), id, 400, 400))
  await store.commit(idOf(4), null, change({ key: 'k' }))
  clock.advance(8 * DAY)
  const left: number[] = []
  for (let i = 0; i < 4; i++) {
    store.tidy()
    await store.check()
    const histories = await Promise.all(ids.map(async (id) => store.history(id, ALL)))
    left.push(histories.reduce((sum, each) => sum + each.length, 0))
  }
  t.same(left, [700, 200, 0, 0])
})
