import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import type { Notice } from '../../../src/conversation/notices.js'
import { openDatabase } from '../../../src/store/sqlite/open-database.js'
import { createSqliteStore } from '../../../src/store/sqlite/store.js'
import { openSqlite } from '../../fixtures/sqlite-store.js'
import { EVERYTHING } from '../../fixtures/store-contract/list-pages.js'
import { idOf, numbered, said } from '../../fixtures/store-contract.js'

const PAGE = { before: null, after: null, limit: 100, historyTtlMs: FOREVER }
const NOTHING = { key: null, find: null }
const START = '0'.repeat(16)

async function opened(mostFeedEntries?: number) {
  const of = await openSqlite(mostFeedEntries === undefined ? {} : { mostFeedEntries })
  const { writer } = of.database
  const numberOf = (pragma: string): number => Number(Object.values(writer.prepare(`PRAGMA ${pragma}`).get()!)[0])
  const heard: string[] = []
  of.store.listen({ entry: ({ cursor }) => void heard.push(cursor), broken() {} })
  return {
    ...of,
    heard,
    /** No page more than there are. */
    fillDisk: () => writer.exec(`PRAGMA max_page_count = ${numberOf('page_count')}`),
    makeRoom: () => writer.exec('PRAGMA max_page_count = 1000000'),
    async say(user: number, seq = 1) {
      const id = idOf(user)
      const { version } = await of.store.loadFresh(id, NOTHING)
      const records = [numbered(of.store.now(), seq, { text: 'long '.repeat(2_000) })]
      const notices: Notice[] = records.map((message) => ({ is: 'said', message }))
      return of.store.commit(id, version, { ...said(of.store.now(), id, seq), records, notices, key: `${id} ${seq}` })
    },
  }
}

t.test('a commit on a full disk leaves nothing behind, and the next one succeeds once there is room', async (t) => {
  const { store, say, heard, failures, fillDisk, makeRoom, close } = await opened()
  t.teardown(close)
  t.equal(await say(1), 'committed')
  const before = [await store.read(idOf(1)), await store.history(idOf(1), PAGE)]
  const toldBefore = [...heard]
  fillDisk()
  // Both write in one turn: neither is half there.
  const outcomes = await Promise.allSettled([say(1, 2), say(2)])
  for (const outcome of outcomes) {
    t.match(outcome, { status: 'rejected', reason: { code: 'store_full', message: /The disk that holds .* is full/ } })
  }
  t.match(failures[0], { code: 'store_full' })
  t.same([await store.read(idOf(1)), await store.history(idOf(1), PAGE)], before, 'what was there is as it was')
  t.match(await store.loadFresh(idOf(2), NOTHING), { state: null, version: null })
  t.same(await store.history(idOf(2), PAGE), [])
  t.same(heard, toldBefore, 'nobody was told of what is not there')
  makeRoom()
  t.equal(await say(1, 2), 'committed', 'its key was not taken for seen')
  t.equal(await say(2), 'committed')
  t.equal((await store.history(idOf(1), PAGE)).length, 2)
  t.same(
    (await store.readFeed(START, null, 100)).entries.map(({ cursor }) => cursor),
    heard,
  )
})

t.test('a claimed conversation stays leased when the commit after it is rolled back', async (t) => {
  const { store, clock, say, fillDisk, makeRoom, close } = await opened()
  t.teardown(close)
  const { version } = await store.loadFresh(idOf(1), NOTHING)
  await store.commit(idOf(1), version, { ...said(store.now(), idOf(1), 1), dueAt: store.now() })
  await say(2)
  t.same(await store.claimDue(10, 8_000), [idOf(1)])
  fillDisk()
  const versions = [await store.loadFresh(idOf(1), NOTHING), await store.loadFresh(idOf(2), NOTHING)].map(
    (loaded) => loaded.version,
  )
  const long = [numbered(store.now(), 2, { text: 'long '.repeat(2_000) })]
  // The second one does not fit, and takes the first one with it.
  const outcomes = await Promise.allSettled([
    store.commit(idOf(1), versions[0]!, said(store.now(), idOf(1), 2)),
    (async () => store.commit(idOf(2), versions[1]!, { ...said(store.now(), idOf(2), 2), records: long }))(),
  ])
  t.match(outcomes, [{ status: 'rejected' }, { status: 'rejected' }])
  t.same(await store.claimDue(10, 8_000), [], 'it is not tried again and again without a pause')
  t.equal(store.nextDue(), store.now() + 8_000)
  makeRoom()
  clock.advance(8_000)
  t.same(await store.claimDue(10, 8_000), [idOf(1)])
})

t.test('commits that were rolled back do not count towards the cap of the feed', async (t) => {
  const { store, say, heard, fillDisk, makeRoom, close } = await opened(10)
  t.teardown(close)
  for (let user = 1; user <= 5; user++) await say(user)
  fillDisk()
  for (let user = 11; user <= 30; user++) await t.rejects(say(user), { code: 'store_full' })
  makeRoom()
  for (let user = 6; user <= 10; user++) await say(user)
  const { entries, isTooOld } = await store.readFeed(heard[0]!, null, 100)
  t.same(
    entries.map(({ cursor }) => cursor),
    heard.slice(1),
  )
  t.equal(isTooOld, false, 'none had to go')
})

t.test('any failed read is the engine’s own error', async (t) => {
  const { store, database, say, remove } = await opened()
  t.teardown(remove)
  await say(1)
  database.reader.close()
  const unavailable = { code: 'store_unavailable', message: /cannot be used/ }
  const reads: readonly (() => Promise<unknown>)[] = [
    async () => store.read(idOf(1)),
    async () => store.history(idOf(1), PAGE),
    async () => store.readFeed(START, null, 9),
    async () => store.readFeedBack(null, 9),
    async () => store.depth(),
    async () => store.list(EVERYTHING),
  ]
  for (const read of reads) await t.rejects(read(), unavailable, String(read))
  database.writer.close()
  await t.rejects(async () => store.loadFresh(idOf(7), NOTHING), unavailable)
  await t.rejects(async () => store.claimDue(1, 1), unavailable)
})

t.test('timed work reports its failures, and is tried again', async (t) => {
  const { store, failures, fillDisk, makeRoom, directory, database, remove } = await opened()
  t.teardown(remove)
  fillDisk()
  store.noteTrouble('7', { at: store.now(), code: 'long '.repeat(20_000) })
  store.tidy()
  t.match(failures, [{ code: 'store_full' }])
  makeRoom()
  store.tidy()
  await store.check()
  t.equal(failures.length, 1)
  const kept = database.reader.prepare('SELECT id FROM channels').all()
  t.match(kept, [{ id: '7' }])
  await store.close()

  const told: Error[] = []
  const again = await openDatabase(directory, 'normal')
  const checkpoint = async (): Promise<number> => {
    throw new Error('the log could not be moved')
  }
  const second = createSqliteStore({
    opened: { ...again, side: { ...again.side, checkpoint } },
    now: Date.now,
    feedLifeMs: 1,
    mostFeedEntries: 1,
    platformOf: () => null,
    committed() {},
    failed: (error) => told.push(error),
  })
  await second.commit(idOf(9), null, said(Date.now(), idOf(9), 1))
  second.tick()
  second.release(idOf(9))
  await second.close()
  t.match(told, [{ code: 'store_unavailable', message: /could not be moved/ }])
})
