import t from 'tap'
import { conversationIdOf } from '../../../src/conversation/ids.js'
import { byPlace, createPlaces, pairs } from '../../../src/store/redis/places.js'
import fc from '../../fixtures/property.js'

const place = (at: number, user: string) => ({ at, id: conversationIdOf('1', user) })

t.test('a later commit has the higher place, even within a millisecond or after the clock was set back', async (t) => {
  let now = 1_000_000
  const next = createPlaces(() => now)
  const places: number[] = []
  for (const step of [0, 0, 0, 1, 0, -5000, 0, 3, 100_000, 0]) {
    now += step
    places.push(next())
  }
  t.same(
    places,
    places.toSorted((a, b) => a - b),
  )
  t.equal(new Set(places).size, places.length)
  t.equal(places[3], 1_000_001_000, 'a new millisecond begins anew')
})

t.test('a place is a number that Redis and JSON keep as it is', async (t) => {
  const next = createPlaces(() => Date.UTC(2250, 0, 1))
  t.ok(Number.isSafeInteger(next()))
  t.match(String(next()), /^\d{16}$/)
})

t.test('alternating members and scores are parsed', async (t) => {
  t.same(pairs([]), [])
  t.same(pairs(['1-2', '1700000000000001', '1-3', '5']), [place(1_700_000_000_000_001, '2'), place(5, '3')])
})

t.test('the order is that of Redis: by place, then by the bytes of the id, both downwards', async (t) => {
  const some = [place(1, '9'), place(2, '1'), place(1, '10'), place(2, '2'), place(1, '1')]
  t.same(some.toSorted(byPlace), [place(2, '2'), place(2, '1'), place(1, '9'), place(1, '10'), place(1, '1')])
  t.equal(byPlace(place(1, '1'), place(1, '1')), 0)
})

t.test('comparing places is a total order', async (t) => {
  const any = fc.record({ at: fc.nat(3), id: fc.nat(30).map((user) => conversationIdOf('1', `${user}`)) })
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        const isTotal = Math.sign(byPlace(a, b)) === -Math.sign(byPlace(b, a))
        return isTotal && (byPlace(a, b) > 0 || byPlace(b, c) > 0 || byPlace(a, c) <= 0)
      }),
    ),
  )
})
