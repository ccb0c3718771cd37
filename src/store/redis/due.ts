import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { ServerClock } from './clock.js'
import type { Commands } from './commands.js'
import { type Keys, PARTITIONS } from './keys.js'

/** When to look into which partition's due index. */
export interface Due {
  /** This process committed a due time there. */
  hint(partition: number, at: number): void
  claim(limit: number, leaseMs: number): Promise<readonly ConversationId[]>
  /** When to claim next. */
  next(): number
}

/** What other processes made due is looked for this often; what this one did is known to the millisecond. */
const SWEEP_EVERY_MS = 1_000

export function createDue(parts: {
  readonly commands: Commands
  readonly keys: Keys
  readonly clock: ServerClock
  readonly ownTime: () => number
}): Due {
  const { commands, keys, clock, ownTime } = parts
  const dueIn = new Float64Array(PARTITIONS).fill(FOREVER)
  let sweepAt = 0

  async function claimFrom(partition: number, limit: number, leaseMs: number): Promise<readonly ConversationId[]> {
    // A partition out of reach is left to the next sweep, and holds up no other.
    dueIn[partition] = FOREVER
    const askedAt = ownTime()
    const [time, first, ...ids] = await commands.claim(
      keys.due(partition),
      limit,
      leaseMs,
      keys.conversationsOf(partition),
    )
    clock.heard(Number(time), askedAt)
    if (first !== '') dueIn[partition] = Math.min(dueIn[partition]!, Number(first))
    return ids as ConversationId[]
  }

  return {
    hint(partition, at) {
      dueIn[partition] = Math.min(dueIn[partition]!, at)
    },
    async claim(limit, leaseMs) {
      const now = clock.now()
      const isSweep = now >= sweepAt
      if (isSweep) {
        sweepAt = now + SWEEP_EVERY_MS
        dueIn.forEach((at, partition) => {
          dueIn[partition] = Math.min(at, now)
        })
      }
      const due = [...dueIn.keys()].filter((partition) => dueIn[partition]! <= now)
      // Those over the limit stay due, and have their turn in the next claim.
      const asked = due.sort((a, b) => dueIn[a]! - dueIn[b]!).slice(0, limit)
      const share = Math.floor(limit / asked.length)
      const claims = await Promise.allSettled(asked.map((partition) => claimFrom(partition, share, leaseMs)))
      const given = claims.filter((claim) => claim.status === 'fulfilled')
      if (isSweep && given.length === 0) {
        sweepAt = 0
        throw (claims[0] as PromiseRejectedResult).reason
      }
      return given.flatMap((claim) => claim.value)
    },
    next: () => dueIn.reduce((first, at) => Math.min(first, at), sweepAt),
  }
}
