import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import type { Message } from '../../../src/conversation/state/message.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import {
  type Conversation,
  hasDeadLetters,
  isListed,
  isSilent,
  NOT_ASKING,
  newConversation,
} from '../../../src/conversation/state/state.js'
import { RouterError } from '../../../src/engine/ports.js'
import { atRest } from '../../../src/store/memory/at-rest.js'
import { openBytesOf } from '../../../src/store/memory/entry.js'
import { bytesOf } from '../../../src/store/memory/history.js'
import { HOUR, part, run } from '../../fixtures/conversation.js'
import { DAY, openMemory } from '../../fixtures/memory-store.js'
import fc from '../../fixtures/property.js'
import { EVERYTHING } from '../../fixtures/store-contract/list-pages.js'
import { change, idOf, numbered } from '../../fixtures/store-contract.js'

/**
 * The store against the plainest one that could be: what is there, what each history holds, in which order all are
 * listed, who is woken, and what is refused. A counter that drifted would refuse or forget at another moment.
 */

/** In whole seconds, so that rounding is no matter. */
interface Step {
  readonly is: 'commit' | 'wait' | 'sweep' | 'claim'
  readonly user: number
  readonly messages: number
  readonly text: number
  readonly rewrites: number
  readonly waiting: number
  /** What waits is what waited and the new messages, but for this many from the end; null for `waiting` others. */
  readonly newWaitBut: number | null
  readonly sent: number
  readonly unclaimed: number
  readonly asked: number
  readonly parts: number
  readonly aside: number
  readonly dead: number
  readonly posts: number
  readonly keepForMs: number
  readonly dueInMs: number
  readonly ttlMs: number
  readonly isClosed: boolean
  readonly ms: number
  /** A look wakes what is at rest. */
  readonly looks: boolean
}

interface Kept {
  readonly state: Conversation
  readonly history: readonly Message[]
  readonly ttlMs: number
  readonly keepUntil: number
  readonly dueAt: number
  readonly touchedAt: number
  readonly activity: number
}

const USERS = 12
const LEASE_MS = 5_000
const FILTERS = [
  [{}, () => true],
  [{ dead: true }, hasDeadLetters],
] as const
const LIMITS = { conversations: 9, historyBytes: 6_000, openBytes: 16_000 }

/** All in one partition, so that a sweep of all comes by them at one moment. */
const userOf = (number: number): number => (number + 1) * 1000

const step: fc.Arbitrary<Step> = fc.record({
  is: fc.constantFrom('commit', 'commit', 'commit', 'commit', 'commit', 'wait', 'sweep', 'claim'),
  user: fc.nat(USERS - 1),
  messages: fc.constantFrom(0, 0, 1, 1, 2),
  text: fc.constantFrom(0, 10, 300),
  rewrites: fc.constantFrom(0, 0, 1, 2, 5),
  waiting: fc.constantFrom(0, 0, 1, 3),
  newWaitBut: fc.constantFrom(null, 0, 0, 0, 1),
  sent: fc.constantFrom(0, 0, 1),
  unclaimed: fc.constantFrom(0, 1),
  asked: fc.constantFrom(0, 0, 2),
  parts: fc.constantFrom(0, 0, 2),
  aside: fc.constantFrom(0, 0, 1),
  dead: fc.constantFrom(0, 0, 1),
  posts: fc.constantFrom(0, 0, 3),
  keepForMs: fc.constantFrom(0, 0, 0, 10_000, 2 * HOUR, FOREVER),
  dueInMs: fc.constantFrom(0, 1000, 10_000, FOREVER),
  ttlMs: fc.constantFrom(0, 60_000, DAY, DAY, DAY, 30 * DAY),
  isClosed: fc.boolean(),
  ms: fc.constantFrom(1000, 1000, 10_000, HOUR, 8 * DAY),
  looks: fc.boolean(),
})

function createPlainStore() {
  const all = new Map<number, Kept>()
  let clock = 0
  const oldestFirst = () => [...all].sort(([, a], [, b]) => a.activity - b.activity)
  const sum = (weigh: (kept: Kept) => number) => [...all.values()].reduce((total, kept) => total + weigh(kept), 0)
  const weightOf = (kept: Kept) => kept.history.reduce((total, each) => total + bytesOf(each), 0)

  function makeRoom(now: number): void {
    if (all.size < LIMITS.conversations * 0.98) return
    for (const [user, kept] of oldestFirst()) {
      if (all.size <= LIMITS.conversations * 0.95) return
      if (kept.keepUntil <= now) all.delete(user)
    }
  }

  return {
    all,
    makeRoom,
    listed: (passes: (state: Conversation) => boolean) =>
      oldestFirst()
        .reverse()
        .filter(([, { state }]) => isListed(state) && passes(state))
        .map(([, { state, history }]) => ({ id: state.id, lastMessage: history.at(-1) ?? null })),
    /** False when it is refused. */
    commit(user: number, kept: Omit<Kept, 'history' | 'activity'>, records: readonly Message[]): boolean {
      const before = all.get(user)
      const added = openBytesOf(kept.state) - (before === undefined ? 0 : openBytesOf(before.state))
      if (added > 0 && sum(({ state }) => openBytesOf(state)) + added > LIMITS.openBytes) return false
      if (before === undefined) {
        makeRoom(kept.touchedAt)
        if (all.size >= LIMITS.conversations) return false
      }
      const grew = before === undefined || kept.state.seq > before.state.seq
      const cameIn = before !== undefined && isSilent(before.state) && !isSilent(kept.state)
      clock += 1
      const history = kept.ttlMs === 0 ? (before?.history ?? []) : withRecords(before, records)
      all.set(user, { ...kept, history, activity: grew || cameIn ? clock : before.activity })
      for (const [oldest] of oldestFirst()) {
        if (sum(weightOf) > LIMITS.historyBytes) all.set(oldest, { ...all.get(oldest)!, history: [] })
      }
      return true
    },
    sweep(now: number): void {
      makeRoom(now)
      for (const [user, kept] of all) {
        const life = isSilent(kept.state) ? HOUR : Math.max(7 * DAY, kept.ttlMs)
        const from = kept.history.findIndex(({ arrivedAt }) => arrivedAt >= now - kept.ttlMs)
        const history = from < 0 ? [] : kept.history.slice(from)
        const state = now - kept.touchedAt >= 3_600_000 ? atRest(kept.state, now) : kept.state
        if (kept.keepUntil <= now && now - kept.touchedAt >= life) all.delete(user)
        else all.set(user, { ...kept, history, state })
      }
      makeRoom(now)
    },
  }
}

function withRecords(before: Kept | undefined, records: readonly Message[]): readonly Message[] {
  let history = before?.history ?? []
  for (const record of records) {
    if (history.some(({ seq }) => seq === record.seq)) {
      history = history.map((each) => (each.seq === record.seq ? record : each))
    } else if (record.seq > (before?.state.seq ?? 0)) {
      history = history.at(-1)?.seq === record.seq - 1 ? [...history, record] : [record]
    }
  }
  return history
}

function next(before: Conversation | null, { user, ...step }: Step, now: number) {
  const was = before ?? newConversation(idOf(userOf(user)), now)
  const seq = was.seq + step.messages
  const bears = { arrivedAt: now, text: 'x'.repeat(step.text) }
  const added = Array.from({ length: step.messages }, (_, i) => numbered(now, was.seq + 1 + i, bears))
  const changed =
    step.rewrites > 0 && was.seq >= step.rewrites ? [numbered(now, was.seq + 1 - step.rewrites, bears)] : []
  const open = (count: number) => Array.from({ length: count }, (_, i) => numbered(now, i + 1, bears))
  const parts = (count: number) => open(count).map((message) => part({ message }))
  /** As they are when they wait no more. */
  const left = (count: number) => parts(count).map(({ stage: _, ...each }) => each)
  const outbox = {
    parts: parts(step.parts),
    setAside: left(step.aside).map((each) => ({ part: each, at: now })),
    dead: left(step.dead).map((each) => ({ seq: 1, reason: 'refused', code: '1', at: now, parts: [each] }) as const),
    posts: open(step.posts).map(({ seq }) => ({ key: `${seq}`, body: '', at: now, seq, reason: null })),
  }
  const waited = [...was.waiting, ...added]
  const waiting = step.newWaitBut === null ? open(step.waiting) : waited.slice(-4, waited.length - step.newWaitBut)
  const isEmpty = step.parts + step.aside + step.dead + step.posts === 0
  const state: Conversation = {
    ...was,
    seq,
    closedAt: step.isClosed ? now : 0,
    waiting,
    sent: open(step.sent).map((message) => ({ message, until: now + 60_000 })),
    unclaimed: open(step.unclaimed).map((message) => ({ message, at: now })),
    asking: step.asked === 0 ? NOT_ASKING : { ...NOT_ASKING, run: run({ messages: open(step.asked) }) },
    outbox: isEmpty ? NO_OUTBOX : outbox,
  }
  return { state, records: [...changed, ...added] }
}

async function agrees(steps: readonly Step[]): Promise<boolean> {
  const { store, clock, sweepAll } = openMemory(LIMITS)
  const plain = createPlainStore()
  const versions = new Set<unknown>()
  for (const [i, step] of steps.entries()) {
    const now = store.now()
    if (step.is === 'wait') clock.advance(step.ms)
    else if (step.is === 'sweep') {
      sweepAll()
      plain.sweep(now)
    } else if (step.is === 'claim') {
      const due = [...plain.all].filter(([, kept]) => kept.dueAt <= now)
      const given = await store.claimDue(3, LEASE_MS)
      const users = given.map((id) => Number(id.split('-')[1]) / 1000 - 1)
      const times = users.map((user) => plain.all.get(user)!.dueAt)
      const latest = due.map(([, { dueAt }]) => dueAt).sort((a, b) => a - b)
      if (!isDeepStrictEqual(times, latest.slice(0, 3)) || new Set(users).size !== users.length) return false
      for (const user of users) plain.all.set(user, { ...plain.all.get(user)!, dueAt: now + LEASE_MS })
    } else {
      const id = idOf(userOf(step.user))
      const { state: before, version } = await store.loadFresh(id, { key: null, find: null })
      const { state, records } = next(before, step, now)
      const kept = {
        state,
        ttlMs: step.ttlMs,
        keepUntil: step.keepForMs === FOREVER ? FOREVER : step.keepForMs === 0 ? 0 : now + step.keepForMs,
        dueAt: step.dueInMs === FOREVER ? FOREVER : now + step.dueInMs,
        touchedAt: now,
      }
      const { dueAt, keepUntil, ttlMs: historyTtlMs } = kept
      const outcome = await committed(() =>
        store.commit(id, version, change({ state, records, dueAt, keepUntil, historyTtlMs })),
      )
      if (outcome !== (plain.commit(step.user, kept, records) ? 'committed' : 'store_full')) return false
      if (outcome === 'committed') {
        const { version: fresh } = await store.loadFresh(id, { key: null, find: null })
        if (versions.has(fresh)) return false
        versions.add(fresh)
      }
    }
    for (let user = 0; user < USERS && (step.looks || i === steps.length - 1); user++) {
      const id = idOf(userOf(user))
      const kept = plain.all.get(user)
      const history = await store.history(id, { before: null, after: null, limit: 99, historyTtlMs: FOREVER })
      if (!isDeepStrictEqual(await store.read(id), kept?.state ?? null)) return false
      if (!isDeepStrictEqual(history, kept?.history ?? [])) return false
    }
    for (const [filter, passes] of FILTERS) {
      const { conversations } = await store.list({ ...EVERYTHING, ...filter })
      const listed = conversations.map(({ state, lastMessage }) => ({ id: state.id, lastMessage }))
      if (!isDeepStrictEqual(listed, plain.listed(passes))) return false
    }
    if (store.nextDue() !== Math.min(FOREVER, ...[...plain.all.values()].map(({ dueAt }) => dueAt))) return false
  }
  return true
}

async function committed(commit: () => unknown): Promise<unknown> {
  try {
    return await commit()
  } catch (error) {
    if (error instanceof RouterError) return error.code
    throw error
  }
}

t.test('the memory store does what the plainest store would do', async (t) => {
  const runs = fc.asyncProperty(fc.array(step, { maxLength: 100, size: 'max' }), agrees)
  await t.resolves(fc.assert(runs, { numRuns: 150 }))
})
