import t from 'tap'
import { type ActivityOrder, createActivityOrder, type Hand } from '../../../src/store/memory/activity.js'
import { createEntry, type Entry } from '../../../src/store/memory/entry.js'
import { conversation } from '../../fixtures/conversation.js'
import fc from '../../fixtures/property.js'

function entries(count: number): readonly Entry[] {
  return Array.from({ length: count }, () => createEntry(conversation()))
}

/** Newest first, and the same the other way round. */
function listed(order: ActivityOrder): readonly Entry[] | null {
  const there: Entry[] = []
  const back: Entry[] = []
  let last: Entry | null = null
  for (let entry = order.newest(); entry !== null; entry = entry.older) {
    there.push(entry)
    last = entry
  }
  for (let entry = last; entry !== null; entry = entry.newer) back.push(entry)
  const activities = there.map(({ activity }) => activity)
  const isDescending = activities.every((activity, i) => i === 0 || activity < activities[i - 1]!)
  const isSame = back.length === there.length && back.toReversed().every((entry, i) => entry === there[i])
  return isDescending && isSame ? there : null
}

t.test('the newest is first', async (t) => {
  const order = createActivityOrder()
  t.equal(order.newest(), null)
  const [a, b, c] = entries(3)
  for (const entry of [a!, b!, c!, b!, b!]) order.toFront(entry)
  t.strictSame(listed(order), [b, c, a])
  order.remove(b!)
  t.strictSame(listed(order), [c, a])
  order.remove(a!)
  order.remove(c!)
  t.equal(order.newest(), null)
  order.toFront(a!)
  t.strictSame(listed(order), [a])
})

t.test('a hand goes from the oldest to the newest and begins anew', async (t) => {
  const order = createActivityOrder()
  const hand = order.createHand()
  t.equal(hand.next(), null)
  const [a, b, c] = entries(3)
  for (const entry of [a!, b!, c!]) order.toFront(entry)
  for (const expected of [a, b, c, null, a, b]) t.equal(hand.next(), expected)
  hand.rewind()
  for (const expected of [a, b, c, null]) t.equal(hand.next(), expected)
})

t.test('a hand keeps its place when what it would have come to moves or goes', async (t) => {
  const order = createActivityOrder()
  const hand = order.createHand()
  const other = order.createHand()
  const [a, b, c, d] = entries(4)
  for (const entry of [a!, b!, c!, d!]) order.toFront(entry)
  t.equal(hand.next(), a)
  order.toFront(b!)
  t.equal(hand.next(), c)
  order.remove(d!)
  order.toFront(a!)
  t.equal(hand.next(), b)
  t.equal(hand.next(), a)
  t.equal(hand.next(), null)
  t.equal(other.next(), c, 'each hand has a place of its own')
})

t.test('a hand at the end does not come to what is put in front behind its back', async (t) => {
  const order = createActivityOrder()
  const hand = order.createHand()
  const [a, b] = entries(2)
  order.toFront(a!)
  t.equal(hand.next(), a)
  order.toFront(b!)
  t.equal(hand.next(), null)
  t.equal(hand.next(), a)
  t.equal(hand.next(), b)
})

t.test('the order agrees with a plain list', async (t) => {
  const step = fc.record({ is: fc.constantFrom('front', 'front', 'remove', 'next', 'rewind'), who: fc.nat(9) } as const)
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const order = createActivityOrder()
        const all = entries(10)
        let list: Entry[] = []
        const hands: readonly Hand[] = [order.createHand(), order.createHand()]
        /** The entry that each hand comes to next, null at the end, undefined before the beginning. */
        const places: (Entry | null | undefined)[] = [undefined, undefined]
        const newerThan = (entry: Entry): Entry | null => list[list.indexOf(entry) - 1] ?? null
        const leave = (entry: Entry): void => {
          for (const i of [0, 1]) if (places[i] === entry) places[i] = newerThan(entry)
          list = list.filter((each) => each !== entry)
        }
        for (const { is, who } of steps) {
          const entry = all[who]!
          const i = who % 2
          if (is === 'front') {
            if (list[0] !== entry) {
              leave(entry)
              list.unshift(entry)
            }
            order.toFront(entry)
          } else if (is === 'remove') {
            leave(entry)
            order.remove(entry)
          } else if (is === 'rewind') {
            places[i] = undefined
            hands[i]!.rewind()
          } else {
            const place = places[i]
            const expected = place === undefined ? (list.at(-1) ?? null) : place
            if (hands[i]!.next() !== expected) return false
            places[i] = expected === null ? undefined : newerThan(expected)
          }
          const now = listed(order)
          if (now === null || now.length !== list.length || now.some((each, at) => each !== list[at])) return false
        }
        return true
      }),
      { numRuns: 300 },
    ),
  )
})
