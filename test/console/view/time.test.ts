import t from 'tap'
import { ago, counted, createCalendar, spanInWords, timeLeft, untilTomorrow } from '../../../src/console/view/time.js'

const HOUR = 3_600_000

t.test('a clock runs down', async (t) => {
  for (const [ms, shown] of [
    [0, '0:00'],
    [-5, '0:00'],
    [900, '0:01'],
    [61_000, '1:01'],
    [6 * HOUR, '6:00:00'],
    [6 * HOUR - 1000, '5:59:59'],
    [24 * HOUR, '1 d 0 h'],
    [76 * HOUR, '3 d 4 h'],
  ] as const) {
    t.equal(timeLeft(ms), shown)
  }
})

t.test('durations are formatted in words', async (t) => {
  for (const [seconds, words] of [
    [86_400, '1 day'],
    [21_600, '6 hours'],
    [5400, '90 minutes'],
    [45, '45 seconds'],
    [5401, '1.5 hours'],
    [1, '1 second'],
  ] as const) {
    t.equal(spanInWords(seconds), words)
  }
  t.equal(counted(2, 'part'), '2 parts')
  t.same(
    [1, 2].map((count) => counted(count, 'try', 'tries')),
    ['1 try', '2 tries'],
  )
  t.same([ago(5), ago(60_000), ago(2 * HOUR), ago(49 * HOUR)], ['just now', '1 min ago', '2 h ago', '2 days ago'])
})

t.test('days and times are in the reader’s locale', async (t) => {
  const { clock, day, brief, whole, isSameDay } = createCalendar({ language: 'en-GB', timeZone: 'Asia/Tehran' })
  const now = Date.parse('2026-03-10T12:00:00Z')
  t.equal(clock(now), '15:30')
  t.equal(day(now, now), 'Today')
  t.equal(day(now - 16 * HOUR, now), 'Yesterday')
  t.equal(day(now - 48 * HOUR, now), 'Sunday 8 March')
  t.equal(brief(now, now), '15:30')
  t.equal(brief(now - 16 * HOUR, now), 'Yesterday')
  t.equal(brief(now - 48 * HOUR, now), '8 Mar')
  t.match(whole(now), /10 March 2026/)
  t.notOk(isSameDay(now, now + 9 * HOUR), 'midnight is there earlier')
  t.match(createCalendar().clock(now), /\d/)
})

t.test('the duration until tomorrow ends in the morning', async (t) => {
  t.equal(untilTomorrow(new Date(2026, 2, 10, 20, 0)), `${12 * 60}m`)
  t.equal(untilTomorrow(new Date(2026, 2, 10, 7, 59, 30)), `${24 * 60 + 1}m`)
  t.equal(untilTomorrow(new Date(2026, 11, 31, 23, 0)), `${9 * 60}m`)
})
