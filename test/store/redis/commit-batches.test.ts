import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { createCommitBatches } from '../../../src/store/redis/commit-batches.js'
import { COMMIT_FACTS, type CommitArguments, type CommitKeys } from '../../../src/store/redis/commit-script.js'
import { openScripts } from '../../fixtures/redis-scripts.js'

const { commands, redis } = await openScripts()
t.beforeEach(() => redis.flushall())

const BLANK = Object.fromEntries(COMMIT_FACTS.map((name) => [name, ''])) as Omit<CommitArguments, 'value' | 'more'>
const version = (of: string): string => of.padEnd(20, '-')

function keysOf(name: string, partition = 'p'): CommitKeys {
  const own = { state: `c:${name}`, history: `h:${name}`, seen: `s:${name}`, seenBefore: `b:${name}` }
  const shared = { due: `${partition}:due`, feed: 'f', list: 'l', listBefore: 'l0', terms: 't', names: 'n' }
  return { ...own, ...shared, notifications: 'w' }
}

const first = (name: string, more: Partial<CommitArguments> = {}): CommitArguments => ({
  ...BLANK,
  id: name,
  value: version(name),
  seenUntil: '8640000000000000',
  more: [],
  ...more,
})

/** Batches whose calls are only noted, each answered by `answer`. */
function noted(answer: (call: readonly string[]) => Promise<readonly unknown[]>, isCluster = false) {
  const calls: (readonly string[])[] = []
  const run = (call: readonly string[]) => {
    calls.push(call)
    return answer(call)
  }
  const errorOf = (cause: unknown) => new Error('translated', { cause })
  return { calls, commit: createCommitBatches({ run, isCluster, errorOf }) }
}

const states = (call: readonly string[]): readonly string[] =>
  call.filter((each) => each.startsWith('c:')).map((key) => key.slice(2))
const done = async (call: readonly string[]): Promise<readonly unknown[]> => states(call).map(() => 1)

t.test('the commits of one turn are one call, those of the next another', async (t) => {
  const { calls, commit } = noted(done)
  const both = Promise.all([commit(keysOf('a'), first('a')), commit(keysOf('b'), first('b'))])
  await Promise.resolve()
  const third = commit(keysOf('c'), first('c'))
  t.same(calls, [])
  t.same([...(await both), await third], [[1], [1], [1]])
  await commit(keysOf('d'), first('d'))
  t.same(calls.map(states), [['a', 'b', 'c'], ['d']])
})

t.test('so many are sent at once, and the rest at the end of the turn', async (t) => {
  const { calls, commit } = noted(done)
  const all = Promise.all(Array.from({ length: 38 }, (_, i) => commit(keysOf(`${i}`), first(`${i}`))))
  t.same(
    calls.map((call) => states(call).length),
    [16, 16],
  )
  t.equal((await all).length, 38)
  t.equal(states(calls[2]!).length, 6)
})

t.test('a full batch leaves nothing to send at the end of the turn', async (t) => {
  const { calls, commit } = noted(done)
  await Promise.all(Array.from({ length: 16 }, (_, i) => commit(keysOf(`${i}`), first(`${i}`))))
  await nextTurn()
  t.equal(calls.length, 1)
})

t.test('in a cluster each partition has its own call', async (t) => {
  const { calls, commit } = noted(done, true)
  const of = [
    ['a', 'p1'],
    ['b', 'p2'],
    ['c', 'p1'],
  ] as const
  await Promise.all(of.map(([name, partition]) => commit(keysOf(name, partition), first(name))))
  t.same(calls.map(states), [['a', 'c'], ['b']])
})

t.test('where a call of several partitions is refused, each gets its own from then on', async (t) => {
  const { calls, commit } = noted(async (call) => {
    if (call.includes('p1:due') && call.includes('p2:due'))
      throw new Error("CROSSSLOT Keys don't hash to the same slot")
    return done(call)
  })
  const both = () => Promise.all([commit(keysOf('a', 'p1'), first('a')), commit(keysOf('b', 'p2'), first('b'))])
  const earlier = both()
  // Sent before the first refusal is known.
  const sixteen = Array.from({ length: 14 }, (_, i) => commit(keysOf(`${i}`, 'p1'), first(`${i}`)))
  const others = both()
  t.same([...(await earlier), ...(await others)], [[1], [1], [1], [1]])
  t.equal((await Promise.all(sixteen)).length, 14)
  t.same(
    calls
      .splice(0)
      .map(states)
      .map(({ length }) => length),
    [16, 2, 15, 1, 1, 1],
  )
  t.same(await both(), [[1], [1]])
  t.same(calls.map(states), [['a'], ['b']])
})

t.test('a call that fails fails all its commits', async (t) => {
  for (const [isCluster, cause] of [
    [false, new Error('OOM')],
    [false, 'no error'],
    [true, new Error('CROSSSLOT')],
  ] as const) {
    const { calls, commit } = noted(() => Promise.reject(cause), isCluster)
    const ends = await Promise.allSettled([commit(keysOf('a'), first('a')), commit(keysOf('b'), first('b'))])
    for (const end of ends) t.match(end, { status: 'rejected', reason: { message: 'translated', cause } })
    t.equal(calls.length, 1)
  }
})

t.test('each commit of a call has its own outcome', async (t) => {
  await commands.commit(keysOf('old'), first('old', { handled: '2' }))
  // What is not a message in a history fails the commit that changes one.
  await redis.rpush('h:odd', 'odd')
  await redis.set('c:odd', version('x'))
  const commits: readonly (readonly [string, CommitArguments])[] = [
    ['old', first('old', { based: version('other'), value: version('new') })],
    ['odd', first('odd', { based: version('x'), value: version('y'), more: ['1', 'changed'] })],
    ['old', first('old', { based: version('old'), value: version('new'), handled: '2' })],
    ['none', first('none', { based: version('gone') })],
    [
      'a',
      first('a', {
        handled: '4',
        added: '1',
        more: ['[1,5]'],
        historyExpiresAt: '8640000000000000',
        dueAt: '7',
        place: '8',
      }),
    ],
    ['b', first('b', { notified: '1', more: ['note'] })],
  ]
  const ends = await Promise.allSettled(commits.map(([name, args]) => commands.commit(keysOf(name), args)))
  const [conflict, odd, ...rest] = ends
  t.same(conflict, { status: 'fulfilled', value: [0, version('old')] })
  t.match(odd, { status: 'rejected', reason: { code: 'store_unavailable', cause: { message: /arithmetic/ } } })
  t.same(
    rest.map((end) => end.status === 'fulfilled' && end.value),
    [[2], [0, null], [1], [1]],
  )
  t.equal(await redis.get('c:old'), version('old'))
  t.same(await redis.lrange('h:a', 0, -1), ['[1,5]'])
  t.same([await redis.zscore('p:due', 'a'), await redis.zscore('l', 'a')], ['7', '8'])
  t.equal(await redis.xlen('w'), 1)
})

t.test('two commits on one version in one call: the second is a conflict', async (t) => {
  const write = (value: string) => commands.commit(keysOf('a'), first('a', { value: version(value) }))
  t.same(await Promise.all([write('1'), write('2')]), [[1], [0, version('1')]])
})
