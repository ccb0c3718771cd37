import t from 'tap'
import { isoTime } from '../src/iso-time.js'

t.test('is the time as Date writes it', async (t) => {
  const now = Date.UTC(2026, 10, 29, 20, 59, 59, 999)
  const times = [0, 1, 99, 100, 999, 1000, -1, -1000, -1001, now, now + 1, now - 1, now + 60_000, 8_640_000_000_000_000]
  for (const at of [...times, ...times.toReversed()]) t.equal(isoTime(at), new Date(at).toISOString(), `${at}`)
})

t.test('a time outside of the calendar is refused, and the next one is right', async (t) => {
  t.throws(() => isoTime(9e15), RangeError)
  t.throws(() => isoTime(Number.NaN), RangeError)
  t.equal(isoTime(5), '1970-01-01T00:00:00.005Z')
})
