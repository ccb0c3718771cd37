import t from 'tap'
import type { ConversationId } from '../../../src/conversation/ids.js'
import type { Notice } from '../../../src/conversation/notices.js'
import type { FeedEntry } from '../../../src/engine/ports.js'
import { createFeed } from '../../../src/store/memory/feed.js'
import { bytesOf } from '../../../src/store/memory/history.js'
import { conversation, flagUse, message, START } from '../../fixtures/conversation.js'
import { openMemory } from '../../fixtures/memory-store.js'
import { change, idOf, said } from '../../fixtures/store-contract.js'

const MOST = 20_000
const LIFE = 3_600_000
const note = (seq: number, text = 'hello'): Notice => ({ is: 'said', message: message({ seq, text }) })
const numbers = (entries: readonly FeedEntry[]) =>
  entries.map(({ notice }) => (notice.is === 'status' ? 'status' : notice.message.seq))

function opened(mostBytes = 1e9, start = START) {
  let time = start
  const feed = createFeed({ now: () => time, mostBytes, lifeMs: LIFE })
  const entries: FeedEntry[] = []
  const stop = feed.listen({ entry: (entry) => entries.push(entry), broken() {} })
  return {
    ...feed,
    entries,
    stop,
    pass: (ms: number) => {
      time += ms
    },
    say: (seq: number, id: ConversationId = idOf(1), text?: string) =>
      feed.add(conversation({ id, seq }), [note(seq, text)]),
  }
}

t.test(
  'the newest 20,000 entries are kept, and a cursor says exactly whether something after it is gone',
  async (t) => {
    const { say, read, entries, stop } = opened()
    say(1)
    say(2)
    stop()
    const [first, second] = entries as [FeedEntry, FeedEntry]
    for (let seq = 3; seq <= MOST; seq++) say(seq)
    t.match(read(first.cursor, null, 1), { isTooOld: false, isCut: true, entries: [{ cursor: second.cursor }] })
    say(MOST + 1)
    t.match(
      read(first.cursor, null, 1),
      { isTooOld: false, entries: [{ cursor: second.cursor }] },
      'nothing after it is gone',
    )
    say(MOST + 2)
    t.match(read(first.cursor, null, 1), { isTooOld: true, entries: [{ notice: { message: { seq: 3 } } }] })
    t.match(read(second.cursor, null, 1), { isTooOld: false, entries: [{ notice: { message: { seq: 3 } } }] })
    const all = read(second.cursor, null, 2 * MOST)
    t.equal(all.entries.length, MOST)
    t.equal(all.isCut, false)
    t.strictSame(read(all.entries.at(-1)!.cursor, null, 1), { entries: [], isTooOld: false, isCut: false })
  },
)

t.test('a cursor of an earlier or a later process is too old, not one of this process', async (t) => {
  const earlier = opened()
  for (let seq = 1; seq <= 500; seq++) earlier.say(seq)
  const later = opened(1e9, START + 1)
  later.say(1)
  t.match(later.read(earlier.entries.at(-1)!.cursor, null, 9), {
    isTooOld: true,
    entries: [{ notice: { is: 'said' } }],
  })
  t.match(earlier.read(later.entries.at(-1)!.cursor, null, 9), { isTooOld: true, entries: [] })
})

t.test('an entry of a message does not hold the whole state', async (t) => {
  const { add, entries } = opened()
  const state = conversation({
    seq: 1,
    flagUses: [flagUse()],
    profile: { at: 1, isKnown: true, name: 'Ana', username: null, picture: null },
  })
  add(state, [note(1), { is: 'changed', message: message({ seq: 1 }) }, { is: 'status' }])
  for (const entry of entries.slice(0, 2))
    t.strictSame(entry.state, conversation({ createdAt: state.createdAt, profile: state.profile }))
  t.equal(entries[2]!.state, state)
})

t.test('the feed stays within its bytes, but always holds the newest entry', async (t) => {
  const long = 'x'.repeat(1_000)
  const weight = bytesOf(message({ seq: 1, text: long }))
  const { say, add, read, entries } = opened(3 * weight)
  add(conversation(), [{ is: 'status' }])
  const left = () => numbers(read(entries[0]!.cursor, null, 99).entries)
  for (let seq = 1; seq <= 5; seq++) say(seq, idOf(1), long)
  t.same(left(), [3, 4, 5])
  say(6, idOf(1), 'x'.repeat(9_000))
  t.same(left(), [6])
  say(7, idOf(1), long)
  t.same(left(), [7])
  say(8)
  t.same(left(), [7, 8])
})

t.test('expired entries are dropped, younger ones stay', async (t) => {
  const { say, add, read, entries, pass, sweep, forget } = opened()
  for (const seq of [1, 2]) say(seq)
  say(3, idOf(2))
  pass(LIFE)
  add(conversation({ id: idOf(1) }), [note(4), { is: 'status' }])
  sweep()
  t.equal(read(entries[0]!.cursor, null, 9).isTooOld, false)
  pass(1)
  forget(idOf(2))
  sweep()
  t.equal(read(entries[0]!.cursor, null, 9).isTooOld, true)
  t.match(read(entries[2]!.cursor, null, 9), { isTooOld: false, entries: [{}, { notice: { is: 'status' } }] })
  pass(LIFE)
  sweep()
  sweep()
  t.strictSame(read(entries[4]!.cursor, null, 9), { entries: [], isTooOld: false, isCut: false })
  t.equal(read(entries[3]!.cursor, null, 9).isTooOld, true)
  say(5)
  t.same(numbers(read(entries[4]!.cursor, null, 9).entries), [5])
})

t.test('a conversation that is forgotten leaves no trace and no gap', async (t) => {
  const { say, read, entries, forget } = opened(3_000)
  for (let seq = 1; seq <= 6; seq++) say(seq, idOf(seq % 2))
  forget(idOf(1))
  t.same(numbers(read(entries[0]!.cursor, null, 9).entries), [2, 4, 6])
  t.equal(read(entries[0]!.cursor, null, 9).isTooOld, false)
  for (let seq = 7; seq <= 9; seq++) say(seq)
  t.same(numbers(read(entries[0]!.cursor, null, 9).entries), [2, 4, 6, 7, 8, 9], 'what it weighed is free')
})

t.test('a commit is made before anybody hears of it, and what follows from hearing is heard after it', async (t) => {
  const { store } = openMemory()
  const id = idOf(1)
  const heard: (readonly [listener: string, seq: number | 'status', seen: number | undefined])[] = []
  const tell = (now: number, seq: number) => {
    const what = said(now, id, seq, 2)
    return { ...what, notices: what.records.map((each): Notice => ({ is: 'said', message: each })) }
  }
  const hear = async (listener: string, then: (seq: number | 'status') => void) =>
    store.listen({
      entry(entry) {
        const seq = numbers([entry])[0]!
        heard.push([listener, seq, (store.read(id) as { readonly seq: number } | null)?.seq])
        then(seq)
      },
      broken() {},
    })
  await hear('a', () => {})
  await hear('b', (seq) => {
    if (seq === 1)
      store.commit(
        id,
        (store.loadFresh(id, { key: null, find: null }) as { version: number }).version,
        tell(store.now(), 4),
      )
  })
  t.equal(store.commit(id, null, tell(store.now(), 2)), 'committed')
  t.same(
    heard.filter(([listener]) => listener === 'a').map(([, seq]) => seq),
    [1, 2, 3, 4],
  )
  t.same(
    heard.filter(([listener]) => listener === 'b').map(([, seq]) => seq),
    [1, 2, 3, 4],
  )
  t.equal(heard[0]![2], 2)
})

t.test('a commit that nobody is told of costs the feed nothing', async (t) => {
  const { store } = openMemory()
  const entries: FeedEntry[] = []
  await store.listen({ entry: (entry) => entries.push(entry), broken() {} })
  store.commit(idOf(1), null, said(store.now(), idOf(1), 1))
  store.commit(idOf(2), null, change({ key: 'k', notices: [{ is: 'status' }] }))
  t.same(entries, [])
})
