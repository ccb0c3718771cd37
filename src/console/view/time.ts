/** Formats times for people. */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** When a shop opens. */
const MORNING_HOUR = 8

/** The remaining time of a countdown. */
export function timeLeft(ms: number): string {
  if (ms >= DAY_MS) {
    const hours = Math.floor(ms / HOUR_MS)
    return `${Math.floor(hours / 24)} d ${hours % 24} h`
  }
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number): string => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

export function spanInWords(seconds: number): string {
  for (const [name, length] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    if (seconds >= length && seconds % length === 0) return counted(seconds / length, name)
  }
  return seconds >= 3600 ? `${Math.round(seconds / 360) / 10} hours` : counted(seconds, 'second')
}

export function counted(count: number, name: string, names = `${name}s`): string {
  return `${count} ${count === 1 ? name : names}`
}

export function ago(ms: number): string {
  if (ms < MINUTE_MS) return 'just now'
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min ago`
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ago`
  return `${counted(Math.floor(ms / DAY_MS), 'day')} ago`
}

/** The reader's time zone and language, arguments for the tests. */
export interface Locale {
  readonly language?: string
  readonly timeZone?: string
}

export function createCalendar({ language, timeZone }: Locale = {}) {
  const zone = timeZone === undefined ? {} : { timeZone }
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', ...zone })
  const date = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', ...zone })
  const short = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', ...zone })
  const whole = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium', ...zone })
  const key = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', ...zone })
  const isSameDay = (a: number, b: number): boolean => key.format(a) === key.format(b)
  return {
    clock: (at: number): string => clock.format(at),
    whole: (at: number): string => whole.format(at),
    isSameDay,
    day(at: number, now: number): string {
      if (isSameDay(at, now)) return 'Today'
      return isSameDay(at, now - DAY_MS) ? 'Yesterday' : date.format(at)
    },
    /** The shortest form, for lists. */
    brief(at: number, now: number): string {
      if (isSameDay(at, now)) return clock.format(at)
      return isSameDay(at, now - DAY_MS) ? 'Yesterday' : short.format(at)
    },
  }
}

/** The duration until tomorrow morning, in the API's format. */
export function untilTomorrow(now: Date): string {
  const morning = new Date(now)
  morning.setDate(now.getDate() + 1)
  morning.setHours(MORNING_HOUR, 0, 0, 0)
  return `${Math.ceil((morning.getTime() - now.getTime()) / MINUTE_MS)}m`
}
