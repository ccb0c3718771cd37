import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { createDueQueue } from '../../../src/store/memory/due-queue.js'
import { createTable, NOWHERE, type Slot } from '../../../src/store/memory/table.js'
import fc from '../../fixtures/property.js'

function queueOf(count: number) {
  const table = createTable()
  const slots = Array.from({ length: count }, () => table.take())
  return { queue: createDueQueue(table), slots }
}

t.test('an empty queue has nothing to give, whatever the time', async (t) => {
  const { queue, slots } = queueOf(1)
  t.equal(queue.next(), FOREVER)
  for (const now of [0, FOREVER, Number.POSITIVE_INFINITY]) t.equal(queue.take(now), NOWHERE)
  queue.remove(slots[0]!)
  t.equal(queue.next(), FOREVER)
})

t.test('the earliest is taken first, at its time and once', async (t) => {
  const { queue, slots } = queueOf(3)
  const [a, b, c] = slots
  queue.set(a!, 30)
  queue.set(b!, 10)
  queue.set(c!, 20)
  t.equal(queue.next(), 10)
  t.equal(queue.take(9), NOWHERE)
  t.equal(queue.take(10), b)
  t.equal(queue.take(100), c)
  t.equal(queue.take(100), a)
  t.equal(queue.take(100), NOWHERE)
})

t.test('a time may move later, sooner, away, and to the beginning of time', async (t) => {
  const { queue, slots } = queueOf(2)
  const [a, b] = slots
  queue.set(a!, 10)
  queue.set(b!, 20)
  queue.set(a!, 30)
  t.equal(queue.next(), 20)
  queue.set(b!, 40)
  queue.set(b!, 35)
  t.equal(queue.next(), 30)
  queue.set(a!, FOREVER)
  t.equal(queue.next(), 35)
  queue.set(a!, 0)
  t.equal(queue.next(), 0)
  t.equal(queue.take(0), a)
  queue.remove(b!)
  t.equal(queue.take(100), NOWHERE)
  queue.set(b!, 50)
  t.equal(queue.take(50), b)
})

t.test('a hundred thousand come in the order of their times', async (t) => {
  const { queue, slots: all } = queueOf(100_000)
  for (const [i, slot] of all.entries()) queue.set(slot, (i * 7919) % 100_003)
  // Every second one moves, half of them away.
  for (let i = 0; i < all.length; i += 2) queue.set(all[i]!, i % 4 === 0 ? FOREVER : (i * 31) % 100_003)
  let last = -1
  let count = 0
  for (let at = queue.next(); at < FOREVER; at = queue.next()) {
    if (queue.take(at - 1) !== NOWHERE || queue.take(at) === NOWHERE || at < last) t.fail(`${at} after ${last}`)
    last = at
    count += 1
  }
  t.equal(count, 75_000)
})

t.test('the queue agrees with a plain list of times', async (t) => {
  const time = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(FOREVER))
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ is: fc.constant('set' as const), who: fc.nat(14), at: time }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('remove' as const), who: fc.nat(14), at: time }) },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('take' as const), who: fc.constant(0), at: time }) },
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.boolean(), (steps, looks) => {
        const { queue, slots: all } = queueOf(15)
        const times = new Map<Slot, number>()
        const earliest = (): number => Math.min(FOREVER, ...times.values())
        for (const { is, who, at } of steps) {
          const slot = all[who]!
          if (is === 'set') queue.set(slot, at)
          if (is === 'remove') queue.remove(slot)
          if (is === 'take') {
            const taken = queue.take(at)
            if (
              taken === NOWHERE
                ? earliest() <= at && times.size > 0
                : times.get(taken) !== earliest() || earliest() > at
            ) {
              return false
            }
            if (taken !== NOWHERE) times.delete(taken)
          } else if (is === 'set' && at < FOREVER) times.set(slot, at)
          else times.delete(slot)
          const due = [...times.values()].filter((time) => time <= at).length
          const depth = queue.depth(at)
          if (depth.due !== due || depth.later !== times.size - due) return false
          // Looking brings the queue in order: it must be right without it too.
          if (looks && queue.next() !== earliest()) return false
        }
        return queue.next() === earliest()
      }),
      { numRuns: 500 },
    ),
  )
})
