import t from 'tap'
import { SEND_WINDOW_MS } from '../../../src/engine/ports.js'
import { createChannels } from '../../../src/store/in-process/channels.js'
import { START } from '../../fixtures/conversation.js'
import fc from '../../fixtures/property.js'

function opened() {
  let time = START
  const channels = createChannels(() => time)
  return {
    ...channels,
    wait(ms: number) {
      time += ms
    },
    /** So many places in a row, from the beginning of the test on. */
    take: (count: number, perSecond: number, earliest = 0) =>
      Array.from({ length: count }, () => channels.takeSlot('1', perSecond, earliest) - START),
  }
}

const NOTHING = { lastInboundAt: 0, lastEchoAt: 0, lastSentAt: 0, lastProbedAt: 0, trouble: null }

t.test('an unknown channel has no facts', async (t) => {
  t.strictSame(opened().channelFacts('1'), NOTHING)
})

t.test('each kind of news is remembered by itself, and the last one counts', async (t) => {
  const { noteChannel, channelFacts } = opened()
  noteChannel('1', 'inbound', 1)
  noteChannel('1', 'echo', 2)
  noteChannel('1', 'sent', 3)
  noteChannel('1', 'inbound', 4)
  noteChannel('2', 'sent', 5)
  noteChannel('2', 'probed', 6)
  t.strictSame(channelFacts('1'), { ...NOTHING, lastInboundAt: 4, lastEchoAt: 2, lastSentAt: 3 })
  t.strictSame(channelFacts('2'), { ...NOTHING, lastSentAt: 5, lastProbedAt: 6 })
})

t.test('a channel’s trouble stays until it ends', async (t) => {
  const { noteChannel, noteTrouble, channelFacts } = opened()
  const trouble = { at: START, code: '190' }
  noteTrouble('1', trouble)
  noteChannel('1', 'inbound', 1)
  t.strictSame(channelFacts('1'), { ...NOTHING, lastInboundAt: 1, trouble })
  t.strictSame(channelFacts('2'), NOTHING)
  noteTrouble('1', null)
  t.strictSame(channelFacts('1'), { ...NOTHING, lastInboundAt: 1 })
})

t.test('the first places of a window are free at once, the others in the next windows', async (t) => {
  const { take } = opened()
  t.strictSame(take(7, 3), [0, 0, 0, ...Array<number>(3).fill(SEND_WINDOW_MS), 2 * SEND_WINDOW_MS])
})

t.test('a window moves along with its places: it is no second by the clock', async (t) => {
  const { take, wait } = opened()
  t.strictSame(take(1, 2), [0])
  wait(SEND_WINDOW_MS - 1)
  t.strictSame(take(3, 2), [SEND_WINDOW_MS - 1, SEND_WINDOW_MS, 2 * SEND_WINDOW_MS - 1])
})

t.test('unused slots of a rate do not accumulate', async (t) => {
  const { take, wait } = opened()
  take(1, 2)
  const pause = 100 * SEND_WINDOW_MS
  wait(pause)
  t.strictSame(take(3, 2), [pause, pause, pause + SEND_WINDOW_MS])
})

t.test('a slot taken for a later time delays those that follow', async (t) => {
  const { take, takeSlot } = opened()
  t.strictSame(take(1, 3, START + 5_000), [5_000])
  t.strictSame(take(3, 3), [5_000, 5_000, 5_000 + SEND_WINDOW_MS])
  t.equal(takeSlot('2', 3, 0), START, 'but no other channel')
})

t.test('a rate that changes holds from its first place on', async (t) => {
  const { take } = opened()
  const [one, two, three] = [1, 2, 3].map((windows) => windows * SEND_WINDOW_MS)
  t.strictSame(take(5, 5), [0, 0, 0, 0, 0])
  t.strictSame(take(4, 2), [one, one, two, two])
  t.strictSame(take(6, 4), [two, two, three, three, three, three])
})

t.test('a clock that is set back gives no place twice', async (t) => {
  const { take, wait } = opened()
  take(2, 2)
  wait(-60_000)
  t.strictSame(take(2, 2), [SEND_WINDOW_MS, SEND_WINDOW_MS])
})

t.test('no window holds too many slots, whoever asks when', async (t) => {
  const asks = fc.array(
    fc.record({ waitMs: fc.oneof(fc.constant(0), fc.nat(3_000)), laterMs: fc.oneof(fc.constant(0), fc.nat(9_000)) }),
    { maxLength: 60, size: 'max' },
  )
  const holds = fc.property(fc.integer({ min: 1, max: 5 }), asks, (rate, asked) => {
    let time = START
    const { takeSlot } = createChannels(() => time)
    const slots = asked.map(({ waitMs, laterMs }) => {
      time += waitMs
      const slot = takeSlot('1', rate, time + laterMs)
      return { slot, isInTime: slot >= time + laterMs }
    })
    return slots.every(({ slot, isInTime }, i) => {
      const isAfter = i === 0 || slot >= slots[i - 1]!.slot
      const isFarEnough = i < rate || slot - slots[i - rate]!.slot >= SEND_WINDOW_MS
      return isInTime && isAfter && isFarEnough
    })
  })
  t.doesNotThrow(() => fc.assert(holds, { numRuns: 300 }))
})
