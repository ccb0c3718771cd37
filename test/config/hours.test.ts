import t from 'tap'
import { readHours } from '../../src/config/hours.js'
import { createReport } from '../../src/config/report.js'
import { openSheet } from '../../src/config/sheet.js'

const read = (value: unknown) => {
  const report = createReport()
  const hours = readHours(openSheet(value, 'hours', report)!, report)
  return { hours, problems: report.problems, warnings: report.warnings }
}
const open = (week: unknown) => read({ timezone: 'UTC', open: week })

t.test('hours are a time zone and the spans of a week in minutes', async (t) => {
  const week = { sat: ['09:00-13:00', ' 16:00 - 21:30 '], sun: [] }
  t.same(read({ timezone: 'Asia/Tehran', open: week, bot: 'Inside', awayText: 'We are away' }), {
    hours: {
      timezone: 'Asia/Tehran',
      open: {
        sat: [
          { from: 540, to: 780 },
          { from: 960, to: 1290 },
        ],
      },
      bot: 'inside',
      awayText: 'We are away',
    },
    problems: [],
    warnings: [],
  })
})

t.test('the bot answers always and no away text is sent unless hours say so', async (t) => {
  for (const more of [{}, { awayText: '' }, { awayText: null }]) {
    const { hours, problems } = read({ timezone: 'UTC', open: { mon: ['00:00-24:00'] }, ...more })
    t.same(problems, [])
    t.same(hours, { timezone: 'UTC', open: { mon: [{ from: 0, to: 1440 }] }, bot: 'always', awayText: null })
  }
})

t.test('a span over midnight is cut into two days', async (t) => {
  t.same(open({ fri: ['22:00-02:00'], sun: ['23:00-01:30'] }).hours?.open, {
    mon: [{ from: 0, to: 90 }],
    fri: [{ from: 1320, to: 1440 }],
    sat: [{ from: 0, to: 120 }],
    sun: [{ from: 1380, to: 1440 }],
  })
  t.same(open({ fri: ['22:00-00:00'] }).hours?.open, { fri: [{ from: 1320, to: 1440 }] })
})

t.test('spans are sorted, and those that touch or overlap are merged', async (t) => {
  const week = {
    mon: ['22:00-03:00'],
    tue: ['14:00-15:00', '02:00-05:00', '05:00-06:00', '02:30-03:00', '20:00-21:00'],
  }
  t.same(open(week).hours?.open.tue, [
    { from: 0, to: 360 },
    { from: 840, to: 900 },
    { from: 1200, to: 1260 },
  ])
})

t.test('a span that cannot be is a problem of its day', async (t) => {
  const bad = [
    '9:00-13:00',
    '09:00',
    '09:00-13:60',
    '25:00-26:00',
    '24:00-02:00',
    '09:00-24:01',
    '09:00-09:00',
    9,
    null,
  ]
  for (const span of bad) {
    t.same(
      open({ mon: [span] }).problems,
      ['hours.open.mon must be a list of spans such as ["09:00-13:00", "16:00-24:00"]'],
      String(span),
    )
  }
  t.match(open({ mon: '09:00-13:00' }).problems, [/^hours\.open\.mon must be a list/])
})

t.test('every problem is named at once', async (t) => {
  const { hours, problems } = read({ timezone: 'Mars/Base', bot: 'never', awayText: 5, open: { mon: 1 } })
  t.equal(hours, null)
  t.same(problems, [
    'hours.timezone must be a time zone such as Asia/Tehran or Europe/Berlin',
    'hours.bot must be always, inside or outside, not "never"',
    'hours.awayText must be a text',
    'hours.open.mon must be a list of spans such as ["09:00-13:00", "16:00-24:00"]',
  ])
  t.same(read({ timezone: 3 }).problems, [
    'hours.timezone must be a time zone such as Asia/Tehran or Europe/Berlin',
    'hours.open is required: {"mon": ["09:00-17:00"], ...}',
  ])
  t.match(read({ open: {} }).problems, [/^hours\.timezone is required/])
})

t.test('an unknown key or day is warned of', async (t) => {
  t.same(read({ timezone: 'UTC', open: { saturday: [] }, awaytext: 'x' }).warnings, [
    'hours.awaytext is not known: did you mean awayText?',
    'hours.open.saturday is not known: did you mean sat?',
  ])
})
