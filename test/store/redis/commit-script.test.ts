import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { conversationIdOf } from '../../../src/conversation/ids.js'
import {
  COMMIT_FACTS,
  COMMIT_KEYS,
  type CommitArguments,
  commitCall,
  FURTHER_KEYS,
} from '../../../src/store/redis/commit-script.js'
import { VERSION_WIDTH } from '../../../src/store/redis/scripts.js'
import { encodeMessage } from '../../../src/store/rows/message-row.js'
import { message } from '../../fixtures/conversation.js'
import { openScripts } from '../../fixtures/redis-scripts.js'

const { commands, redis } = await openScripts()
t.beforeEach(() => redis.flushall())

const ID = conversationIdOf('1', '2')
const LISTS = { list: 'l1', listBefore: 'l0' }
const SEARCH = { terms: 't', names: 'n' }
const KEYS = {
  state: 'c:1-2',
  history: 'h',
  seen: 's1',
  seenBefore: 's0',
  due: 'due',
  feed: 'f',
  ...LISTS,
  ...SEARCH,
  notifications: 'w',
}
const LATER = Date.now() + 3_600_000
const v = (n: number): string => `v${n}`.padEnd(VERSION_WIDTH, '-')

interface Write extends Omit<CommitArguments, 'expiresAt' | 'added' | 'notified' | 'more'> {
  readonly expiresAt: number
  readonly notifications: readonly string[]
  readonly added: readonly string[]
  readonly changed: readonly (readonly [seq: number, text: string])[]
}

const NOTHING: Write = {
  ...{ based: '', value: '', expiresAt: 0, id: ID, handled: '', notOurs: '', ownId: '', seenUntil: String(LATER) },
  ...{ dueAt: '', place: '', moves: '', foundBy: '', historyExpiresAt: '', isSetAnew: '', tidyBefore: '', waiting: '' },
  ...{ live: '', head: '', isStateTold: '', notifications: [], added: [], changed: [] },
}

async function commit(write: Partial<Write>): Promise<readonly unknown[]> {
  const { added, changed, notifications, expiresAt, ...rest } = { ...NOTHING, ...write }
  return commands.commit(KEYS, {
    ...rest,
    expiresAt: expiresAt === 0 ? '' : String(expiresAt),
    added: String(added.length),
    notified: notifications.length === 0 ? '' : String(notifications.length),
    more: [...notifications, ...added, ...changed.flatMap(([seq, text]) => [String(seq), text])],
  })
}

const messages = (from: number, to: number, arrivedAt = 1000): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => encodeMessage(message({ seq: from + i, arrivedAt })))
const seqs = async (): Promise<number[]> =>
  (await redis.lrange(KEYS.history, 0, -1)).map((text) => (JSON.parse(text) as number[])[0]!)
const snapshot = async (): Promise<unknown> => {
  const keys = (await redis.keys('*')).toSorted()
  return Promise.all(keys.map(async (key) => [key, (await redis.dumpBuffer(key)).toString('hex')]))
}

async function zset(key: string, members: Readonly<Record<string, number>>): Promise<void> {
  for (const [member, score] of Object.entries(members)) await redis.zadd(key, score, member)
}

t.test('a commit on another version changes nothing, and tells what is there', async (t) => {
  await commit({ value: `${v(1)}state` })
  const before = await snapshot()
  const places = { dueAt: '5', place: '5', moves: 'moved', foundBy: '+ada' }
  const all = { value: `${v(3)}new`, handled: '2', ownId: '3', ...places, added: messages(1, 1) }
  t.same(await commit({ ...all, based: v(2) }), [0, `${v(1)}state`])
  t.same(await commit({ ...all, based: '' }), [0, `${v(1)}state`])
  t.same(await snapshot(), before)
  await redis.flushall()
  t.same(await commit({ ...all, based: v(2) }), [0, null])
  t.same(await snapshot(), [])
})

t.test('an event that was seen, in this period or the one before, changes nothing', async (t) => {
  await commit({ value: `${v(1)}state`, handled: '2' })
  await redis.sadd(KEYS.seenBefore, '4')
  const before = await snapshot()
  const all = { based: v(1), value: `${v(2)}new`, ownId: '9', dueAt: '5', place: '5', moves: 'moved', foundBy: '-' }
  t.same(await commit({ ...all, handled: '2' }), [2])
  t.same(await commit({ ...all, handled: '4' }), [2])
  t.same(await snapshot(), before)
  t.same(await commit({ ...all, handled: '6' }), [1])
})

t.test('a commit for a message that has become ours is refused', async (t) => {
  await commit({ value: `${v(1)}state`, ownId: '3' })
  await redis.sadd(KEYS.seenBefore, '5')
  const before = await snapshot()
  t.same(await commit({ based: v(1), value: `${v(2)}new`, handled: '2', notOurs: '3' }), [2])
  t.same(await commit({ based: v(1), value: `${v(2)}new`, handled: '2', notOurs: '5' }), [2])
  t.same(await snapshot(), before)
})

t.test('each key of a conversation has its expiry', async (t) => {
  const expires = LATER + 1
  const historyExpires = LATER + 2
  await commit({
    value: v(1),
    expiresAt: expires,
    handled: '2',
    added: messages(1, 1),
    historyExpiresAt: `${historyExpires}`,
    isSetAnew: '1',
  })
  const ends = async () => Promise.all([KEYS.state, KEYS.history, KEYS.seen].map((key) => redis.pexpiretime(key)))
  t.same(await ends(), [expires, historyExpires, LATER])
  await commit({ based: v(1), value: v(2), ownId: '5' })
  t.same(await ends(), [-1, historyExpires, LATER], 'a state may be kept for ever')
  await redis.flushall()
  await commit({ ownId: '5' })
  t.equal(await redis.pexpiretime(KEYS.seen), LATER)
})

t.test('a history that begins has its end, even where it need not be set anew', async (t) => {
  await commit({ value: v(1), added: messages(1, 2), historyExpiresAt: `${LATER}` })
  t.equal(await redis.pexpiretime(KEYS.history), LATER)
  await commit({ based: v(1), value: v(2), added: messages(3, 3), historyExpiresAt: `${LATER + 5}` })
  t.equal(await redis.pexpiretime(KEYS.history), LATER)
  await commit({
    based: v(2),
    value: v(3),
    added: messages(4, 4),
    historyExpiresAt: `${LATER + 5}`,
    isSetAnew: '1',
  })
  t.equal(await redis.pexpiretime(KEYS.history), LATER + 5)
  // It ran out while the conversation went on.
  await redis.del(KEYS.history)
  await commit({ based: v(3), value: v(4), added: messages(5, 5), historyExpiresAt: `${LATER + 6}` })
  t.equal(await redis.pexpiretime(KEYS.history), LATER + 6)
  t.same(await seqs(), [5])
})

t.test('a conversation that begins anew does not go on in the history of an earlier one', async (t) => {
  await redis.rpush(KEYS.history, ...messages(50, 57))
  await commit({ value: v(1), added: messages(1, 1), historyExpiresAt: `${LATER}` })
  t.same(await seqs(), [1])
  t.equal(await redis.pexpiretime(KEYS.history), LATER)
  await redis.flushall()
  await redis.rpush(KEYS.history, ...messages(50, 57))
  await commit({ value: v(1) })
  t.same(await seqs(), [], 'even where it begins without a message')
})

t.test('a message is replaced where it stands, however much of the history is gone', async (t) => {
  const changed = (seq: number) => [seq, encodeMessage(message({ seq, text: 'changed' }))] as const
  const texts = async () =>
    (await redis.lrange(KEYS.history, 0, -1)).map((text) => (JSON.parse(text) as unknown[])[5] === 'changed')
  await commit({ value: v(1), changed: [changed(1)] })
  t.same(await texts(), [])
  await commit({ based: v(1), value: v(2), added: messages(1, 5), historyExpiresAt: `${LATER}` })
  await redis.ltrim(KEYS.history, 2, -1)
  await commit({ based: v(2), value: v(3), changed: [changed(2), changed(3), changed(9)] })
  t.same(await texts(), [true, false, false])
  await commit({ based: v(3), value: v(4), added: messages(6, 6), changed: [changed(5), changed(1), changed(4)] })
  t.same(await texts(), [true, true, true, false])
})

t.test('tidying drops messages that are too old or above the cap', async (t) => {
  const old = [...messages(1, 3, 1000), ...messages(4, 5, 2000)]
  await commit({ value: v(1), added: old, historyExpiresAt: `${LATER}` })
  for (const [version, tidyBefore, first] of [
    [1, '1000', 1],
    [2, '1001', 4],
    [3, '2000', 4],
    [4, '2001', 6],
  ] as const) {
    const added = messages(version + 5, version + 5, 3000)
    await commit({ based: v(version), value: v(version + 1), added, tidyBefore, historyExpiresAt: `${LATER}` })
    t.equal((await seqs())[0], first)
  }
  t.equal(await redis.pexpiretime(KEYS.history), LATER)
  for (let from = 10; from < 5_100; from += 1000) await redis.rpush(KEYS.history, ...messages(from, from + 999, 3000))
  await commit({ based: v(5), value: v(6), added: messages(6_010, 6_010, 3000), tidyBefore: '0' })
  t.equal(await redis.llen(KEYS.history), 5_000)
  t.equal((await seqs()).at(-1), 6_010)
})

t.test('a channel that keeps no history has it dropped', async (t) => {
  await commit({ value: v(1), added: messages(1, 2), historyExpiresAt: `${LATER}` })
  await commit({ based: v(1), value: v(2), historyExpiresAt: '0' })
  t.equal(await redis.exists(KEYS.history), 0)
})

t.test(
  'the due time and the place are taken, moved and given up by themselves, and what is not told stays',
  async (t) => {
    const scores = async () => Promise.all([KEYS.due, KEYS.list, KEYS.listBefore].map((key) => redis.zscore(key, ID)))
    await commit({ value: v(1), dueAt: '5', place: '6' })
    t.same(await scores(), ['5', '6', null])
    await commit({ based: v(1), value: v(2) })
    t.same(await scores(), ['5', '6', null])
    for (const [i, [told, expected]] of [
      [{ dueAt: '9' }, ['9', '6', null]],
      [{ dueAt: '0' }, [null, '6', null]],
      [{ place: '8' }, [null, '8', null]],
      [{ place: '0', moves: '' }, [null, '8', null]],
    ].entries() as ArrayIterator<[number, [Partial<Write>, (string | null)[]]]>) {
      await commit({ based: v(i + 2), value: v(i + 3), ...told })
      t.same(await scores(), expected, JSON.stringify(told))
    }
  },
)

t.test('a conversation that moves to another list takes its place along, or gets a new one', async (t) => {
  const scores = async () => Promise.all([KEYS.list, KEYS.listBefore].map((key) => redis.zscore(key, ID)))
  for (const [moves, expected] of [
    ['moved', ['9', null]],
    ['moved here', ['4', null]],
  ] as const) {
    await redis.flushall()
    await zset(KEYS.listBefore, { [ID]: 4, '1-3': 4 })
    await commit({ value: v(1), place: '9', moves })
    t.same(await scores(), expected, moves)
    t.equal(await redis.zscore(KEYS.listBefore, '1-3'), '4')
  }
  await redis.flushall()
  await commit({ value: v(1), place: '9', moves: 'moved here' })
  t.same(await scores(), ['9', null], 'where it was not, it has no place to take along')
  await zset(KEYS.listBefore, { [ID]: 4 })
  await commit({ based: v(1), value: v(2), place: '0', moves: 'moved' })
  t.same(await scores(), ['9', null], 'it may also go without coming anywhere')
})

t.test('a conversation’s search terms are replaced as a whole', async (t) => {
  const terms = async () => redis.zrange(KEYS.terms, '0', '-1')
  await commit({ value: v(1), foundBy: '+ada king\nking' })
  t.same(await terms(), ['\n1', '1-2', 'ada king\n1-2', 'king\n1-2'])
  t.equal(await redis.hget(KEYS.names, ID), 'ada king\nking')
  await commit({ based: v(1), value: v(2), foundBy: '+2\nberta' })
  t.same(await terms(), ['\n1', '1-2', '2\n1-2', 'berta\n1-2'])
  await commit({ based: v(2), value: v(3), foundBy: '+' })
  t.same(await terms(), ['\n1', '1-2'], 'a name that was its id takes nothing with it')
  t.equal(await redis.exists(KEYS.names), 0)
  await redis.zadd(KEYS.terms, 0, '2\n1', 0, '1-3', 0, '11-3')
  await commit({ based: v(3), value: v(4), foundBy: '-' })
  t.same(await terms(), ['\n1', '1-3', '11-3'], 'an older version’s term goes too, the page stays with its others')
  await redis.zrem(KEYS.terms, '1-3')
  await commit({ based: v(4), value: v(5), foundBy: '-' })
  t.same(await terms(), ['11-3'])
})

const fed = async (): Promise<readonly (string | undefined)[]> =>
  (await redis.xrange(KEYS.feed, '-', '+')).map(([, fields]) => fields[1])
const FEED_TO = { live: 'live', head: '["1-2",5]' }

t.test('changed messages are fed first, then new ones, then the state, and published in the same order', async (t) => {
  const listening = redis.duplicate()
  t.teardown(() => listening.disconnect())
  const heard: string[] = []
  listening.on('message', (_channel, text) => heard.push(text))
  while (listening.status !== 'ready') await sleep(5)
  await listening.subscribe('live')
  const [one, two, three] = messages(1, 3)
  await commit({ value: v(1), added: [one!], historyExpiresAt: `${LATER}` })
  t.same(await fed(), [], 'nothing where nobody is told')
  const write = { based: v(1), value: `${v(2)}[5]`, added: [two!, three!], changed: [[1, one!]] as const }
  await commit({ ...write, ...FEED_TO, isStateTold: '1' })
  const expected = ['c', 's', 's', 't'].map((what, i) => `${what}["1-2",5]\n${[one, two, three, `${v(2)}[5]`][i]}`)
  t.same(await fed(), expected)
  await commit({ based: v(2), value: v(3), ...FEED_TO })
  t.same(await fed(), expected, 'neither a message nor the state')
  while (heard.length < 4) await sleep(5)
  const ids = (await redis.xrange(KEYS.feed, '-', '+')).map(([id]) => id)
  t.same(
    heard,
    ids.map((id, i) => `${id} ${expected[i]}`),
  )
})

t.test(
  'a call has the keys of all commits, then of each its facts by name, its value and its further texts',
  async (t) => {
    const facts = Object.fromEntries(COMMIT_FACTS.map((name) => [name, `${name}!`])) as Omit<
      CommitArguments,
      'value' | 'more'
    >
    const hot = { ...facts, moves: '', foundBy: '', notified: '' }
    const keys = ['c:1-2', 'h', 's1', 's0', 'due', 'f', 'l1']
    const lines = (of: typeof facts) => COMMIT_FACTS.map((name) => of[name])
    const call = commitCall([
      { keys: KEYS, args: { ...hot, value: 'v', more: ['a', 'b'] } },
      { keys: KEYS, args: { ...hot, value: '', more: [] } },
    ])
    const [first, second] = [['7', '2', ...lines(hot)].join('\0'), ['7', '0', ...lines(hot)].join('\0')]
    t.same(call, ['14', ...keys, ...keys, first, 'v', 'a', 'b', second, ''])
    for (const needed of [{ moves: 'moved' }, { foundBy: '+a\nb\0' }, { notified: '1' }]) {
      const args = { ...hot, ...needed, value: '', more: [] }
      const all = String(COMMIT_KEYS.length + FURTHER_KEYS.length)
      const called = commitCall([{ keys: KEYS, args }])
      t.equal(called[0], all)
      t.equal(called.at(-2), [all, '0', ...lines(args)].join('\0'))
    }
  },
)

t.test('the history has a new message that waits without its id and its words, the feed has it whole', async (t) => {
  const [one, two, three] = messages(1, 3)
  const write = { historyExpiresAt: `${LATER}`, ...FEED_TO }
  await commit({ value: v(1), added: [one!, two!], waiting: ' 2 ', ...write })
  const wordless = '[2,1000,"customer","text",null,null,"received"]'
  t.same(await redis.lrange(KEYS.history, 0, -1), [one, wordless])
  t.same(await fed(), [`s["1-2",5]\n${one}`, `s["1-2",5]\n${two}`])
  await commit({ based: v(1), value: v(2), added: [three!], waiting: ' 3 ', changed: [[2, two!]], ...write })
  t.same(await redis.lrange(KEYS.history, 0, -1), [one, two, wordless.replace('2', '3')])
})

t.test('a refused commit feeds nothing', async (t) => {
  await commit({ value: v(1), added: messages(1, 1), historyExpiresAt: `${LATER}`, handled: '2', ...FEED_TO })
  await commit({ based: v(2), value: v(3), added: messages(2, 2), ...FEED_TO })
  await commit({ based: v(1), value: v(3), added: messages(2, 2), handled: '2', ...FEED_TO })
  t.equal((await fed()).length, 1)
})

t.test('the feed entries of a channel without a history are not stored as one', async (t) => {
  const write = { historyExpiresAt: '0', ...FEED_TO }
  await commit({ value: v(1), added: messages(1, 2), ...write })
  await commit({ based: v(1), value: v(2), changed: [[1, messages(1, 1)[0]!]], ...write })
  t.equal(await redis.exists(KEYS.history), 0)
  t.equal((await fed()).length, 3)
})

/** Entries of some conversations by turns, each named for its place. */
async function feed(count: number, of: readonly string[]): Promise<void> {
  for (let i = 1; i <= count; i++) await redis.xadd('f', `${i}-0`, 'e', `s["${of[i % of.length]}",5]\n${i}`)
}

t.test('a feed is read after an entry, up to a number, and of one conversation alone', async (t) => {
  t.same(await commands.feed(['f', 'from'], ['', '0-0', 9, '']), ['', '', 0, ''])
  await redis.set('from', '7-0')
  await feed(450, ['1-2', '1-23'])
  const read = async (from: string, after: string, limit: number, start: string) => {
    const [newest, first, length, cutAt, ...entries] = await commands.feed(['f', 'from'], [from, after, limit, start])
    t.same([newest, first, length, cutAt], ['450-0', '1-0', 450, '7-0'])
    return entries.filter((_, i) => i % 2 === 0).map((id) => Number.parseInt(id, 10))
  }
  const range = (from: number, to: number, step = 1) =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)
  t.same(await read('', '0-0', 500, ''), range(1, 450))
  t.same(await read('', '0-0', 100, ''), range(1, 100))
  t.same(await read('', '5-0', 3, ''), [6, 7, 8])
  t.same(await read('', '449-7', 3, ''), [450])
  t.same(await read('', '450-0', 3, ''), [])
  t.same(await read('', '0-0', 500, '["1-2"'), range(2, 450, 2))
  t.same(await read('', '3-0', 150, '["1-23"'), range(5, 303, 2))
  t.same(await read('100-0', '302-0', 2, ''), range(100, 304))
  t.same(await read('100-0', '302-0', 2, '["1-2"'), range(100, 306, 2))
  t.same(await read('', '0-0', 5, '["1-4"'), [])
  await redis.xtrim('f', 'MAXLEN', 0)
  t.same(await commands.feed(['f', 'from'], ['', '0-0', 9, '']), ['450-0', '', 0, '7-0'])
})

const ERASED = [
  KEYS.state,
  KEYS.history,
  KEYS.due,
  KEYS.feed,
  'from',
  'old',
  ...Object.values(SEARCH),
  KEYS.notifications,
  ...Object.values(LISTS),
]

t.test('an erased conversation leaves every list and the search, and the feed through all its length', async (t) => {
  await commit({
    value: v(1),
    added: messages(1, 1),
    historyExpiresAt: `${LATER}`,
    handled: '2',
    dueAt: '5',
    place: '6',
    foundBy: '+ada',
  })
  const lists = [KEYS.due, ...Object.values(LISTS)]
  for (const list of lists) await zset(list, { [ID]: 1, '1-23': 1 })
  await redis.zadd(KEYS.terms, 0, 'ada\n1-23')
  await redis.hset(KEYS.names, '1-23', 'ada')
  await feed(450, ['1-2', '1-23'])
  for (const id of ['1-2', '1-23', '1-2']) await redis.xadd('w', '*', 'n', `n["${id}","global"]\n{}`)
  await commands.erase(ERASED, ID, '["1-2"', 60_000)
  const left = [KEYS.feed, KEYS.notifications, KEYS.seen, ...lists, ...Object.values(SEARCH)]
  t.same((await redis.keys('*')).toSorted(), left.toSorted())
  for (const list of lists) t.same(await redis.zrange(list, '0', '-1'), ['1-23'])
  t.same(await redis.zrange(KEYS.terms, '0', '-1'), ['ada\n1-23'])
  t.same(Object.keys(await redis.hgetall(KEYS.names)), ['1-23'])
  t.equal(await redis.xlen('f'), 225)
  t.same(
    (await commands.stream('w', '0-0', 9)).map(([, text]) => text),
    ['n["1-23","global"]\n{}'],
  )
  t.same(await commands.feed(['f', 'from'], ['', '0-0', 500, '["1-2"']), ['450-0', '1-0', 225, ''])
  await commands.erase(ERASED, ID, '["1-2"', 60_000)
  t.equal(await redis.xlen('f'), 225)
})

t.test('erasing from a full feed notes where it was trimmed', async (t) => {
  await feed(2_500, ['1-2', '1-23'])
  await redis.xtrim('f', 'MAXLEN', 2_499)
  await commands.erase(ERASED, ID, '["1-9"', 60_000)
  t.equal(await redis.exists('from'), 0)
  await redis.xadd('f', '*', 'e', 's["1-2",5]')
  await commands.erase(ERASED, ID, '["1-2"', 60_000)
  t.equal(await redis.get('from'), '2-0')
  t.ok((await redis.pttl('from')) > 50_000)
})

t.test('notifications join their queue with the commit, beside the new messages', async (t) => {
  await commit({ value: v(1), added: messages(1, 2), historyExpiresAt: `${LATER}`, notifications: ['n1', 'n2'] })
  t.same(await seqs(), [1, 2])
  await commit({ based: v(1), value: v(2), notifications: ['n3'], historyExpiresAt: `${LATER}` })
  t.equal((await commit({ based: v(1), value: v(3), notifications: ['lost'] }))[0], 0)
  const waiting = await commands.stream('w', '0-0', 9)
  t.same(
    waiting.map(([, text]) => text),
    ['n1', 'n2', 'n3'],
  )
  t.ok((await redis.pttl('w')) > 24 * 3_600_000)
  t.same(await commands.stream('w', waiting[0]![0], 1), [waiting[1]])
  await commands.removeFromStream('w', [waiting[1]![0]])
  t.equal(await commands.streamValue('w', waiting[1]![0]), null)
  t.equal(await commands.streamValue('w', waiting[2]![0]), 'n3')
})

t.test('a queue of notifications that nobody takes loses its oldest', async (t) => {
  const many = Array.from({ length: 100 }, (_, i) => `${i}`)
  for (let i = 0; i < 30; i++) await commands.announce(['announced', 'w'], '1', '1', many)
  const left = await redis.xlen('w')
  t.ok(left >= 2_500 && left < 2_700, String(left))
  t.equal(await commands.field('announced', '1'), '1')
  t.equal(await commands.field('announced', '2'), null)
})

t.test(
  'the bytes of an erased conversation are gone from the stream, its ids and its life are as before',
  async (t) => {
    await feed(1_000, ['1-2', '1-23'])
    await redis.pexpire('f', 90_000)
    for (const id of ['1-2', '1-23']) await redis.xadd('w', '*', 'n', `n["${id}","global"]\n{}`)
    // Trimmed to the entry, a stream keeps the bytes of what it no longer shows.
    await redis.xtrim('f', 'MINID', '31-0')
    await redis.config('SET', 'rdbcompression', 'no')
    const bytes = async () => (await redis.dumpBuffer('f')).toString('latin1')
    const kept = await redis.xrange('f', '-', '+')
    t.match(await bytes(), '["1-2"')
    await commands.erase(ERASED, ID, '["1-2"', 60_000)
    t.notMatch(await bytes(), '["1-2"')
    t.notMatch((await redis.dumpBuffer('w')).toString('latin1'), '["1-2"')
    t.equal(await redis.xlen('w'), 1)
    t.same(
      await redis.xrange('f', '-', '+'),
      kept.filter(([, [, text]]) => !text!.startsWith('["1-2"', 1)),
    )
    t.equal(await redis.exists('old'), 0)
    t.equal(((await redis.xinfo('STREAM', 'f')) as unknown[])[7], '1000-0')
    t.ok((await redis.pttl('f')) > 60_000)
    await commands.erase(ERASED, ID, '["1-23"', 60_000)
    t.same([await redis.xlen('f'), await redis.exists('f')], [0, 1])
    t.same(await commands.feed(['f', 'from'], ['', '999-0', 9, '']), ['1000-0', '', 0, ''])
    await t.rejects(redis.xadd('f', '1000-0', 'e', 'x'), /equal or smaller/)
  },
)

t.test('a full feed is written anew in a moment', async (t) => {
  const text = `s["1-3",5]${'x'.repeat(1_500)}`
  const pipeline = redis.pipeline()
  for (let i = 1; i <= 2_600; i++) pipeline.xadd('f', `${i}-0`, 'e', i % 2 === 0 ? text : text.replace('1-3', '1-2'))
  await pipeline.exec()
  const before = performance.now()
  await commands.erase(ERASED, ID, '["1-2"', 60_000)
  const ms = performance.now() - before
  t.equal(await redis.xlen('f'), 1_300)
  t.ok(ms < 3_000, `${ms} ms`)
})
