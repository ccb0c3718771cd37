import { type Channel, FOREVER } from '../conversation/channel.js'
import { type ConversationId, pageOf } from '../conversation/ids.js'
import { pauseOf } from '../conversation/pause.js'
import type { Log, Receive, Store } from './ports.js'
import { andThen } from './soon.js'

/**
 * Brings conversations up again when their time has come. The due index in the store is the truth; the timer here only
 * makes it fast, and a process that died leaves nothing behind that the next claim does not find.
 */
export interface Wake {
  hint(at: number): void
  start(): void
  /** Resolves when what was begun is finished. */
  stop(): Promise<void>
}

/** Long enough for any step in hand, short enough that a dead process' work is not missed. */
const LEASE_MS = 8_000
const CLAIM_LIMIT = 200
/** The store's other users may have committed a due time that nobody told us of. */
const LONGEST_SLEEP_MS = 1_000
const PAUSE_AFTER_FAILURE_MS = 500

export function createWake(parts: {
  readonly store: Store
  readonly receive: Receive
  readonly channelOf: (pageId: string) => Channel | undefined
  readonly log: Log
}): Wake {
  const { store, receive, channelOf, log } = parts
  let timer: NodeJS.Timeout | null = null
  let armedFor = FOREVER
  let running: Promise<void> | null = null
  let stopped = true

  function hint(at: number): void {
    if (at < armedFor) arm(at)
  }

  function arm(at: number): void {
    if (stopped) return
    if (timer !== null) clearTimeout(timer)
    armedFor = at
    timer = setTimeout(run, Math.max(0, Math.min(at - store.now(), LONGEST_SLEEP_MS)))
  }

  function run(): void {
    timer = null
    armedFor = 0
    running = claim()
      .then(
        () => store.nextDue(),
        (error: unknown) => {
          log.warn({ err: error }, 'could not look for due conversations, trying again')
          return store.now() + PAUSE_AFTER_FAILURE_MS
        },
      )
      .then((next) => {
        running = null
        arm(next)
      })
  }

  async function claim(): Promise<void> {
    for (;;) {
      const ids = await store.claimDue(CLAIM_LIMIT, LEASE_MS)
      await Promise.all(ids.map(wake))
      if (ids.length < CLAIM_LIMIT || stopped) return
    }
  }

  async function wake(id: ConversationId): Promise<void> {
    const channel = channelOf(pageOf(id))
    // Its channel was taken out of the settings: the lease runs out, and it is asked again in case the channel is back.
    if (channel === undefined) return
    await andThen(receive(id, channel, { is: 'wake' }, null), ({ state }) => {
      if (pauseOf(state, store.now()) === null) log.info({ conversation_id: id }, 'pause is over, the bot may answer')
    })
  }

  return {
    hint,
    start() {
      stopped = false
      arm(store.nextDue())
    },
    async stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      timer = null
      await running
    },
  }
}
