import type { ConversationId } from '../../conversation/ids.js'
import { LONGEST_LEASE_MS, ownerless } from '../../conversation/state/ownerless.js'
import { decodeState, encodeState } from '../rows/state-row.js'
import type { Database } from './package.js'

interface LeasedRow {
  readonly number: number
  readonly id: ConversationId
  readonly data: string
}

/**
 * Ends the leases of the previous process, which is dead, since this process has the directory's lock: its work is
 * due now rather than when the leases would end. Returns the number of conversations.
 */
export function endLeases(database: Database, now: number): number {
  const soon = database.prepare('SELECT number, id, data FROM conversations WHERE due_ms > ? AND due_ms <= ?')
  const put = database.prepare('UPDATE conversations SET data = ?, due_ms = ? WHERE number = ?')
  let taken = 0
  database.exec('BEGIN IMMEDIATE')
  for (const { number, id, data } of soon.all(now, now + LONGEST_LEASE_MS) as unknown as LeasedRow[]) {
    const before = decodeState(id, data)
    const state = ownerless(before, now)
    if (state === before) continue
    put.run(encodeState(state), now, number)
    taken += 1
  }
  database.exec('COMMIT')
  return taken
}
