import { sameTextKey } from './text.js'

/**
 * A short digest of a text, the same for texts that compare as equal: 53 bits and the length. Recognises a repeated
 * text without storing it.
 */
export function digestOf(text: string): string {
  const folded = sameTextKey(text)
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let i = 0; i < folded.length; i += 1) {
    const unit = folded.charCodeAt(i)
    high = Math.imul(high ^ unit, 2_654_435_761)
    low = Math.imul(low ^ unit, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return `${(2 ** 32 * (low & 0x1fffff) + (high >>> 0)).toString(36)}.${folded.length.toString(36)}`
}
