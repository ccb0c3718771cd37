import { base36 } from '../../conversation/text/base36.js'
import { decimal } from '../../conversation/text/decimal.js'
import { codesOf } from './codes.js'

/**
 * How redeliveries are recognised: each conversation has a set of the ids that were handled or are ours, one for each
 * period. An id is looked for in the set of this period and in the previous one.
 */

/** Ids are remembered for one to two such periods. */
export const SEEN_PERIOD_MS = 48 * 3_600_000

export function periodAt(time: number): number {
  return Math.floor(time / SEEN_PERIOD_MS)
}

/** The outcome of a commit whose event was handled before, or whose id is ours. */
export const SEEN = 2

/** Part of a commit, which lists its keys and arguments: ends it with SEEN when the id is known. */
export const REMEMBER_SEEN = `
if ARGV.notOurs ~= '' and (redis.call('SISMEMBER', KEYS.seen, ARGV.notOurs) == 1 or redis.call('SISMEMBER', KEYS.seenBefore, ARGV.notOurs) == 1) then
  return ${SEEN}
end
if ARGV.handled ~= '' then
  if redis.call('SISMEMBER', KEYS.seenBefore, ARGV.handled) == 1 or redis.call('SADD', KEYS.seen, ARGV.handled) == 0 then return ${SEEN} end
  redis.call('PEXPIREAT', KEYS.seen, ARGV.seenUntil)
end
if ARGV.ownId ~= '' then
  redis.call('SADD', KEYS.seen, ARGV.ownId)
  redis.call('PEXPIREAT', KEYS.seen, ARGV.seenUntil)
end
`

/**
 * A message id as an integer hash: Redis stores small sets of integers in eight bytes each. Within a conversation of
 * a thousand ids a collision has odds of one in 10^10. Even numbers are ids that were handled, odd ones ids of our
 * messages.
 */
export function handledHash(key: string): string {
  return decimal(hashOf(key))
}

export function oursHash(key: string): string {
  return decimal(hashOf(key) + 1)
}

/** For keys that outlive an erased conversation: they must not reveal whose they were. */
export function namelessHash(id: string): string {
  return base36(hashOf(id))
}

function hashOf(key: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  const codes = codesOf(key)
  const { length } = key
  for (let i = 0; i < length; i++) {
    const code = codes[i]!
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  // 52 bits and one for the parity: the most that a double represents exactly.
  return ((a & 0xfffff) * 2 ** 32 + (b >>> 0)) * 2
}
