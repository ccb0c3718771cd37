import { FOREVER } from '../channel.js'

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const

/** A hundred years: more is a typing error, and must stay a valid Date when added to one. */
const LONGEST = 36_500 * 86_400_000

/** Parses `500ms`, `3s`, `10m`, `6h`, `30d`, `0` or `forever` into milliseconds; null for anything else. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0
  if (text === 'forever') return FOREVER
  const [, amount, name] = /^(\d{1,15})([a-z]{1,2})$/.exec(text) ?? []
  const unit = UNITS.find(([known]) => known === name)
  if (unit === undefined) return null
  const ms = Number(amount) * unit[1]
  return ms <= LONGEST ? ms : null
}

/** Formats a duration in the largest unit that is exact. */
export function formatDuration(ms: number): string {
  if (ms >= FOREVER) return 'forever'
  if (ms === 0) return '0'
  const [name, unit] = UNITS.find(([, size]) => ms % size === 0) ?? ['ms', 1]
  return `${ms / unit}${name}`
}
