import t, { type Test } from 'tap'
import type { ConversationId } from '../../../src/conversation/ids.js'
import type { FeedEntry } from '../../../src/engine/ports.js'
import type { Commands } from '../../../src/store/redis/commands.js'
import { readFeed } from '../../../src/store/redis/feed.js'
import { cursorOf } from '../../../src/store/redis/feed-entry.js'
import { createKeys, PARTITIONS } from '../../../src/store/redis/keys.js'
import { encodeHead } from '../../../src/store/rows/head-row.js'
import { encodeMessage } from '../../../src/store/rows/message-row.js'
import { conversation, message, START } from '../../fixtures/conversation.js'
import { startRedis } from '../../fixtures/redis-servers.js'
import { type OpenedRedis, openRedis } from '../../fixtures/redis-store.js'
import { idOf, said } from '../../fixtures/store-contract.js'

const server = await startRedis()
t.teardown(() => server.stop())

const keys = createKeys('mr')
const LIFE = 24 * 3_600_000
const NOW = START + 10 * LIFE
const YOUNG = NOW - 60_000
/** One conversation for each of the first partitions. */
const ids: ConversationId[] = []
for (let user = 1; ids.filter(Boolean).length < PARTITIONS; user++) ids[keys.partitionOf(idOf(user))] ??= idOf(user)

interface Stream {
  readonly newest?: string
  readonly length?: number
  readonly cutAt?: string
  readonly entries?: readonly string[]
}

/** What the script would say of such streams, by partition. */
function feedOf(streams: Readonly<Record<number, Stream>>) {
  const commands: Partial<Commands> = {
    async feed([key], [from, after, limit]) {
      const partition = Number(/p(\d+)/.exec(key!)![1])
      const {
        entries = [],
        newest = entries.at(-1) ?? '',
        length = entries.length,
        cutAt = '',
      } = streams[partition] ?? {}
      const place = (id: string) => cursorOf(id, 0)
      const again = from === '' ? [] : entries.filter((id) => place(id) >= place(from) && place(id) <= place(after))
      const later = entries.filter((id) => place(id) > place(after)).slice(0, limit)
      const text = `s${encodeHead(conversation({ id: ids[partition]! }))}\n${encodeMessage(message())}`
      return [newest, entries[0] ?? '', length, cutAt, ...[...again, ...later].flatMap((id) => [id, text])]
    },
  }
  return (after: string, partition: number | null, limit = 100) =>
    readFeed(
      { commands: commands as Commands, keys, now: () => NOW, lifeMs: LIFE },
      after,
      partition === null ? null : ids[partition]!,
      limit,
    )
}

const cursors = (entries: readonly FeedEntry[]) => entries.map(({ cursor }) => cursor)
const at = (ms: number, nth = 0) => `${YOUNG + ms}-${nth}`

t.test('whether an entry after a cursor was trimmed is told as exactly as can be known', async (t) => {
  const old = (ms: number) => `${NOW - LIFE + ms}-0`
  const three = [at(10), at(20), at(30)]
  for (const [what, cursor, stream, isTooOld] of [
    ['the newest', at(30), { entries: three, length: 2_500 }, false],
    ['one that is there', at(20), { entries: three, length: 2_500 }, false],
    ['the oldest that is there', at(10), { entries: three, length: 2_500 }, false],
    ['between two, erased', at(15), { entries: three, length: 2_500 }, false],
    ['before all of a full feed', at(9), { entries: three, length: 2_500 }, true],
    ['before all of a feed that was never full', at(9), { entries: three, length: 2_499 }, false],
    ['before where a feed was full once', at(9), { entries: three, cutAt: at(9, 1) }, true],
    ['just where a feed was full once', at(9), { entries: three, cutAt: at(9) }, false],
    ['the newest of an emptied feed', at(30), { newest: at(30) }, false],
    ['an erased one of an emptied feed', at(29), { newest: at(30) }, false],
    ['one of a day ago', old(0), { entries: three }, false],
    ['an older one', old(-1), { entries: three }, true],
    ['an older one of an emptied feed', old(-1), { newest: at(30) }, true],
    ['the newest, however old', old(-1), { newest: old(-1) }, false],
    ['one after the newest: the server has lost it', at(31), { entries: three }, true],
    ['one of a feed that is lost', at(10), {}, true],
  ] as const) {
    const read = feedOf({ 3: stream })
    t.equal((await read(cursorOf(cursor, 3), 3)).isTooOld, isTooOld, what)
    t.equal((await read(cursorOf(cursor, 3), null)).isTooOld, isTooOld, `${what}, of all`)
  }
})

t.test('in the whole feed, another partition’s gap counts from a little before the cursor', async (t) => {
  const own = { entries: [at(0)] }
  for (const [what, other, isTooOld] of [
    ['nothing there', {}, false],
    ['emptied, once full', { newest: at(5), cutAt: at(-2_001) }, false],
    ['full and old enough', { entries: [at(-2_000), at(5)], length: 2_500 }, false],
    ['full and not old enough', { entries: [at(-1_999), at(5)], length: 2_500 }, true],
    ['once full and not old enough', { entries: [at(5)], cutAt: at(-1_999) }, true],
    ['silent since before', { newest: at(-3_000), cutAt: at(-3_000), length: 2_500, entries: [at(-9_000)] }, false],
  ] as const) {
    t.equal((await feedOf({ 3: own, 5: other })(cursorOf(at(0), 3), null)).isTooOld, isTooOld, what)
  }
  const old = `${NOW - LIFE + 1_000}-0`
  const emptied = { 3: { entries: [old] }, 5: { newest: at(0) } }
  t.equal((await feedOf(emptied)(cursorOf(old, 3), null)).isTooOld, true, 'nothing there any more')
  t.match(
    await feedOf({ 3: { entries: ['5-0'] }, 5: { entries: ['0-1'] } })(cursorOf('5-0', 3), null),
    { entries: [{}] },
    'the beginning of time',
  )
})

t.test(
  'in the whole feed, entries of the other partitions from a little before the cursor are repeated, merged by time',
  async (t) => {
    const read = feedOf({
      3: { entries: [at(-2_001), at(-2_000), at(0), at(2)] },
      5: { entries: [at(-2_001), at(-2_000), at(-3), at(0), at(1), at(3)] },
      9: { entries: [at(0, 1)] },
    })
    const page = await read(cursorOf(at(0), 3), null)
    t.same(cursors(page.entries), [
      cursorOf(at(-2_000), 5),
      cursorOf(at(-3), 5),
      cursorOf(at(0), 5),
      cursorOf(at(0, 1), 9),
      cursorOf(at(1), 5),
      cursorOf(at(2), 3),
      cursorOf(at(3), 5),
    ])
    t.equal(page.isCut, false)
  },
)

t.test('in the whole feed, a conversation begins after the cursor where the cursor is its own', async (t) => {
  const read = feedOf({ 3: { entries: [at(-1_000), at(0), at(2)] } })
  t.same(cursors((await read(cursorOf(at(0), 3), null)).entries), [cursorOf(at(2), 3)])
  t.same(cursors((await read(cursorOf(at(2), 3), null)).entries), [])
})

t.test('in the whole feed, each page makes progress, however many entries are repeated', async (t) => {
  const entries = Array.from({ length: 50 }, (_, i) => at(i))
  const read = feedOf({ 3: { entries }, 5: { entries }, 7: { entries } })
  for (const limit of [1, 2, 7, 149, 150, 500]) {
    let after = cursorOf(at(0), 3)
    const seen = new Set<string>()
    let rounds = 0
    for (let isCut = true; isCut; rounds++) {
      const page = await read(after, null, limit)
      for (const cursor of cursors(page.entries)) seen.add(cursor)
      seen.add(after)
      const next = page.entries.at(-1)!.cursor
      t.ok(next > after)
      after = next
      isCut = page.isCut
    }
    t.equal(seen.size, 150)
    t.ok(rounds <= Math.ceil(147 / limit) + 1)
  }
})

t.test('a cursor of another partition than the conversation’s is refused, and one of none', async (t) => {
  const read = feedOf({ 3: { entries: [at(0)] } })
  t.equal((await read(cursorOf(at(0), 3), 3)).isTooOld, false)
  await t.rejects(read(cursorOf(at(0), 4), 3), { code: 'invalid_request' })
  await t.rejects(read(cursorOf(at(0), PARTITIONS), null), { code: 'invalid_request' })
  await t.rejects(read('x', null), { code: 'invalid_request' })
})

async function open(t: Test): Promise<OpenedRedis> {
  const opened = await openRedis(server.url, [server.client])
  t.teardown(() => opened.close())
  return opened
}

const commitOf = (store: OpenedRedis['store'], id: ConversationId) => {
  let seq = 0
  return async (count: number) => {
    for (let left = count; left > 0; left -= 100) {
      const added = Math.min(left, 100)
      seq += added
      const { version } = await store.loadFresh(id, { key: null, find: null })
      const what = said(store.now(), id, seq, added)
      const notices = what.records.map((each) => ({ is: 'said', message: each }) as const)
      t.equal(await store.commit(id, version, { ...what, notices }), 'committed')
    }
  }
}

t.test('a stream holds so many entries and few more, and erasing does not hide that it was cut', async (t) => {
  const { store, prefix } = await open(t)
  const [busy, quiet] = idsTogether()
  const feed = createKeys(prefix).feed(keys.partitionOf(busy))
  const say = commitOf(store, busy)
  const sayQuietly = commitOf(store, quiet)
  const entries: FeedEntry[] = []
  const stop = await store.listen({ entry: (entry) => entries.push(entry), broken() {} })
  await sayQuietly(1)
  await say(2_400)
  await sayQuietly(1)
  const heard = async (count: number) => {
    while (entries.length < count) await store.check()
  }
  await heard(2_402)
  const first = entries[0]!.cursor
  t.equal((await store.readFeed(first, quiet, 9)).isTooOld, false)
  await say(400)
  await heard(2_802)
  stop()
  t.ok((await server.client.xlen(feed)) < 2_700)
  t.ok((await server.client.xlen(feed)) >= 2_500)
  t.equal((await store.readFeed(first, quiet, 9)).isTooOld, true)
  await store.erase(busy)
  t.equal(await server.client.xlen(feed), 1)
  t.equal((await store.readFeed(first, quiet, 9)).isTooOld, true)
  t.strictSame(await store.readFeed(entries[1_500]!.cursor, quiet, 9), {
    entries: [entries[2_401]],
    isTooOld: false,
    isCut: false,
  })
  await server.client.xtrim(feed, 'MAXLEN', 0)
  t.equal((await store.readFeed(entries.at(-1)!.cursor, quiet, 9)).isTooOld, false, 'the newest of an empty one')
  t.ok((await server.client.pttl(createKeys(prefix).feedFrom(keys.partitionOf(busy)))) > 0)
})

/** Two of one partition. */
function idsTogether(): readonly [ConversationId, ConversationId] {
  const id = idOf(1)
  for (let user = 2; ; user++) if (keys.partitionOf(idOf(user)) === keys.partitionOf(id)) return [id, idOf(user)]
}
