import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { ServerClock } from './clock.js'
import type { Commands } from './commands.js'
import { type Keys, PARTITIONS } from './keys.js'

/** Decides which partition's due index to claim from, and when. */
export interface Due {
  /** This process committed a due time in that partition. */
  hint(partition: number, at: number): void
  claim(limit: number, leaseMs: number): Promise<readonly ConversationId[]>
  /** When to claim next. */
  next(): number
}

/** The due times of other processes are polled this often; those of this process are known to the millisecond. */
const SWEEP_EVERY_MS = 1_000
/** A sweep asks a part of the partitions at a time: all at once would hold up the commits for some milliseconds. */
const SWEEP_PARTS = 8

export function createDue(parts: {
  readonly commands: Commands
  readonly keys: Keys
  readonly clock: ServerClock
  readonly ownTime: () => number
}): Due {
  const { commands, keys, clock, ownTime } = parts
  const dueIn = new Float64Array(PARTITIONS).fill(FOREVER)
  let sweepAt = 0
  /** The part that is asked next; null for all partitions, at the start and after an outage. */
  let part: number | null = null

  function sweep(now: number): void {
    for (let partition = part ?? 0; partition < PARTITIONS; partition += part === null ? 1 : SWEEP_PARTS) {
      dueIn[partition] = Math.min(dueIn[partition]!, now)
    }
    part = ((part ?? -1) + 1) % SWEEP_PARTS
    sweepAt = now + SWEEP_EVERY_MS / SWEEP_PARTS
  }

  async function claimFrom(partition: number, limit: number, leaseMs: number): Promise<readonly ConversationId[]> {
    // An unreachable partition is skipped until the next sweep, and does not hold up the others.
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

  /** The longest overdue first. */
  function duePartitions(): readonly number[] {
    const now = clock.now()
    return [...dueIn.keys()].filter((partition) => dueIn[partition]! <= now).sort((a, b) => dueIn[a]! - dueIn[b]!)
  }

  return {
    hint(partition, at) {
      dueIn[partition] = Math.min(dueIn[partition]!, at)
    },
    async claim(limit, leaseMs) {
      const now = clock.now()
      const isSweep = now >= sweepAt
      if (isSweep) sweep(now)
      const given: ConversationId[] = []
      const failures: unknown[] = []
      let answers = 0
      for (let due = duePartitions(); due.length > 0 && given.length < limit; due = duePartitions()) {
        const left = limit - given.length
        const share = Math.max(1, Math.floor(left / due.length))
        const asked = due.slice(0, left)
        for (const claim of await Promise.allSettled(asked.map((each) => claimFrom(each, share, leaseMs)))) {
          if (claim.status === 'rejected') failures.push(claim.reason)
          else {
            answers += 1
            given.push(...claim.value)
          }
        }
      }
      if (isSweep && answers === 0) {
        sweepAt = 0
        part = null
        throw failures[0]
      }
      return given
    },
    next: () => dueIn.reduce((first, at) => Math.min(first, at), sweepAt),
  }
}
