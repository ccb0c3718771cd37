import type { SealedTokens } from '../../engine/ports.js'
import type { Group } from './group.js'
import type { Database } from './package.js'

/** The texts of refreshed tokens. They are written at once: the next process asks Meta by what it finds here. */
export function createSealedTokens(parts: {
  readonly writer: Database
  readonly reader: Database
  readonly group: Group
  readonly guarded: <T>(read: () => T) => T
}): SealedTokens {
  const { writer, reader, group, guarded } = parts
  const query = 'SELECT sealed FROM tokens WHERE channel_id = ?'
  const committed = reader.prepare(query)
  const newest = writer.prepare(query)
  const put = writer.prepare('INSERT OR REPLACE INTO tokens (channel_id, sealed) VALUES (?, ?)')
  const textIn = (row: unknown): string | null => (row as { readonly sealed: string } | undefined)?.sealed ?? null

  return {
    read: (channelId) => guarded(() => textIn(committed.get(channelId))),
    async replace(channelId, expected, sealed) {
      const { value, settled } = group.write(() => {
        const now = textIn(newest.get(channelId))
        if (now !== expected && now !== sealed) return false
        put.run(channelId, sealed)
        return true
      })
      await settled
      return value
    },
  }
}
