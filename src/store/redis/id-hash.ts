/**
 * A message id as an integer hash: Redis stores small sets of integers in eight bytes each. Within a conversation of
 * a thousand ids a collision has odds of one in 10^10. Even numbers are ids that were handled, odd ones ids of our
 * messages.
 */
export function handledHash(key: string): string {
  return String(hashOf(key))
}

export function oursHash(key: string): string {
  return String(hashOf(key) + 1)
}

/** For keys that outlive an erased conversation: they must not reveal whose they were. */
export function namelessHash(id: string): string {
  return hashOf(id).toString(36)
}

function hashOf(key: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  // 52 bits and one for the parity: the most that a double represents exactly.
  return ((a & 0xfffff) * 2 ** 32 + (b >>> 0)) * 2
}
