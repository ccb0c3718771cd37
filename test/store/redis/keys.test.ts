import t from 'tap'
import { type ConversationId, conversationIdOf } from '../../../src/conversation/ids.js'
import { LIST_COUNT } from '../../../src/engine/list-filter.js'
import { createKeys, PARTITIONS } from '../../../src/store/redis/keys.js'

const keys = createKeys('mr')

/** What Redis Cluster goes by: what stands between the first { and the } after it. */
const tagOf = (key: string): string => /\{([^}]+)\}/.exec(key)![1]!

t.test('all keys of a conversation lie together, and tell their owner', async (t) => {
  const id = conversationIdOf('1', '2')
  const partition = keys.partitionOf(id)
  const of = [
    keys.conversation(id),
    keys.history(id),
    keys.seen(id, 7),
    keys.seen(id, 8),
    keys.due(partition),
    ...keys.lists(partition),
    keys.terms(partition),
    keys.names(partition),
    keys.feed(partition),
    keys.feedFrom(partition),
  ]
  t.same(new Set(of.map(tagOf)), new Set([`p${partition}`]))
  t.equal(new Set(of).size, of.length)
  for (const key of of) t.ok(key.startsWith('mr:'))
  t.equal(keys.conversation(id), `${keys.conversationsOf(partition)}1-2`)
})

t.test('a commit has the keys that everything else reads', async (t) => {
  const id = conversationIdOf('1', '2')
  const partition = keys.partitionOf(id)
  t.same(keys.committed(id, 7, 2, 1), {
    state: keys.conversation(id),
    history: keys.history(id),
    seen: keys.seen(id, 7),
    seenBefore: keys.seen(id, 6),
    due: keys.due(partition),
    feed: keys.feed(partition),
    list: keys.list(partition, 2),
    listBefore: keys.list(partition, 1),
    terms: keys.terms(partition),
    names: keys.names(partition),
    notifications: keys.notifications(partition),
  })
})

t.test('each list is found by its number', async (t) => {
  t.same(
    Array.from({ length: LIST_COUNT }, (_, number) => keys.list(3, number)),
    keys.lists(3),
  )
})

t.test('partitions do not share a tag', async (t) => {
  const tags = Array.from({ length: PARTITIONS }, (_, partition) => tagOf(keys.due(partition)))
  t.equal(new Set(tags).size, PARTITIONS)
})

t.test('no key of one conversation is that of another', async (t) => {
  const ids = [conversationIdOf('1', '23'), conversationIdOf('12', '3'), conversationIdOf('1', '2')]
  const all = ids.flatMap((id) => [keys.conversation(id), keys.history(id), keys.seen(id, 3), keys.seen(id, 33)])
  t.equal(new Set(all).size, all.length)
})

t.test('a key that outlives an erased conversation does not reveal whose it was', async (t) => {
  t.notMatch(keys.seen(conversationIdOf('17841400000000001', '99887766'), 7), /17841400000000001|99887766/)
})

t.test('a channel’s keys have a tag of their own, and the layout key has none', async (t) => {
  const id = '17841400000000001'
  const ofOne = [keys.channel(id), keys.slots(id), keys.token(id)]
  for (const key of ofOne) t.equal(tagOf(key), 'ch:17841400000000001')
  t.equal(new Set([...ofOne, keys.channel('1'), keys.slots('1'), keys.token('1')]).size, 6)
  t.equal(keys.layout(), 'mr:layout')
})

t.test('two prefixes share no key', async (t) => {
  const other = createKeys('shop')
  const id = conversationIdOf('1', '2')
  t.equal(other.partitionOf(id), keys.partitionOf(id))
  t.not(other.conversation(id), keys.conversation(id))
  t.not(other.layout(), keys.layout())
  t.not(other.slots('1'), keys.slots('1'))
  t.not(other.ticket('1'), keys.ticket('1'))
  t.not(other.live(), keys.live())
})

t.test('the place of a conversation never changes: it is stored there', async (t) => {
  for (const [page, user, partition] of [
    ['1', '2', 8],
    ['17841400000000001', '6543210987654321', 62],
    ['9'.repeat(32), '0'.repeat(32), 54],
  ] as const) {
    t.equal(keys.partitionOf(conversationIdOf(page, user)), partition)
  }
})

/** So many that chance alone would keep each partition within a tenth of its share. */
const MANY = 64 * 1000

t.test('conversations are spread evenly, however ids are handed out', async (t) => {
  const random = (digits: number, seed: number): string => {
    let text = ''
    let state = seed
    while (text.length < digits) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      text += String(state % 1000).padStart(3, '0')
    }
    return text.slice(0, digits)
  }
  const ways: Record<string, (i: number) => ConversationId> = {
    'one page, users in order': (i) => conversationIdOf('17841400000000001', `${6_000_000_000_000_000n + BigInt(i)}`),
    'one page, users at random': (i) => conversationIdOf('17841400000000001', random(16, i)),
    'one page, users in steps of a hundred': (i) =>
      conversationIdOf('1', `${7_000_000_000_000_000n + BigInt(i * 100)}`),
    'one user each, pages in order': (i) => conversationIdOf(`${17841400000000001n + BigInt(i)}`, '6543210987654321'),
    'a thousand pages with some users each': (i) => conversationIdOf(`${100_000 + (i % 1000)}`, random(16, i)),
    'short ids': (i) => conversationIdOf(`${i % 8}`, `${i}`),
  }
  for (const [how, idOf] of Object.entries(ways)) {
    const counts = new Array<number>(PARTITIONS).fill(0)
    for (let i = 0; i < MANY; i++) counts[keys.partitionOf(idOf(i))]! += 1
    const share = MANY / PARTITIONS
    const worst = Math.max(...counts.map((count) => Math.abs(count - share) / share))
    t.ok(worst < 0.2, `${how}: ${worst}`)
  }
})
