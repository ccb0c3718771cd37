import t from 'tap'
import type { FeedEntry } from '../../../src/engine/ports.js'
import { DAY, openSqlite } from '../../fixtures/sqlite-store.js'
import { idOf, said } from '../../fixtures/store-contract.js'

async function opened(mostFeedEntries?: number) {
  const of = await openSqlite(mostFeedEntries === undefined ? {} : { mostFeedEntries })
  const entries: FeedEntry[] = []
  of.store.listen({ entry: (entry) => entries.push(entry), broken() {} })
  const say = async (user: number, seq = 1): Promise<void> => {
    const { version } = await of.store.loadFresh(idOf(user), { key: null, find: null })
    const change = said(of.store.now(), idOf(user), seq)
    const notices = change.records.map((message) => ({ is: 'said', message }) as const)
    await of.store.commit(idOf(user), version, { ...change, notices })
  }
  return { ...of, entries, say }
}

t.test('a conversation’s entries are found among many others, a step at a time', async (t) => {
  const { store, say, entries, close } = await opened()
  t.teardown(close)
  await say(1)
  await Promise.all(Array.from({ length: 2_500 }, (_, i) => say(i + 2)))
  await say(1, 2)
  const page = await store.readFeed(entries[0]!.cursor, idOf(1), 5)
  t.same(page, { entries: [entries.at(-1)!], isTooOld: false, isCut: false })
  await store.erase(idOf(1))
  t.same((await store.readFeed(entries[0]!.cursor, idOf(1), 5)).entries, [])
  t.equal((await store.readFeed(entries[0]!.cursor, null, 5_000)).entries.length, 2_500)
})

t.test('what a customer writes while their conversation is erased stays in the feed', async (t) => {
  const { store, say, entries, close } = await opened()
  t.teardown(close)
  await say(1)
  await say(2)
  await Promise.all([store.erase(idOf(1)), say(1)])
  const { entries: left } = await store.readFeedBack(null, 5)
  t.same(left, [entries[2], entries[1]])
})

t.test('the oldest entries are dropped above the cap, and all after their time', async (t) => {
  const { store, say, entries, clock, tidyAll, close } = await opened(10)
  t.teardown(close)
  for (let user = 1; user <= 20; user++) await say(user)
  const left = await store.readFeed(entries[0]!.cursor, null, 100)
  t.same(left, { entries: entries.slice(10), isTooOld: true, isCut: false })
  t.equal((await store.readFeed(entries[9]!.cursor, null, 100)).isTooOld, false)
  clock.advance(DAY)
  await tidyAll()
  t.equal((await store.readFeed(entries[9]!.cursor, null, 100)).entries.length, 10)
  clock.advance(1)
  await tidyAll()
  t.same(await store.readFeed(entries[9]!.cursor, null, 100), { entries: [], isTooOld: true, isCut: false })
  t.same(await store.readFeed(entries[19]!.cursor, null, 100), { entries: [], isTooOld: false, isCut: false })
})

t.test('a cursor of a time to come is too old', async (t) => {
  const { store, close } = await opened()
  t.teardown(close)
  t.equal((await store.readFeed('9'.repeat(16), null, 1)).isTooOld, true)
})

t.test('the feed outlasts a restart, and cursors go on growing', async (t) => {
  const first = await opened()
  await first.say(1)
  await first.say(2)
  await first.store.close()
  const second = await openSqlite({ directory: first.directory })
  t.teardown(async () => {
    await second.close()
    await first.remove()
  })
  const page = await second.store.readFeed(first.entries[0]!.cursor, null, 9)
  t.same(page, { entries: [first.entries[1]!], isTooOld: false, isCut: false })
})
