import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { conversationIdOf } from '../../../src/conversation/ids.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import { conversation, HOUR } from '../../fixtures/conversation.js'
import { openMemory } from '../../fixtures/memory-store.js'
import { slowly } from '../../fixtures/slow-store.js'
import { EVERYTHING } from '../../fixtures/store-contract/list-pages.js'
import { change, idOf, said, storeContract } from '../../fixtures/store-contract.js'

const NOTHING = { key: null, find: null }

t.test('the memory store keeps the contract of every store', async (t) => {
  storeContract(t, () => openMemory())
})

t.test('the contract holds where every answer is delayed too', async (t) => {
  storeContract(t, () => {
    const opened = openMemory()
    return { ...opened, store: slowly(opened.store, 7) }
  })
})

t.test('the memory store answers synchronously', async (t) => {
  const { store } = openMemory()
  t.equal(store.commit(idOf(1), null, said(store.now(), idOf(1), 1)), 'committed')
  t.match(store.load(idOf(1), NOTHING), { state: { seq: 1 }, isFresh: true })
  t.match(store.read(idOf(1)), { seq: 1 })
  t.equal(store.check(), undefined)
  t.equal(store.close(), undefined)
})

t.test('the memory store tells exactly when the next conversation is due', async (t) => {
  const { store, clock } = openMemory()
  const now = store.now()
  const later = (ms: number) => ({ dueAt: now + ms })
  t.equal(store.nextDue(), FOREVER)
  store.commit(idOf(1), null, { ...said(now, idOf(1), 1), ...later(2000) })
  store.commit(idOf(2), null, { ...said(now, idOf(2), 1), ...later(1000) })
  t.equal(store.nextDue(), now + 1000)
  clock.advance(1000)
  t.strictSame(store.claimDue(10, 5000), [idOf(2)])
  t.equal(store.nextDue(), now + 2000)
  clock.advance(1000)
  t.strictSame(store.claimDue(10, 5000), [idOf(1)])
  t.equal(store.nextDue(), now + 6000)
})

t.test('a clock that is set back wakes nobody early, forgets nothing and refuses nothing', async (t) => {
  const { store, clock, sweepAll } = openMemory({ conversations: 10 })
  const now = store.now()
  const dueAt = now + 1000
  for (let user = 0; user < 10; user++) {
    const held = user < 3 ? { dueAt, keepUntil: dueAt } : {}
    store.commit(idOf(user), null, { ...said(now, idOf(user), 1), ...held })
  }
  clock.advance(-400 * 24 * HOUR)
  sweepAll()
  t.strictSame(store.claimDue(10, 1000), [])
  for (let user = 100; user < 200; user++) {
    t.equal(store.commit(idOf(user), null, said(store.now(), idOf(user), 1)), 'committed')
  }
  for (const user of [0, 1, 2]) t.not(store.read(idOf(user)), null)
  clock.advance(400 * 24 * HOUR + 1000)
  t.same(new Set(await store.claimDue(10, 1000)), new Set([idOf(0), idOf(1), idOf(2)]))
})

t.test('short ids work as well as long ones', async (t) => {
  const { store } = openMemory()
  const ids = ['1-2', '1-3', '12-3', '1-23', '9-9'].map((text) => {
    const [page, user] = text.split('-')
    return conversationIdOf(page!, user!)
  })
  for (const [i, id] of ids.entries()) store.commit(id, null, said(store.now(), id, i + 1))
  const seqs = await Promise.all(ids.map(async (id) => (await store.read(id))?.seq))
  t.strictSame(seqs, [1, 2, 3, 4, 5])
})

t.test('a conversation comes in when somebody says or decides something: marks alone are not listed', async (t) => {
  const { store } = openMemory()
  const put = async (user: number, changes: Partial<Conversation>) => {
    const id = idOf(user)
    const { version } = await store.loadFresh(id, NOTHING)
    return store.commit(id, version, change({ state: conversation({ id, ...changes }), keepUntil: FOREVER }))
  }
  const listed = async () => (await store.list(EVERYTHING)).conversations.map(({ state }) => state.id)
  await put(1, { promptAt: 1 })
  await put(2, { seq: 1 })
  await put(3, { promptAt: 1 })
  t.strictSame(await listed(), [idOf(2)])
  await put(1, { closedAt: 1 })
  t.strictSame(await listed(), [idOf(1), idOf(2)])
  await put(2, { seq: 2 })
  await put(3, { causes: [{ until: FOREVER, reason: 'api', at: 0, seq: 0, note: null }] })
  t.strictSame(await listed(), [idOf(3), idOf(2), idOf(1)])
  await put(1, { closedAt: 0, promptAt: 2 })
  t.strictSame(await listed(), [idOf(3), idOf(2)])
})
