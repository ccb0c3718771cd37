const HALF = 36 ** 4

/**
 * `n.toString(36)` for an integer. V8 divides a number over 2^31 digit by digit in floating point, which takes five
 * times as long as its two halves.
 */
export function base36(n: number): string {
  const high = Math.floor(n / HALF)
  return high <= 0 ? n.toString(36) : high.toString(36) + (n - high * HALF).toString(36).padStart(4, '0')
}
