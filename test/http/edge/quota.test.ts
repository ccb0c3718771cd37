import t from 'tap'
import type { SharedCounters } from '../../../src/engine/ports.js'
import { createQuota } from '../../../src/http/edge/quota.js'

let now = 1_000_000
const clock = () => now

/** A counter that all replicas share, and what was asked of it. */
function counters() {
  const sums = new Map<string, { sum: number; endsAt: number }>()
  const asked: [string, number][] = []
  const shared: SharedCounters = {
    async add(key, many, windowMs) {
      asked.push([key, many])
      const known = sums.get(key)
      const counter = known !== undefined && now < known.endsAt ? known : { sum: 0, endsAt: now + windowMs }
      counter.sum += many
      sums.set(key, counter)
      return { sum: counter.sum, leftMs: counter.endsAt - now }
    },
  }
  return { shared, asked }
}

const quota = (most: number, shared: SharedCounters | null, unshared = 0) =>
  createQuota({ most, shared, unshared, nameOf: (key) => `of:${key}`, now: clock })

async function allowed(take: (key: string) => unknown, key: string, tries: number): Promise<number> {
  let count = 0
  for (let i = 0; i < tries; i++) if ((await take(key)) === 0) count += 1
  return count
}

t.test('alone a process counts each key for itself, from its first for a minute, and answers at once', async (t) => {
  const take = quota(2, null)
  t.same([take('a'), take('a')], [0, 0])
  now += 20_000
  t.equal(take('a'), 40_000)
  t.equal(take('b'), 0)
  now += 39_999
  t.equal(take('a'), 1)
  now += 1
  t.equal(take('a'), 0)
})

t.test('keys are forgotten when their minute is over, or when there are too many', async (t) => {
  const take = quota(1, null)
  t.equal(take('a'), 0)
  for (let i = 0; i < 50_000; i++) take(`flood ${i}`)
  t.equal(take('a'), 60_000, 'those of the older half are still counted')
  for (let i = 0; i < 50_000; i++) take(`more ${i}`)
  t.equal(take('a'), 0)
  now += 60_000
  t.equal(take('b'), 0)
  now += 30_000
  t.equal(take('c'), 0)
  now += 31_000
  t.equal(take('d'), 0)
  t.equal(take('c'), 29_000)
})

t.test('replicas share a quota to the last one, each with a hundredth of it at a time', async (t) => {
  const { shared, asked } = counters()
  const [one, other] = [quota(1_000, shared), quota(1_000, shared)]
  t.equal(await allowed(one, 'a', 995), 995)
  t.equal(asked.length, 100)
  t.equal(await allowed(other, 'a', 20), 0, 'what the other one has taken is taken')
  t.equal(asked.length, 101, 'once refused, nobody asks again within the minute')
  t.equal(await allowed(one, 'a', 20), 5)
  t.same(asked[0], ['of:a', 10])
  now += 60_000
  t.equal(await allowed(other, 'a', 1), 1)
})

t.test('small quotas are shared one by one, by requests of one moment too', async (t) => {
  const { shared, asked } = counters()
  const [one, other] = [quota(5, shared), quota(5, shared)]
  const answers = await Promise.all([one('a'), other('a'), one('a'), other('a'), one('a'), other('a'), one('a')])
  t.equal(answers.filter((ms) => ms === 0).length, 5)
  t.equal(answers.filter((ms) => ms === 60_000).length, 2)
  t.ok(asked.every(([, many]) => many === 1))
})

t.test('what a process allows by itself is told with its first question', async (t) => {
  const { shared, asked } = counters()
  const [one, other] = [quota(60, shared, 9), quota(60, shared, 9)]
  t.equal(await allowed(one, 'a', 9), 9)
  t.same(asked, [])
  now += 10_000
  t.equal(await allowed(one, 'a', 21), 21)
  t.same(asked[0], ['of:a', 10])
  t.equal(await allowed(other, 'a', 40), 30, 'both have asked, so that together they keep to it')
  t.equal(await one('a'), 50_000, 'the minute is that of the first')
  now += 50_000
  t.equal(await allowed(one, 'a', 61), 60)
})

t.test('a quota smaller than what is allowed unshared is kept', async (t) => {
  t.equal(await allowed(quota(3, counters().shared, 9), 'a', 5), 3)
})

t.test('while the shared counter is out of reach nobody is refused', async (t) => {
  const { shared } = counters()
  let isAway = true
  const flaky: SharedCounters = {
    add: async (...asked) => (isAway ? Promise.reject(new Error('away')) : shared.add(...asked)),
  }
  const take = quota(3, flaky)
  t.equal(await allowed(take, 'a', 5), 5)
  isAway = false
  t.equal(await allowed(take, 'a', 1), 1, 'the rest of what it allowed itself')
  t.equal(await allowed(take, 'a', 5), 3)
})

t.test('requests of one moment wait for one failure of the shared counter, not each for those before it', async (t) => {
  let asked = 0
  const slow: SharedCounters = {
    async add() {
      asked += 1
      await new Promise((resolve) => setImmediate(resolve))
      throw new Error('timed out')
    },
  }
  const take = quota(60, slow)
  t.same(new Set(await Promise.all(Array.from({ length: 60 }, () => take('a')))), new Set([0]))
  t.equal(asked, 1)
})
