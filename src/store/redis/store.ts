import { FOREVER } from '../../conversation/channel.js'
import type { Known } from '../../conversation/decide.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { Message } from '../../conversation/message.js'
import type { Conversation } from '../../conversation/state.js'
import { type Change, type Find, type Loaded, type Question, RouterError, type Store } from '../../engine/ports.js'
import { createServerClock } from './clock.js'
import { decodeState } from './codec.js'
import { withCommands } from './commands.js'
import { commitArguments } from './commit.js'
import type { Client } from './connect.js'
import { findMessage, historyPage } from './history.js'
import { handledHash, oursHash } from './id-hash.js'
import { createKeys, PARTITIONS, SEEN_PERIOD_MS } from './keys.js'
import { forgetGone, listPage } from './list.js'
import { createMemory, type Remembered } from './remembered.js'
import { VERSION_WIDTH } from './scripts.js'

/** Everything in Redis, for any number of processes at once. */

/** Of which this process remembers the last state: some 50 MB of texts at the very most, and usually a tenth of it. */
const REMEMBERED = 20_000
/** What other processes made due is looked for this often; what this one did is known to the millisecond. */
const SWEEP_EVERY_MS = 1_000
const COMPARE_CLOCKS_EVERY_MS = 10_000
const TIDY_LISTS_EVERY_MS = 300_000
const NOTE_CHANNEL_EVERY_MS = 1_000

export function createRedisStore(parts: {
  readonly client: Client
  readonly prefix: string
  /** Nine characters, unlike those of any other process ever. */
  readonly processId: string
  readonly now: () => number
}): Store {
  const { processId } = parts
  const keys = createKeys(parts.prefix)
  const commands = withCommands(parts.client)
  const memory = createMemory(REMEMBERED)
  const clock = createServerClock({ now: parts.now, serverTime: commands.time })
  const noted = new Map<string, number>()
  const dueIn = new Float64Array(PARTITIONS).fill(FOREVER)
  let commits = 0
  let sweepAt = 0
  let isLaidOut = false

  const comparing = setInterval(() => clock.compare().catch(ignore), COMPARE_CLOCKS_EVERY_MS).unref()
  const tidying = setInterval(() => forgetGone(commands, keys, clock.now()).catch(ignore), TIDY_LISTS_EVERY_MS).unref()

  /** Before the first use: the conversations must lie where this version looks for them, and the clock be known. */
  async function prepare(): Promise<void> {
    await commands.setOnce(keys.layout(), String(PARTITIONS))
    const layout = await commands.get(keys.layout())
    if (layout !== String(PARTITIONS)) {
      const message = `Redis holds ${layout} partitions and this version works with ${PARTITIONS}; use another REDIS_PREFIX.`
      throw new RouterError('store_unavailable', message)
    }
    await clock.compare()
    isLaidOut = true
  }

  function nextVersion(): string {
    commits += 1
    return processId + commits.toString(36).padStart(VERSION_WIDTH - processId.length, '0')
  }

  function periodAt(time: number): number {
    return Math.floor(time / SEEN_PERIOD_MS)
  }

  async function isMarked(id: ConversationId, hash: string | null): Promise<boolean> {
    if (hash === null) return false
    const period = periodAt(clock.now())
    const [now, before] = await Promise.all([
      commands.isMember(keys.seen(id, period), hash),
      commands.isMember(keys.seen(id, period - 1), hash),
    ])
    return now || before
  }

  async function look(id: ConversationId, question: Question): Promise<Loaded> {
    if (!isLaidOut) await prepare()
    const { key, find } = question
    const mid = find === null || find.is === 'read_up_to' ? null : find.mid
    const [value, isSeen, isOurs, isHandled] = await Promise.all([
      commands.get(keys.conversation(id)),
      isMarked(id, key === null ? null : handledHash(key)),
      isMarked(id, mid === null ? null : oursHash(mid)),
      isMarked(id, mid === null || find?.is !== 'recent' ? null : handledHash(mid)),
    ])
    const { state, version } = remember(id, value)
    const wanted = isSeen ? (mid ?? key) : mid
    const isWorthwhile = isSeen || isOurs || isHandled || find?.is === 'mid' || find?.is === 'read_up_to'
    const message = isWorthwhile ? await messageFor(id, find, wanted) : null
    return { state, version, known: { isSeen, isOurs, message }, isFresh: true }
  }

  function messageFor(id: ConversationId, find: Find | null, mid: string | null): Promise<Message | null> {
    const fits =
      find?.is === 'read_up_to'
        ? (message: Message) => message.type !== 'customer' && message.at <= find.at
        : (message: Message) => message.mid === mid
    return findMessage(commands, keys.history(id), fits)
  }

  function remember(id: ConversationId, value: string | null): Remembered {
    const what: Remembered = {
      state: value === null ? null : decodeState(id, value.slice(VERSION_WIDTH)),
      version: value === null ? null : value.slice(0, VERSION_WIDTH),
      dueAt: null,
      isDoubtful: false,
    }
    memory.set(id, what)
    return what
  }

  async function commit(id: ConversationId, version: string | null, change: Change): Promise<'committed' | 'conflict'> {
    if (!isLaidOut) await prepare()
    const based = memory.get(id) ?? UNSEEN
    // Something else was remembered since it was loaded: decided upon again, it has the newer state to go by.
    if (based.version !== version) return 'conflict'
    const now = clock.now()
    const next = change.state === null ? null : { state: change.state, version: nextVersion() }
    const period = periodAt(now)
    const partition = keys.partitionOf(id)
    const keysTouched = [
      keys.conversation(id),
      keys.history(id),
      keys.seen(id, period),
      keys.seen(id, period - 1),
      keys.due(partition),
      keys.activity(partition),
      keys.paused(partition),
    ]
    const seenUntil = (period + 2) * SEEN_PERIOD_MS
    const args = commitArguments({ id, based, next, change, now, seenUntil })
    const [outcome, value] = await commands.commit(keysTouched, args).catch((error: unknown) => {
      // It may have happened or not: only the server knows what is true now.
      memory.forget(id)
      throw error
    })
    if (outcome === 0) {
      remember(id, value ?? null)
      return 'conflict'
    }
    if (outcome === 2) {
      memory.set(id, { ...based, isDoubtful: true })
      return 'conflict'
    }
    if (next !== null) {
      memory.set(id, { ...next, dueAt: change.dueAt, isDoubtful: false })
      dueIn[partition] = Math.min(dueIn[partition]!, change.dueAt)
    }
    return 'committed'
  }

  async function read(id: ConversationId): Promise<Conversation | null> {
    const value = await commands.get(keys.conversation(id))
    return value === null ? null : decodeState(id, value.slice(VERSION_WIDTH))
  }

  return {
    now: clock.now,
    load(id, question) {
      const { state, version, isDoubtful } = memory.get(id) ?? UNSEEN
      const isGuess = question.find === null || question.find.is === 'ours'
      if (!isLaidOut || !isGuess || isDoubtful) return look(id, question)
      // Most likely what is remembered is true, and the event new. The commit finds out.
      return { state, version, known: NOTHING_KNOWN, isFresh: false }
    },
    look,
    commit: (id, version, change) => commit(id, version as string | null, change),
    read,
    async claimDue(limit, leaseMs) {
      if (!isLaidOut) await prepare()
      const now = clock.now()
      const isSweep = now >= sweepAt
      if (isSweep) sweepAt = now + SWEEP_EVERY_MS
      const claims: Promise<readonly ConversationId[]>[] = []
      for (let partition = 0; partition < PARTITIONS; partition++) {
        if (isSweep || dueIn[partition]! <= now) claims.push(claim(partition, limit, leaseMs))
      }
      return (await Promise.all(claims)).flat()
    },
    nextDue: () => dueIn.reduce((first, at) => Math.min(first, at), sweepAt),
    async history(id, page) {
      const [state, ttl] = [await read(id), page.historyTtlMs]
      if (state === null) return []
      return historyPage(commands, keys.history(id), state.seq, page, ttl === FOREVER ? 0 : clock.now() - ttl)
    },
    list: (page) => listPage({ commands, keys, read, now: clock.now }, page),
    noteChannel(channelId, direction, at) {
      const field = `${channelId} ${direction}`
      if (at - (noted.get(field) ?? 0) < NOTE_CHANNEL_EVERY_MS) return
      noted.set(field, at)
      commands.setField(keys.channel(channelId), direction, String(at)).catch(ignore)
    },
    async channelTimes(channelId) {
      const { inbound, echo } = await commands.fields(keys.channel(channelId))
      return { lastInboundAt: Number(inbound ?? 0), lastEchoAt: Number(echo ?? 0) }
    },
    async check() {
      if (isLaidOut) await commands.ping()
      else await prepare()
    },
    close() {
      clearInterval(comparing)
      clearInterval(tidying)
      commands.close()
    },
  }

  async function claim(partition: number, limit: number, leaseMs: number): Promise<readonly ConversationId[]> {
    const keyStart = keys.conversation('' as ConversationId)
    const [first, ...ids] = await commands.claim(keys.due(partition), limit, leaseMs, keyStart)
    dueIn[partition] = first === '' || first === undefined ? FOREVER : Number(first)
    return ids as ConversationId[]
  }
}

/** A conversation that this process has not met: most likely nobody has. */
const UNSEEN: Remembered = { state: null, version: null, dueAt: FOREVER, isDoubtful: false }
const NOTHING_KNOWN: Known = { isSeen: false, isOurs: false, message: null }

/** What runs by the clock is tried again by the clock. */
function ignore(): void {}
