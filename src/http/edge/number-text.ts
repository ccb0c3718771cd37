/** Numbers in paths and queries are texts, and are checked as such; callers are told of numbers. What is left empty counts as not given. */

export const FROM_ZERO_OR_EMPTY = '^\\d{0,15}$'
export const FROM_ONE_OR_EMPTY = '^([1-9]\\d*)?$'
export const FROM_ONE = '^[1-9]\\d{0,14}$'

const LEAST: ReadonlyMap<unknown, number> = new Map([
  [FROM_ZERO_OR_EMPTY, 0],
  [FROM_ONE_OR_EMPTY, 1],
  [FROM_ONE, 1],
])

/** The least number that a pattern allows; null where it is none of numbers. */
export function leastNumberOf(pattern: unknown): number | null {
  return LEAST.get(pattern) ?? null
}
