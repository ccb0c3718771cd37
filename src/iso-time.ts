let second = Number.NaN
let upToPoint = ''

/**
 * `new Date(at).toISOString()` for whole milliseconds. Most times that are written one after the other lie in the same
 * second, whose text is kept: formatting a date costs twenty times as much.
 */
export function isoTime(at: number): string {
  const of = Math.floor(at / 1000)
  if (of !== second) {
    upToPoint = new Date(of * 1000).toISOString().slice(0, -'000Z'.length)
    second = of
  }
  const ms = at - of * 1000
  return `${upToPoint}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`
}
