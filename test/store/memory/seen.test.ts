import t from 'tap'
import { BOTH, createSeenTable, HANDLED, OURS, type SeenTable } from '../../../src/store/memory/seen.js'
import fc from '../../fixtures/property.js'

const LIFE = 1000
let time = 0

function table(changes: { readonly capacity?: number; readonly seed?: number } = {}): SeenTable {
  time = 0
  return createSeenTable({ now: () => time, lifeMs: LIFE, capacity: 1e6, seed: 42, ...changes })
}

t.test('an id is known from when it was added, by what was said of it', async (t) => {
  const seen = table()
  t.equal(seen.look('1-2', 'a'), 0)
  seen.add('1-2', 'a', HANDLED)
  seen.add('1-2', 'b', OURS)
  t.equal(seen.look('1-2', 'a'), HANDLED)
  t.equal(seen.look('1-2', 'b'), OURS)
  t.equal(seen.look('1-2', 'c'), 0)
  t.equal(seen.size(), 2)
})

t.test('an id may be handled and ours, in any order, and repeatedly', async (t) => {
  for (const tags of [
    [HANDLED, OURS],
    [OURS, HANDLED],
    [HANDLED, HANDLED, OURS, OURS, HANDLED],
  ] as const) {
    const seen = table()
    for (const tag of tags) seen.add('1-2', 'a', tag)
    t.equal(seen.look('1-2', 'a'), BOTH)
    t.equal(seen.size(), 1)
  }
})

t.test('conversation and key are kept apart, however they are spelled', async (t) => {
  const seen = table()
  const pairs = [
    ['1-2', '3'],
    ['1-23', ''],
    ['1-', '23'],
    ['', '1-23'],
    ['1-2', '3 '],
    ['1-2', 'ⴓ'],
    ['1-2', '\u0000'],
  ] as const
  for (const [i, [conversation, key]] of pairs.entries()) {
    t.equal(seen.look(conversation, key), 0)
    seen.add(conversation, key, i % 2 === 0 ? HANDLED : OURS)
  }
  for (const [i, [conversation, key]] of pairs.entries()) {
    t.equal(seen.look(conversation, key), i % 2 === 0 ? HANDLED : OURS)
  }
})

t.test('an id is remembered for its whole life, whenever in it it was added, and not for ever', async (t) => {
  for (const addedAt of [0, 1, 500, 999, 1000, 1001, 1999]) {
    const seen = table()
    for (time = 0; time < addedAt; time += 100) seen.sweep()
    time = addedAt
    seen.sweep()
    seen.add('1-2', 'a', HANDLED)
    for (; time < addedAt + LIFE; time += 100) {
      seen.sweep()
      t.equal(seen.look('1-2', 'a'), HANDLED, `${addedAt}, at ${time}`)
    }
    for (; time <= addedAt + 2 * LIFE; time += 100) seen.sweep()
    t.equal(seen.look('1-2', 'a'), 0, `${addedAt}, in the end`)
    t.equal(seen.size(), 0)
  }
})

t.test('a later mark of an id keeps the earlier one, and does not prolong it', async (t) => {
  const seen = table()
  seen.add('1-2', 'a', HANDLED)
  time = LIFE
  seen.sweep()
  seen.add('1-2', 'a', OURS)
  t.equal(seen.look('1-2', 'a'), BOTH)
  time = 2 * LIFE
  seen.sweep()
  t.equal(seen.look('1-2', 'a'), OURS)
})

t.test('no id is forgotten when the clock is set back', async (t) => {
  const seen = table()
  time = 10 * LIFE
  seen.add('1-2', 'a', HANDLED)
  time = -10 * LIFE
  seen.sweep()
  seen.add('1-2', 'b', HANDLED)
  t.equal(seen.look('1-2', 'a'), HANDLED)
  t.equal(seen.look('1-2', 'b'), HANDLED)
})

t.test('above the capacity the oldest ids are dropped, and at least that many of the newest stay', async (t) => {
  const capacity = 1000
  const seen = table({ capacity })
  for (let i = 0; i < 10 * capacity; i++) {
    seen.add('1-2', `${i}`, HANDLED)
    if (i % 397 !== 0) continue
    for (let j = Math.max(0, i - capacity + 1); j <= i; j++) {
      if (seen.look('1-2', `${j}`) !== HANDLED) t.fail(`${j} is gone at ${i}`)
    }
  }
  t.ok(seen.size() <= 2 * capacity)
  t.equal(seen.look('1-2', '0'), 0)
})

t.test('all of 200,000 added ids are found, and no other', async (t) => {
  const seen = table()
  const conversationOf = (i: number): string => `17841400000000001-${1_000_000_000 + (i % 5000) * 7919}`
  const keyOf = (i: number): string => `aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQxNDAwMDAwMDAwMDAx${i}`
  for (let i = 0; i < 200_000; i++) seen.add(conversationOf(i), keyOf(i), i % 3 === 0 ? OURS : HANDLED)
  t.equal(seen.size(), 200_000)
  let wrong = 0
  for (let i = 0; i < 200_000; i++) {
    if (seen.look(conversationOf(i), keyOf(i)) !== (i % 3 === 0 ? OURS : HANDLED)) wrong += 1
    if (seen.look(conversationOf(i + 1), keyOf(i)) !== 0) wrong += 1
    if (seen.look(conversationOf(i), keyOf(i + 200_000)) !== 0) wrong += 1
  }
  t.equal(wrong, 0)
})

t.test('the table agrees with a plain record of ids and times', async (t) => {
  const step = fc.record({
    key: fc.integer({ min: 0, max: 30 }),
    tag: fc.constantFrom(HANDLED, OURS),
    wait: fc.constantFrom(0, 0, 1, 300, LIFE - 1, LIFE),
  })
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer(), (steps, seed) => {
        const seen = table({ seed })
        const said: { readonly key: number; readonly tag: number; readonly at: number }[] = []
        for (const { key, tag, wait } of steps) {
          time += wait
          seen.sweep()
          seen.add('1-2', `${key}`, tag)
          said.push({ key, tag, at: time })
          for (let each = 0; each <= 30; each++) {
            const tags = seen.look('1-2', `${each}`)
            const of = said.filter((one) => one.key === each)
            const must = of.filter((one) => time - one.at < LIFE).reduce((all, one) => all | one.tag, 0)
            const may = of.reduce((all, one) => all | one.tag, 0)
            if ((tags & must) !== must || (tags & ~may) !== 0) return false
          }
        }
        return true
      }),
      { numRuns: 50 },
    ),
  )
})
