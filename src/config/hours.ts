import type { Hours, OpenSpan, Weekday } from '../conversation/channel.js'
import { choice, type Parser, text } from './kinds.js'
import type { Report } from './report.js'
import type { Sheet } from './sheet.js'

const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const MIDNIGHT = 1440

const timezone: Parser<string> = {
  parse: (value) => {
    const given = typeof value === 'string' ? value.trim() : ''
    try {
      new Intl.DateTimeFormat('en', { timeZone: given })
      return { is: 'ok', value: given }
    } catch {
      return { is: 'bad', why: 'must be a time zone such as Asia/Tehran or Europe/Berlin' }
    }
  },
}

const minutesOf = (hour: string, minute: string): number => Number(hour) * 60 + Number(minute)

/** Parses `09:00-13:00`; an end before its start is on the next day. */
function parseSpan(value: unknown): OpenSpan | null {
  const match = /^\s*(\d{2}):([0-5]\d)\s*-\s*(\d{2}):([0-5]\d)\s*$/.exec(typeof value === 'string' ? value : '')
  if (match === null) return null
  const [from, to] = [minutesOf(match[1]!, match[2]!), minutesOf(match[3]!, match[4]!)]
  return from < MIDNIGHT && to <= MIDNIGHT && from !== to ? { from, to } : null
}

/** Sorts spans and merges those that touch, so that at most one contains a given time. */
function joined(spans: readonly OpenSpan[]): readonly OpenSpan[] {
  const result: OpenSpan[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last === undefined || span.from > last.to) result.push(span)
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
  }
  return result
}

function readOpen(sheet: Sheet, report: Report): Hours['open'] {
  const days = new Map<Weekday, OpenSpan[]>(WEEKDAYS.map((day) => [day, []]))
  for (const [index, day] of WEEKDAYS.entries()) {
    const given = sheet.raw(day)
    if (given === null) continue
    const spans = Array.isArray(given) ? given.map(parseSpan) : [null]
    const nextDay = WEEKDAYS[(index + 1) % WEEKDAYS.length]!
    for (const span of spans) {
      if (span === null) {
        report.bad(`${sheet.at(day)} must be a list of spans such as ["09:00-13:00", "16:00-24:00"]`)
      } else if (span.from < span.to) {
        days.get(day)!.push(span)
      } else {
        days.get(day)!.push({ from: span.from, to: MIDNIGHT })
        if (span.to > 0) days.get(nextDay)!.push({ from: 0, to: span.to })
      }
    }
  }
  sheet.done()
  return Object.fromEntries(
    [...days].filter(([, spans]) => spans.length > 0).map(([day, spans]) => [day, joined(spans)]),
  )
}

export function readHours(sheet: Sheet, report: Report): Hours | null {
  const zone = sheet.need('timezone', timezone, 'a time zone such as Asia/Tehran')
  const bot = sheet.take('bot', choice('always', 'inside', 'outside')) ?? 'always'
  const awayText = sheet.raw('awayText') === '' ? null : sheet.take('awayText', text)
  const week = sheet.sheet('open')
  if (sheet.raw('open') === null) report.bad(`${sheet.at('open')} is required: {"mon": ["09:00-17:00"], ...}`)
  sheet.done()
  const open = week === null ? null : readOpen(week, report)
  return zone === null || open === null ? null : { timezone: zone, open, bot, awayText }
}
