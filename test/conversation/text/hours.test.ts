import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import type { Hours, OpenSpan, Weekday } from '../../../src/conversation/channel.js'
import { stretchAt } from '../../../src/conversation/text/hours.js'
import { HOUR, MINUTE } from '../../fixtures/conversation.js'
import fc, { RUNS } from '../../fixtures/property.js'

const DAY = 24 * HOUR
const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** `09:00-13:00` as the settings hold it. */
function span(text: string): OpenSpan {
  const [from, to] = text.split('-').map((time) => {
    const [hour, minute] = time.split(':').map(Number)
    return hour! * 60 + minute!
  })
  return { from: from!, to: to! }
}

function hours(timezone: string, open: Partial<Record<Weekday, readonly string[]>>): Hours {
  const spans = Object.entries(open).map(([day, texts]) => [day, texts.map(span)])
  return { timezone, open: Object.fromEntries(spans), bot: 'inside', awayText: null }
}

const daily = (timezone: string, ...spans: readonly string[]): Hours =>
  hours(timezone, Object.fromEntries(WEEKDAYS.map((day) => [day, spans])))

interface Case {
  readonly what: string
  readonly hours: Hours
  readonly at: string
  readonly isOpen: boolean
  readonly since: string
}

const OFFICE: Partial<Record<Weekday, readonly string[]>> = {
  mon: ['09:00-13:00', '14:00-18:00'],
  tue: ['09:00-18:00'],
  fri: ['09:00-24:00'],
  sat: ['00:00-02:00'],
}
const BERLIN = hours('Europe/Berlin', OFFICE)

const CASES: readonly Case[] = [
  // 2026-01-05 is a Monday.
  { what: 'the first minute', hours: BERLIN, at: '2026-01-05T08:00Z', isOpen: true, since: '2026-01-05T08:00Z' },
  {
    what: 'the last moment before',
    hours: BERLIN,
    at: '2026-01-05T07:59:59.999Z',
    isOpen: false,
    since: '2026-01-03T01:00Z',
  },
  {
    what: 'the last moment of a span',
    hours: BERLIN,
    at: '2026-01-05T11:59:59.999Z',
    isOpen: true,
    since: '2026-01-05T08:00Z',
  },
  {
    what: 'the end, which is no part of it',
    hours: BERLIN,
    at: '2026-01-05T12:00Z',
    isOpen: false,
    since: '2026-01-05T12:00Z',
  },
  { what: 'a lunch break', hours: BERLIN, at: '2026-01-05T12:30Z', isOpen: false, since: '2026-01-05T12:00Z' },
  { what: 'an empty day', hours: BERLIN, at: '2026-01-08T11:00Z', isOpen: false, since: '2026-01-06T17:00Z' },
  { what: 'past midnight', hours: BERLIN, at: '2026-01-10T00:30Z', isOpen: true, since: '2026-01-09T08:00Z' },
  {
    what: 'from one week into the next',
    hours: hours('Asia/Kolkata', { sun: ['20:00-24:00'], mon: ['00:00-01:15'] }),
    at: '2026-01-04T19:00Z',
    isOpen: true,
    since: '2026-01-04T14:30Z',
  },
  {
    what: 'a single span, closed nearly all week',
    hours: hours('Asia/Kolkata', { wed: ['10:00-10:01'] }),
    at: '2026-01-07T04:29:59Z',
    isOpen: false,
    since: '2025-12-31T04:31Z',
  },
  {
    what: 'spans in any order that overlap',
    hours: hours('UTC', { mon: ['12:00-15:00', '08:00-12:30', '09:00-10:00'] }),
    at: '2026-01-05T14:00Z',
    isOpen: true,
    since: '2026-01-05T08:00Z',
  },
  {
    what: 'Tehran in summer, where the clocks have not changed since 2022',
    hours: hours('Asia/Tehran', { sat: ['09:00-13:00'] }),
    at: '2026-07-04T05:30Z',
    isOpen: true,
    since: '2026-07-04T05:30Z',
  },
  {
    what: 'Tehran in the summer of 2022, an hour ahead',
    hours: hours('Asia/Tehran', { sat: ['09:00-13:00'] }),
    at: '2022-07-02T04:30Z',
    isOpen: true,
    since: '2022-07-02T04:30Z',
  },
  {
    what: 'a stretch that began before the clocks went forward',
    hours: daily('America/New_York', '22:00-24:00', '00:00-10:00'),
    at: '2026-03-08T13:30Z',
    isOpen: true,
    since: '2026-03-08T03:00Z',
  },
  {
    what: 'the hour after a night that lost one',
    hours: daily('America/New_York', '22:00-24:00', '00:00-10:00'),
    at: '2026-03-08T14:00Z',
    isOpen: false,
    since: '2026-03-08T14:00Z',
  },
  {
    what: 'an hour that begins in the skipped one',
    hours: daily('Europe/Berlin', '02:30-04:00'),
    at: '2026-03-29T01:10Z',
    isOpen: true,
    since: '2026-03-29T01:00Z',
  },
  {
    what: 'a span within the skipped hour, which is empty that day',
    hours: daily('Europe/Berlin', '02:15-02:45'),
    at: '2026-03-29T12:00Z',
    isOpen: false,
    since: '2026-03-28T01:45Z',
  },
  {
    what: 'the second of two like hours',
    hours: daily('Europe/Berlin', '02:00-03:00'),
    at: '2026-10-25T01:30Z',
    isOpen: true,
    since: '2026-10-25T00:00Z',
  },
  {
    what: 'the return into a span that was over',
    hours: daily('Europe/Berlin', '01:00-02:30'),
    at: '2026-10-25T01:10Z',
    isOpen: true,
    since: '2026-10-25T01:00Z',
  },
  {
    what: 'a midnight that is skipped',
    hours: daily('Africa/Cairo', '00:00-12:00'),
    at: '2026-04-24T05:00Z',
    isOpen: true,
    since: '2026-04-23T22:00Z',
  },
  {
    what: 'a midnight that comes twice',
    hours: hours('Africa/Cairo', { fri: ['00:00-12:00'] }),
    at: '2026-10-30T05:00Z',
    isOpen: true,
    since: '2026-10-29T22:00Z',
  },
  {
    what: 'a midnight in São Paulo that was skipped',
    hours: daily('America/Sao_Paulo', '00:30-08:00'),
    at: '2018-11-04T05:00Z',
    isOpen: true,
    since: '2018-11-04T03:00Z',
  },
  {
    what: 'clocks that change by half an hour',
    hours: daily('Australia/Lord_Howe', '02:10-03:00'),
    at: '2026-10-03T15:50Z',
    isOpen: true,
    since: '2026-10-03T15:30Z',
  },
  {
    what: 'a day that an island left out',
    hours: hours('Pacific/Apia', { thu: ['09:00-24:00'], sat: ['00:00-03:00'] }),
    at: '2011-12-30T11:00Z',
    isOpen: true,
    since: '2011-12-29T19:00Z',
  },
  {
    what: 'a time before 1970',
    hours: hours('UTC', { wed: ['09:00-17:00'] }),
    at: '1969-12-31T10:00Z',
    isOpen: true,
    since: '1969-12-31T09:00Z',
  },
]

t.test('a moment is open or closed since the last change on the wall clock', async (t) => {
  for (const { what, hours, at, isOpen, since } of CASES) {
    t.same(stretchAt(hours, Date.parse(at)), { isOpen, since: Date.parse(since) }, what)
  }
})

t.test('a shop that never opens or never closes has one stretch for ever', async (t) => {
  for (const [shop, isOpen] of [
    [hours('Europe/Berlin', {}), false],
    [hours('Europe/Berlin', { mon: [] }), false],
    [daily('Europe/Berlin', '00:00-24:00'), true],
    [daily('Europe/Berlin', '12:00-24:00', '00:00-12:00'), true],
  ] as const) {
    for (const at of [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1), Date.UTC(1960, 0, 1)]) {
      t.same(stretchAt(shop, at), { isOpen, since: 0 })
    }
  }
})

t.test('channels with the same hours do not affect each other, and a zone may serve many', async (t) => {
  const one = daily('Asia/Kolkata', '09:00-17:00')
  const other = daily('Asia/Kolkata', '17:00-24:00')
  const noon = Date.parse('2026-01-05T06:30Z')
  t.ok(stretchAt(one, noon).isOpen)
  t.notOk(stretchAt(other, noon).isOpen)
  t.ok(stretchAt(one, noon).isOpen)
})

t.test('a cached stretch is valid to its end, also when time goes back', async (t) => {
  const shop = daily('UTC', '09:00-17:00')
  const opens = Date.parse('2026-01-05T09:00Z')
  const closes = opens + 8 * HOUR
  for (const [at, isOpen, since] of [
    [opens + HOUR, true, opens],
    [closes - 1, true, opens],
    [closes, false, closes],
    [closes - 1, true, opens],
    [opens, true, opens],
    [opens - 1, false, opens - 16 * HOUR],
    [opens, true, opens],
  ] as const) {
    t.same(stretchAt(shop, at), { isOpen, since })
  }
})

/** What somebody sees who looks at the wall and then at the door. */
function createOnlooker(shop: Hours): (at: number) => boolean {
  const wall = new Intl.DateTimeFormat('en-GB', {
    timeZone: shop.timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (at) => {
    const [, day, hour, minute] = /^(\w{3}),? (\d\d):(\d\d)$/.exec(wall.format(at))!
    const now = Number(hour) * 60 + Number(minute)
    return (shop.open[day!.toLowerCase() as Weekday] ?? []).some(({ from, to }) => from <= now && now < to)
  }
}

/** Weeks in which clocks change, and one in which they do not. */
const WEEKS: readonly (readonly [zone: string, from: string])[] = [
  ['Europe/Berlin', '2026-03-23T00:00Z'],
  ['Europe/Berlin', '2026-10-19T00:00Z'],
  ['America/New_York', '2026-03-02T00:00Z'],
  ['America/New_York', '2026-10-26T00:00Z'],
  ['Africa/Cairo', '2026-04-17T00:00Z'],
  ['Africa/Cairo', '2026-10-23T00:00Z'],
  ['America/Sao_Paulo', '2018-10-29T00:00Z'],
  ['Australia/Lord_Howe', '2026-09-28T00:00Z'],
  ['Asia/Tehran', '2026-03-16T00:00Z'],
]

const SPANS: Partial<Record<Weekday, readonly string[]>> = {
  mon: ['09:00-13:00', '16:00-21:30'],
  tue: ['00:00-24:00'],
  wed: ['00:00-01:20'],
  thu: ['23:30-24:00'],
  fri: ['00:15-00:45', '23:00-24:00'],
  sat: ['00:00-02:30', '23:10-24:00'],
  sun: ['00:00-00:40', '01:40-02:20', '02:50-12:00'],
}

for (const [zone, from] of WEEKS) {
  t.test(`in ${zone} each minute of two weeks from ${from} is as the wall clock says`, async (t) => {
    const shop = hours(zone, SPANS)
    const looksOpen = createOnlooker(shop)
    const start = Date.parse(from)
    const wrong: string[] = []
    let before = stretchAt(shop, start)
    for (let at = start; at < start + 14 * DAY; at += MINUTE) {
      const { isOpen, since } = stretchAt(shop, at)
      const expected = isOpen === before.isOpen ? before.since : at
      if (isOpen !== looksOpen(at) || since !== expected) wrong.push(new Date(at).toISOString())
      before = { isOpen, since }
    }
    t.same(wrong, [])
  })
}

const anySpan = fc
  .tuple(fc.integer({ min: 0, max: 1_440 }), fc.integer({ min: 0, max: 1_440 }))
  .filter(([one, other]) => one !== other)
  .map(([one, other]): OpenSpan => ({ from: Math.min(one, other), to: Math.max(one, other) }))
const anyWeek = fc.record(
  Object.fromEntries(WEEKDAYS.map((day) => [day, fc.array(anySpan, { maxLength: 3 })])) as Record<
    Weekday,
    fc.Arbitrary<OpenSpan[]>
  >,
  { requiredKeys: [] },
)
const anyMoment = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) })

t.test('a stretch begins with a change, has none within, and has one name', async (t) => {
  const zones = [
    'Europe/Berlin',
    'Asia/Tehran',
    'America/New_York',
    'Asia/Kolkata',
    'Africa/Cairo',
    'Africa/Casablanca',
  ]
  const holds = fc.property(
    fc.constantFrom(...zones),
    anyWeek,
    anyMoment,
    fc.array(fc.nat(3 * DAY), { maxLength: 5 }),
    (timezone, open, now, steps) => {
      const shop: Hours = { timezone, open, bot: 'always', awayText: null }
      const looksOpen = createOnlooker(shop)
      for (const at of [now, ...steps.map((step) => now + step - 2 * DAY)]) {
        const { isOpen, since } = stretchAt(shop, at)
        // Nothing remembered from before makes a difference.
        if (!isDeepStrictEqual(stretchAt({ ...shop }, at), { isOpen, since })) return false
        if (isOpen !== looksOpen(at)) return false
        if (since === 0) continue
        if (looksOpen(since - 1) === isOpen) return false
        for (let step = 0; step < 50; step += 1) {
          const within = since + Math.floor(((at - since) * step) / 50)
          if (looksOpen(within) !== isOpen || stretchAt(shop, within).since !== since) return false
        }
      }
      return true
    },
  )
  t.doesNotThrow(() => fc.assert(holds, { numRuns: Math.ceil(RUNS / 4) }))
})
