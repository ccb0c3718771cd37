import type { ConversationId } from '../../conversation/ids.js'
import { listNumber } from '../../engine/list-filter.js'
import type { Commands } from './commands.js'
import { foundBy } from './commit.js'
import type { Keys } from './keys.js'
import type { Looked } from './list.js'
import type { Place } from './places.js'

/**
 * Has the lists and the search say what is so: a conversation that ran out goes from them, one that is elsewhere comes
 * to where it belongs, with the place that it has in any list, else the given one. Redis lets conversations run out, but
 * has no way to do that along with it.
 */
export type PutRight = (place: Place) => Promise<void>

export function createPutRight(parts: {
  readonly commands: Pick<Commands, 'relist'>
  readonly keys: Keys
  readonly look: (id: ConversationId) => Promise<Looked | null>
}): PutRight {
  const { commands, keys, look } = parts
  return async ({ id, at }) => {
    const looked = await look(id)
    const list = looked === null ? null : listNumber(looked.state)
    const partition = keys.partitionOf(id)
    // Changed since it was looked at, it is left as it is: that commit has put it where it belongs.
    await commands.relist(
      [keys.conversation(id), keys.terms(partition), keys.names(partition), ...keys.lists(partition)],
      [id, looked?.version ?? '', list ?? '', at, looked === null || list === null ? '-' : foundBy(looked.state)],
    )
  }
}
