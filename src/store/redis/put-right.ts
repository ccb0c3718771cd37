import type { ConversationId } from '../../conversation/ids.js'
import { listNumber } from '../../engine/list-filter.js'
import type { Commands } from './commands.js'
import { foundBy } from './commit-arguments.js'
import type { Keys } from './keys.js'
import type { Place } from './places.js'
import type { StoredState } from './state-cache.js'

/**
 * Corrects a stale list entry: removes an expired conversation from lists and search, and moves a misplaced one to
 * its list, with the place that it has in any list or else the given one. Redis expires conversations, but cannot
 * remove their list entries with them.
 */
export type PutRight = (place: Place) => Promise<void>

export function createPutRight(parts: {
  readonly commands: Pick<Commands, 'relist'>
  readonly keys: Keys
  readonly look: (id: ConversationId) => Promise<StoredState | null>
}): PutRight {
  const { commands, keys, look } = parts
  return async ({ id, at }) => {
    const looked = await look(id)
    const list = looked === null ? null : listNumber(looked.state)
    const partition = keys.partitionOf(id)
    // If the conversation has changed since it was read nothing is done: that commit has set the lists.
    await commands.relist(
      [keys.conversation(id), keys.terms(partition), keys.names(partition), ...keys.lists(partition)],
      [id, looked?.version ?? '', list ?? '', at, looked === null || list === null ? '-' : foundBy(looked.state)],
    )
  }
}
