import t from 'tap'
import { type ActivityOrder, createActivityOrder, type Hand } from '../../../src/store/memory/activity.js'
import { createTable, NEWER, NOWHERE, OLDER, type Slot, type Table } from '../../../src/store/memory/table.js'
import fc from '../../fixtures/property.js'

interface Ordered {
  readonly table: Table
  readonly order: ActivityOrder
  readonly slots: readonly Slot[]
}

function ordered(count: number): Ordered {
  const table = createTable()
  return { table, order: createActivityOrder(table), slots: Array.from({ length: count }, () => table.take()) }
}

/** Newest first, and the same the other way round. */
function listed({ table, order }: Ordered): readonly Slot[] | null {
  const there: Slot[] = []
  const back: Slot[] = []
  for (let slot = order.newest(); slot !== NOWHERE; slot = table.get(slot, OLDER)) there.push(slot)
  for (let slot = there.at(-1) ?? NOWHERE; slot !== NOWHERE; slot = table.get(slot, NEWER)) back.push(slot)
  const activities = there.map(table.activity)
  const isDescending = activities.every((activity, i) => i === 0 || activity < activities[i - 1]!)
  const isSame = back.length === there.length && back.toReversed().every((entry, i) => entry === there[i])
  return isDescending && isSame ? there : null
}

t.test('the newest is first', async (t) => {
  const all = ordered(3)
  const { order } = all
  t.equal(order.newest(), NOWHERE)
  const [a, b, c] = all.slots
  for (const slot of [a!, b!, c!, b!, b!]) order.toFront(slot)
  t.strictSame(listed(all), [b, c, a])
  order.remove(b!)
  t.strictSame(listed(all), [c, a])
  order.remove(a!)
  order.remove(c!)
  t.equal(order.newest(), NOWHERE)
  order.toFront(a!)
  t.strictSame(listed(all), [a])
})

t.test('a hand goes from the oldest to the newest and begins anew', async (t) => {
  const { order, slots } = ordered(3)
  const hand = order.createHand()
  t.equal(hand.next(), NOWHERE)
  const [a, b, c] = slots
  for (const slot of [a!, b!, c!]) order.toFront(slot)
  for (const expected of [a, b, c, NOWHERE, a, b]) t.equal(hand.next(), expected)
  hand.rewind()
  for (const expected of [a, b, c, NOWHERE]) t.equal(hand.next(), expected)
})

t.test('a hand keeps its place when what it would have come to moves or goes', async (t) => {
  const { order, slots } = ordered(4)
  const hand = order.createHand()
  const other = order.createHand()
  const [a, b, c, d] = slots
  for (const slot of [a!, b!, c!, d!]) order.toFront(slot)
  t.equal(hand.next(), a)
  order.toFront(b!)
  t.equal(hand.next(), c)
  order.remove(d!)
  order.toFront(a!)
  t.equal(hand.next(), b)
  t.equal(hand.next(), a)
  t.equal(hand.next(), NOWHERE)
  t.equal(other.next(), c, 'each hand has a place of its own')
})

t.test('a hand at the end does not come to what is put in front behind its back', async (t) => {
  const { order, slots } = ordered(2)
  const hand = order.createHand()
  const [a, b] = slots
  order.toFront(a!)
  t.equal(hand.next(), a)
  order.toFront(b!)
  t.equal(hand.next(), NOWHERE)
  t.equal(hand.next(), a)
  t.equal(hand.next(), b)
})

t.test('the order agrees with a plain list', async (t) => {
  const step = fc.record({ is: fc.constantFrom('front', 'front', 'remove', 'next', 'rewind'), who: fc.nat(9) } as const)
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const all = ordered(10)
        const { order } = all
        let list: Slot[] = []
        const hands: readonly Hand[] = [order.createHand(), order.createHand()]
        /** What each hand comes to next, undefined before the beginning. */
        const places: (Slot | undefined)[] = [undefined, undefined]
        const newerThan = (slot: Slot): Slot => list[list.indexOf(slot) - 1] ?? NOWHERE
        const leave = (slot: Slot): void => {
          for (const i of [0, 1]) if (places[i] === slot) places[i] = newerThan(slot)
          list = list.filter((each) => each !== slot)
        }
        for (const { is, who } of steps) {
          const slot = all.slots[who]!
          const i = who % 2
          if (is === 'front') {
            if (list[0] !== slot) {
              leave(slot)
              list.unshift(slot)
            }
            order.toFront(slot)
          } else if (is === 'remove') {
            leave(slot)
            order.remove(slot)
          } else if (is === 'rewind') {
            places[i] = undefined
            hands[i]!.rewind()
          } else {
            const place = places[i]
            const expected = place === undefined ? (list.at(-1) ?? NOWHERE) : place
            if (hands[i]!.next() !== expected) return false
            places[i] = expected === NOWHERE ? undefined : newerThan(expected)
          }
          const now = listed(all)
          if (now === null || now.length !== list.length || now.some((each, at) => each !== list[at])) return false
        }
        return true
      }),
      { numRuns: 300 },
    ),
  )
})
