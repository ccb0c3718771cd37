import t from 'tap'
import { openScripts } from '../../fixtures/redis-scripts.js'

const { commands, redis } = await openScripts()
t.beforeEach(() => redis.flushall())

async function zset(key: string, members: Readonly<Record<string, number>>): Promise<void> {
  for (const [member, score] of Object.entries(members)) await redis.zadd(key, score, member)
}

t.test('due conversations are claimed by the server’s clock, each once for its lease', async (t) => {
  const now = Date.now()
  await redis.mset('c:1', '', 'c:2', '', 'c:3', '', 'c:4', '')
  await zset('due', { 1: now - 3, 2: now - 2, 3: now - 1, 4: now + 60_000 })
  const [time, next, ...ids] = await commands.claim('due', 2, 5_000, 'c:')
  t.ok(Number(time) >= now && Number(time) <= Date.now())
  t.same(ids, ['1', '2'])
  t.equal(Number(next), now - 1)
  t.equal(await redis.zscore('due', '1'), String(Number(time) + 5_000))
  t.same((await commands.claim('due', 9, 5_000, 'c:')).slice(2), ['3'])
  t.same((await commands.claim('due', 9, 5_000, 'c:')).slice(1), [String(Number(time) + 5_000)])
})

t.test('a conversation that ran out is not given out, and is due no more', async (t) => {
  await redis.set('c:2', '')
  await zset('due', { 1: 1, 2: 2, 3: 3 })
  t.same((await commands.claim('due', 2, 5_000, 'c:')).slice(1), ['3', '2'])
  t.same((await commands.claim('due', 2, 5_000, 'c:')).slice(2), [])
  t.same(await redis.zrange('due', '0', '-1'), ['2'])
  t.same((await commands.claim('nothing', 2, 5_000, 'c:')).slice(1), [''])
})

t.test('slots are limited in any window, each after the one before', async (t) => {
  const begun = Date.now()
  const slots = await Promise.all(Array.from({ length: 20 }, async () => Number(await commands.slot('s', 3, 1_000, 0))))
  const now = Date.now()
  t.same(
    slots,
    slots.toSorted((a, b) => a - b),
  )
  t.ok(slots[0]! >= begun && slots[2]! <= now, 'the first ones are free at once')
  t.equal(mostWithin(slots, 1_000), 3)
  t.ok(slots.at(-1)! <= now + 6_000, 'and none later than it must be')
  t.equal(await redis.llen('s'), 3, 'no more is kept than counts')
})

t.test('no slot is before the time asked for, nor before one that is taken', async (t) => {
  const later = Date.now() + 60_000
  t.equal(Number(await commands.slot('s', 2, 1_000, later)), later)
  t.equal(Number(await commands.slot('s', 2, 1_000, 0)), later)
  t.equal(Number(await commands.slot('s', 2, 1_000, later - 500)), later + 1_000)
  t.equal(Number(await commands.slot('s', 2, 1_000, later + 1_500)), later + 1_500)
  t.equal(Number(await commands.slot('s', 2, 1_000, 0)), later + 2_000)
  const odd = later + 9_000.25
  t.ok(Number(await commands.slot('s', 2, 1_000, odd)) >= odd, 'not even a part of a millisecond before')
})

t.test('a rate that changes holds from its first place on', async (t) => {
  const from = Date.now() + 60_000
  const take = async (count: number, most: number) => {
    for (let i = 0; i < count; i++) taken.push(Number(await commands.slot('s', most, 1_000, from)) - from)
  }
  const taken: number[] = []
  await take(5, 5)
  await take(4, 2)
  await take(6, 4)
  t.same(taken, [0, 0, 0, 0, 0, 1_000, 1_000, 2_000, 2_000, 2_000, 2_000, 3_000, 3_000, 3_000, 3_000])
})

t.test('a rate that nobody asks for is forgotten, but not while its last place still counts', async (t) => {
  const slot = Number(await commands.slot('s', 3, 1_000, Date.now() + 60_000))
  t.equal(await redis.pexpiretime('s'), slot + 2_000)
})

t.test('a lease is one holder’s, until it ends', async (t) => {
  t.equal(await commands.lease('lease', 'a', 60_000), true)
  t.equal(await commands.lease('lease', 'b', 60_000), false)
  await commands.endLease('lease', 'b')
  t.equal(await commands.lease('lease', 'a', 90_000), true)
  t.ok((await redis.pttl('lease')) > 70_000)
  await commands.endLease('lease', 'a')
  t.equal(await commands.lease('lease', 'b', 60_000), true)
})

/** Of the places that were given out, the most in any one window. */
function mostWithin(slots: readonly number[], windowMs: number): number {
  return Math.max(...slots.map((from) => slots.filter((at) => at >= from && at < from + windowMs).length))
}

t.test('a value is replaced by whoever knows the one before, for good', async (t) => {
  t.equal(await commands.replace('v', 'x', 'first'), false)
  t.equal(await redis.get('v'), null)
  t.equal(await commands.replace('v', null, 'first'), true)
  t.equal(await commands.replace('v', null, 'first'), true)
  t.equal(await commands.replace('v', null, 'second'), false)
  t.equal(await commands.replace('v', 'first', 'second'), true)
  t.equal(await redis.get('v'), 'second')
  t.equal(await redis.ttl('v'), -1)
})
