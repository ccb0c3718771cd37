import t from 'tap'
import { createServerClock } from '../../../src/store/redis/clock.js'
import fc from '../../fixtures/property.js'

const START = 1_000_000

/** A process whose clock is off by so much, and a server whose answers take their time. */
function clocks(offBy: number) {
  let time = START
  const own = () => Math.floor(time) + offBy
  const clock = createServerClock(own)
  return {
    clock,
    pass: (ms: number) => {
      time += ms
    },
    ask(thereMs: number, backMs: number): void {
      const askedAt = own()
      time += thereMs
      const server = Math.floor(time)
      time += backMs
      clock.heard(server, askedAt)
    },
    server: () => Math.floor(time),
    setOwn(changeMs: number) {
      offBy += changeMs
    },
  }
}

t.test('before the first answer of the server the process uses its own clock', async (t) => {
  const { clock } = clocks(0)
  t.equal(clock.now(), START)
})

t.test('a clock that is minutes off shows the server’s time', async (t) => {
  for (const offBy of [0, -300_000, 300_000]) {
    const { clock, ask, server, pass } = clocks(offBy)
    ask(1, 1)
    t.equal(clock.now(), server())
    pass(12_345)
    t.equal(clock.now(), server())
  }
})

t.test('an answer that took long spoils nothing', async (t) => {
  const { clock, ask, server } = clocks(5000)
  ask(1, 1)
  for (const [there, back] of [
    [0, 1000],
    [1000, 0],
    [400, 600],
  ] as const) {
    ask(there, back)
    t.equal(clock.now(), server())
  }
})

t.test('the first answer is believed even if it took long, and the next ones correct it', async (t) => {
  const { clock, ask, server } = clocks(0)
  ask(0, 1000)
  t.equal(clock.now(), server() - 500)
  ask(0, 1)
  t.ok(Math.abs(clock.now() - server()) <= 1)
})

t.test('a process whose clock is set anew follows with the next answer', async (t) => {
  const { clock, ask, server, setOwn } = clocks(0)
  ask(0, 1)
  for (const change of [3_600_000, -7_200_000, 5]) {
    setOwn(change)
    ask(0, 1)
    t.ok(Math.abs(clock.now() - server()) <= 1)
  }
})

t.test('a clock that is set back while the server answers brings no nonsense', async (t) => {
  let own = 10_000
  const clock = createServerClock(() => own)
  clock.heard(10_000, 10_000)
  own = 4000
  clock.heard(10_001, 10_000)
  t.equal(clock.now(), 10_001)
})

t.test(
  'no time is told that lies before the one that was just heard, and none further ahead than can be',
  async (t) => {
    const delays = fc.array(fc.tuple(fc.nat(300), fc.nat(300), fc.nat(5000)), { minLength: 1, maxLength: 20 })
    t.doesNotThrow(() =>
      fc.assert(
        fc.property(fc.integer({ min: -1e6, max: 1e6 }), delays, (offBy, answers) => {
          const { clock, ask, server, pass } = clocks(offBy)
          let least = Number.POSITIVE_INFINITY
          for (const [there, back, rest] of answers) {
            ask(there, back)
            least = Math.min(least, there + back)
            if (clock.now() < server() - back || Math.abs(clock.now() - server()) > least + 1) return false
            pass(rest)
          }
          return true
        }),
      ),
    )
  },
)
