const SLOTS = 16
const seconds = new Array<number>(SLOTS).fill(Number.NaN)
const texts = new Array<string>(SLOTS).fill('')

/**
 * `new Date(at).toISOString()` for whole milliseconds. Formatting a date costs twenty times as much as finding the text
 * of its second, and the times of messages, of their arrival and of log lines lie in few seconds.
 */
export function isoTime(at: number): string {
  const second = Math.floor(at / 1000)
  const slot = second & (SLOTS - 1)
  if (second !== seconds[slot]) {
    texts[slot] = new Date(second * 1000).toISOString().slice(0, -'000Z'.length)
    seconds[slot] = second
  }
  const ms = at - second * 1000
  return `${texts[slot]}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`
}
