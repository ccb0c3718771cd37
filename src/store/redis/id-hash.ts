/**
 * A message id as an integer: Redis keeps a small set of integers in eight bytes each. Within one conversation two ids
 * that are alike are a matter of one in 10^10 even among a thousand of them. Even numbers stand for what was handled,
 * odd ones for what is ours.
 */
export function handledHash(key: string): string {
  return String(hashOf(key))
}

export function oursHash(key: string): string {
  return String(hashOf(key) + 1)
}

/** For the name of what outlives a conversation that was erased: it must not tell whose it was. */
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
  // 52 bits, and one for the parity: as much as a double holds exactly.
  return ((a & 0xfffff) * 2 ** 32 + (b >>> 0)) * 2
}
