import type { ChannelFacts, ChannelNews, ChannelTrouble } from '../../engine/ports.js'
import { type Channels, createChannels } from '../in-process/channels.js'
import type { Database } from './package.js'

/** The data of channels, in memory; the lasting part is written a moment later. */
export interface LastingChannels extends Channels {
  /** Must be called within a transaction. Whether there is anything to write. */
  isChanged(): boolean
  write(): void
}

export function createLastingChannels(database: Database, now: () => number): LastingChannels {
  const channels = createChannels(now)
  const changed = new Set<string>()
  const put = database.prepare('INSERT OR REPLACE INTO channels (id, facts) VALUES (?, ?)')
  for (const row of database.prepare('SELECT id, facts FROM channels').all()) {
    const { id, facts } = row as { readonly id: string; readonly facts: string }
    restore(channels, id, JSON.parse(facts) as ChannelFacts)
  }
  return {
    ...channels,
    noteChannel(channelId: string, what: ChannelNews, at: number) {
      channels.noteChannel(channelId, what, at)
      changed.add(channelId)
    },
    noteTrouble(channelId: string, trouble: ChannelTrouble | null) {
      channels.noteTrouble(channelId, trouble)
      changed.add(channelId)
    },
    isChanged: () => changed.size > 0,
    write() {
      for (const id of changed) put.run(id, JSON.stringify(channels.channelFacts(id)))
      changed.clear()
    },
  }
}

function restore(channels: Channels, id: string, facts: ChannelFacts): void {
  channels.noteChannel(id, 'inbound', facts.lastInboundAt)
  channels.noteChannel(id, 'echo', facts.lastEchoAt)
  channels.noteChannel(id, 'sent', facts.lastSentAt)
  channels.noteChannel(id, 'probed', facts.lastProbedAt)
  channels.noteTrouble(id, facts.trouble)
}
