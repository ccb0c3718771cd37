import type { SealedTokens } from '../../engine/ports.js'

export function createSealedTokens(): SealedTokens {
  const texts = new Map<string, string>()
  return {
    read: (channelId) => texts.get(channelId) ?? null,
    replace(channelId, expected, sealed) {
      const now = texts.get(channelId) ?? null
      if (now !== expected && now !== sealed) return false
      texts.set(channelId, sealed)
      return true
    },
  }
}
