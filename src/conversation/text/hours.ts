import type { Hours, Weekday } from '../channel.js'

/** A period during which a shop is open, or closed, without a break. */
export interface Stretch {
  readonly isOpen: boolean
  /** When it began, the same at each of its moments, so that it identifies the stretch; 0 when it never ends. */
  readonly since: number
}

/** The stretch that contains this time, in the shop's time zone. */
export function stretchAt(hours: Hours, now: number): Stretch {
  const shop = shopOf(hours)
  if (now < shop.last.since || now >= shop.unchangedUntil) {
    shop.last = stretchOf(shop, now)
    shop.unchangedUntil = unchangedUntil(shop, now)
  }
  return shop.last
}

/**
 * Cached data of a channel's hours: many messages fall into one stretch, and computing it costs far more than a
 * look-up.
 */
interface Shop {
  readonly clock: Intl.DateTimeFormat
  /** For each minute of the week whether the shop is open. */
  readonly week: readonly boolean[]
  /** The minutes at which it opens or closes; spans that meet at midnight are one. */
  readonly changes: readonly number[]
  last: Stretch
  /** The stretch itself may last longer. */
  unchangedUntil: number
}

const shops = new WeakMap<Hours, Shop>()

function shopOf(hours: Hours): Shop {
  const known = shops.get(hours)
  if (known !== undefined) return known
  const week = weekOf(hours)
  const changes = [...week.keys()].filter((minute) => week[minute] !== week.at(minute - 1))
  const last: Stretch = { isOpen: week[0]!, since: 0 }
  const shop: Shop = { clock: clockOf(hours.timezone), week, changes, last, unchangedUntil: 0 }
  shops.set(hours, shop)
  return shop
}

const MINUTE = 60_000
const DAY = 86_400_000
const MINUTES_OF_DAY = 1_440
const MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY
const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
/** The epoch began on a Thursday. */
const MONDAY_TO_EPOCH = 3 * MINUTES_OF_DAY

function isOpenAt({ clock, week }: Shop, at: number): boolean {
  return week[minuteOfWeek(at + offsetAt(clock, at))]!
}

function stretchOf(shop: Shop, now: number): Stretch {
  const isOpen = isOpenAt(shop, now)
  if (shop.changes.length === 0) return { isOpen, since: 0 }
  let since = unchangedSince(shop, now)
  while (isOpenAt(shop, since - 1) === isOpen) since = unchangedSince(shop, since - 1)
  return { isOpen, since }
}

/**
 * From then on neither the week nor the UTC offset changes. Offsets change less often than once a day, so a day with
 * the same offset at both ends has it throughout.
 */
function unchangedSince({ clock, changes }: Shop, now: number): number {
  const offset = offsetAt(clock, now)
  const first = now - Math.min(sinceChange(changes, now + offset), DAY)
  return offsetAt(clock, first) === offset ? first : clockChange(clock, first, now)
}

function unchangedUntil({ clock, changes }: Shop, now: number): number {
  if (changes.length === 0) return Number.POSITIVE_INFINITY
  const offset = offsetAt(clock, now)
  const last = now + Math.min(untilChange(changes, now + offset), DAY) - 1
  return offsetAt(clock, last) === offset ? last + 1 : clockChange(clock, now, last)
}

/** The first moment with the offset of `to`, which differs from that of `from`. */
function clockChange(clock: Intl.DateTimeFormat, from: number, to: number): number {
  const offset = offsetAt(clock, to)
  let before = from
  let after = to
  while (after - before > 1) {
    const middle = before + Math.floor((after - before) / 2)
    if (offsetAt(clock, middle) === offset) after = middle
    else before = middle
  }
  return after
}

function weekOf({ open }: Hours): readonly boolean[] {
  const week = new Array<boolean>(MINUTES_OF_WEEK).fill(false)
  for (const [index, day] of WEEKDAYS.entries()) {
    const midnight = index * MINUTES_OF_DAY
    for (const { from, to } of open[day] ?? []) week.fill(true, midnight + from, midnight + to)
  }
  return week
}

/** From the last change of the week to this local time. */
function sinceChange(changes: readonly number[], wall: number): number {
  const minute = minuteOfWeek(wall)
  const last = changes.findLast((change) => change <= minute) ?? changes.at(-1)! - MINUTES_OF_WEEK
  return (minute - last) * MINUTE + intoMinute(wall)
}

/** From this local time to the next change of the week. */
function untilChange(changes: readonly number[], wall: number): number {
  const minute = minuteOfWeek(wall)
  const next = changes.find((change) => change > minute) ?? changes[0]! + MINUTES_OF_WEEK
  return (next - minute) * MINUTE - intoMinute(wall)
}

function minuteOfWeek(wall: number): number {
  return remainder(Math.floor(wall / MINUTE) + MONDAY_TO_EPOCH, MINUTES_OF_WEEK)
}

function intoMinute(wall: number): number {
  return remainder(wall, MINUTE)
}

/** Never negative, also before 1970. */
function remainder(value: number, by: number): number {
  return ((value % by) + by) % by
}

/** The zone's offset from UTC. */
function offsetAt(clock: Intl.DateTimeFormat, at: number): number {
  const [month, day, year, hour, minute, second] = clock.format(at).match(/\d+/g)!.map(Number) as Six
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000
}

type Six = [number, number, number, number, number, number]

/** Creating one costs as much as using it a hundred times. Bounded by the number of zones in the settings. */
const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  clocks.set(timeZone, clock)
  return clock
}
