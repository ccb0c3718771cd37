import t from 'tap'
import type { Channel } from '../../src/conversation/channel.js'
import type { Event } from '../../src/conversation/event.js'
import type { VerdictOf } from '../../src/conversation/verdict.js'
import { type Change, type Question, type Received, RouterError, type Store } from '../../src/engine/ports.js'
import { createReceive } from '../../src/engine/receive.js'
import { channelWith } from '../fixtures/channel.js'
import {
  customerMessage,
  deletion,
  echo,
  edit,
  HOUR,
  ID,
  mark,
  reaction,
  read,
  report,
  SECOND,
  signal,
  wake,
} from '../fixtures/conversation.js'
import { openMemory } from '../fixtures/memory-store.js'
import { slowly } from '../fixtures/slow-store.js'

const CHANNEL: Channel = channelWith()
const NOTHING: Question = { key: null, find: null }

/** A memory store that tells what it was asked, and `receive` over it. */
function engine(changes: (store: Store) => Partial<Store> = () => ({})) {
  const { store: memory, clock } = openMemory()
  const questions: Question[] = []
  const commits: Change[] = []
  const due: number[] = []
  const watched: Store = {
    ...memory,
    load(id, question) {
      questions.push(question)
      return memory.load(id, question)
    },
    commit(id, version, change) {
      commits.push(change)
      return memory.commit(id, version, change)
    },
  }
  const store = { ...watched, ...changes(watched) }
  const receive = createReceive({ store, onCommit: (_state, at) => due.push(at) })
  return {
    memory,
    clock,
    questions,
    commits,
    due,
    receive: (event: Event, key: string | null = null) => receive(ID, CHANNEL, event, key),
    /** For a store that answers at once. */
    now: <E extends Event>(event: E, key: string | null = null) =>
      receive(ID, CHANNEL, event, key) as Received<VerdictOf<E>>,
  }
}

t.test('an event is decided upon, committed, and answered at once where the store does', async (t) => {
  const { now, memory, commits } = engine()
  const received = now(customerMessage({ mid: 'a', text: 'hello' }), 'a')
  t.match(received, { isNew: true, state: { seq: 1 }, verdict: { outcome: 'accepted', author: 'customer' } })
  t.strictSame(await memory.read(ID), received.state)
  t.equal(commits.length, 1)
  t.match(now(customerMessage({ mid: 'b' }), 'b'), { isNew: false, state: { seq: 2 } })
})

t.test('a store that answers later is answered for later', async (t) => {
  const { receive } = engine((store) => slowly(store, 1))
  const received = receive(customerMessage({ mid: 'a' }), 'a')
  t.type(received, Promise)
  t.match(await received, { isNew: true, state: { seq: 1 } })
})

t.test('a commit has its keep time and its due time', async (t) => {
  const { now, memory, commits, due } = engine()
  now(customerMessage({ mid: 'a' }), 'a')
  now(echo({ mid: 'b' }), 'b')
  const quiet = memory.now() + 2 * SECOND
  const until = memory.now() + 6 * HOUR
  t.match(commits[0], {
    key: 'a',
    dueAt: quiet,
    keepUntil: memory.now() + 24 * HOUR,
    historyTtlMs: CHANNEL.policy.historyTtlMs,
  })
  t.match(commits[1], { key: 'b', dueAt: until, keepUntil: until, records: [{ seq: 2 }, { seq: 1 }] })
  t.strictSame(due, [quiet, until])
  t.equal(memory.nextDue(), until)
})

t.test('an event that comes again is a duplicate, with its message, and nothing is committed', async (t) => {
  const { now, commits } = engine()
  const first = now(customerMessage({ mid: 'a' }), 'a')
  const again = now(customerMessage({ mid: 'a' }), 'a')
  t.match(again.verdict, { outcome: 'duplicate', author: 'customer' })
  t.strictSame(again.verdict.message, first.verdict.message)
  t.strictSame(again.state, first.state)
  t.equal(again.isNew, false)
  t.equal(commits.length, 1)
})

t.test('an event that changes nothing commits nothing', async (t) => {
  const { now, commits, due } = engine()
  now(customerMessage({ mid: 'a' }), 'a')
  for (const event of [mark({ count: 0 }), signal(), read({ at: 1 })]) {
    const { verdict, state } = now(event)
    const outcome = 'outcome' in verdict ? verdict.outcome : 'accepted'
    t.match({ outcome, state }, { outcome: 'accepted', state: { seq: 1 } })
  }
  t.match(now({ is: 'state', open: true }), { isNew: false })
  t.equal(commits.length, 1)
  t.equal(due.length, 1)
  // One of a message that is still to come is kept.
  t.match(now(edit({ mid: 'unknown' })), { isNew: false, state: { seq: 1 } })
  t.equal(commits.length, 2)
})

t.test('a wake is committed even if it changes nothing, but creates no conversation', async (t) => {
  const { now, memory, commits } = engine()
  now(wake())
  t.equal(commits.length, 0)
  const { state } = now(customerMessage({ mid: 'a' }), 'a')
  now(wake())
  t.match(commits[1], { state, records: [], dueAt: memory.now() + 2 * SECOND })
  t.equal(commits.length, 2)
})

t.test('a handled event is remembered even when it changes nothing', async (t) => {
  const { now, commits } = engine()
  t.equal(now(reaction({ mid: 'unknown' }), 'r').verdict.outcome, 'accepted')
  t.match(commits, [{ state: null, key: 'r', records: [] }])
  t.equal(now(reaction({ mid: 'unknown' }), 'r').verdict.outcome, 'duplicate')
  t.equal(commits.length, 1)
})

t.test('after a conflict the event is decided again on the new state', async (t) => {
  let rivals = 3
  const { now, memory, commits } = engine((store) => ({
    commit(id, version, change) {
      if (rivals > 0) {
        rivals -= 1
        createReceive({ store: memory, onCommit: () => {} })(id, CHANNEL, echo({ mid: `e${rivals}` }), `e${rivals}`)
      }
      return store.commit(id, version, change)
    },
  }))
  const { verdict, state, isNew } = now(customerMessage({ mid: 'a' }), 'a')
  t.match(verdict, { outcome: 'accepted', reason: 'bot_paused', message: { seq: 4, status: 'skipped' } })
  t.match(state, { seq: 4, waiting: [] })
  t.equal(state.causes.length, 3)
  t.equal(isNew, false)
  t.equal(commits.length, 4)
  t.strictSame(await memory.read(ID), state)
})

t.test('a conflict with the same event makes it a duplicate', async (t) => {
  let isFirst = true
  const { now, memory } = engine((store) => ({
    commit(id, version, change) {
      if (isFirst) {
        isFirst = false
        createReceive({ store: memory, onCommit: () => {} })(id, CHANNEL, customerMessage({ mid: 'a' }), 'a')
      }
      return store.commit(id, version, change)
    },
  }))
  t.equal(now(customerMessage({ mid: 'a' }), 'a').verdict.outcome, 'duplicate')
  t.equal((await memory.read(ID))?.seq, 1)
})

t.test('a message that is reported while its echo is decided upon is no person’s', async (t) => {
  let isFirst = true
  const { now, memory } = engine((store) => ({
    commit(id, version, change) {
      if (isFirst) {
        isFirst = false
        createReceive({ store: memory, onCommit: () => {} })(id, CHANNEL, report({ mid: 'b' }), null)
      }
      return store.commit(id, version, change)
    },
  }))
  t.match(now(echo({ mid: 'b' }), 'b').verdict, { outcome: 'duplicate', reason: 'own_message', author: 'bot' })
  t.strictSame((await memory.read(ID))?.causes, [])
})

t.test('a conversation that changes without end is given up', async (t) => {
  let tries = 0
  const refuse = () => {
    tries += 1
    return 'conflict' as const
  }
  t.throws(() => engine(() => ({ commit: refuse })).now(customerMessage()), { code: 'conflict' })
  t.ok(tries > 50 && tries < 200)
  const slow = engine((store) => slowly({ ...store, commit: refuse }, 1))
  await t.rejects(async () => slow.receive(customerMessage()), { code: 'conflict' })
  t.strictSame(slow.due, [])
})

t.test('a failure of the store changes nothing and is passed on unchanged', async (t) => {
  const full = () => {
    throw new RouterError('store_full', 'full')
  }
  const away = async () => {
    throw new RouterError('store_unavailable', 'away')
  }
  const { now, due } = engine(() => ({ commit: full }))
  t.throws(() => now(customerMessage()), { code: 'store_full' })
  t.strictSame(due, [])
  await t.rejects(async () => engine(() => ({ load: away })).receive(customerMessage()), { message: 'away' })
  await t.rejects(async () => engine(() => ({ commit: away })).receive(customerMessage()), { message: 'away' })
})

t.test('a decision on cached state without a commit is made again on fresh state', async (t) => {
  let looks = 0
  const { now, memory, questions, commits } = engine((store) => ({
    // Remembers nothing of what happened elsewhere.
    load(id, question) {
      store.load(id, question)
      const known = { isSeen: false, isOurs: false, message: null }
      return { state: null, version: null, known, isFresh: false }
    },
    loadFresh(id, question) {
      looks += 1
      return store.loadFresh(id, question)
    },
  }))
  createReceive({ store: memory, onCommit: () => {} })(ID, CHANNEL, echo({ mid: 'b' }), 'b')
  const { state, isNew } = now(wake())
  t.equal(state.causes.length, 1)
  t.equal(isNew, false)
  t.equal(looks, 1)
  t.equal(questions.length, 1)
  t.equal(commits.length, 1)
})

t.test('the message of an event is looked up together with the conversation', async (t) => {
  const { now, questions, commits } = engine()
  const cases: readonly (readonly [Event, Question['find'], string | null])[] = [
    [customerMessage({ mid: 'm' }), null, null],
    [customerMessage({ mid: 'm', isSelf: true }), { is: 'ours', mid: 'm' }, 'm'],
    [customerMessage({ mid: null, isSelf: true }), null, null],
    [echo({ mid: 'm' }), { is: 'ours', mid: 'm' }, 'm'],
    [echo({ mid: null }), null, null],
    [report({ mid: 'm' }), { is: 'recent', mid: 'm' }, null],
    [report({ mid: null }), null, null],
    [echo({ mid: 'm' }), { is: 'ours', mid: 'm' }, null],
    [edit({ mid: 'm' }), { is: 'mid', mid: 'm' }, null],
    [deletion({ mid: 'm' }), { is: 'mid', mid: 'm' }, null],
    [reaction({ mid: 'm' }), { is: 'mid', mid: 'm' }, null],
    [read({ mid: 'm' }), { is: 'mid', mid: 'm' }, null],
    [read({ mid: null, at: 5 }), { is: 'read_up_to', at: 5 }, null],
    [{ is: 'transcribed', seq: 3, text: 'hi' }, { is: 'seq', seq: 3 }, null],
    [signal({ prompt: true }), null, null],
    [mark(), null, null],
    [{ is: 'bot', enabled: true, forMs: 0, note: null }, null, null],
    [{ is: 'state', open: false }, null, null],
    [wake(), null, null],
  ]
  for (const [i, [event, find, notOurs]] of cases.entries()) {
    now(event, `key ${i}`)
    t.strictSame(questions.at(-1), { key: `key ${i}`, find }, event.is)
    t.equal(commits.at(-1)?.notOurs, notOurs, event.is)
  }
  t.equal(commits.length, cases.length)
})

t.test('the id of a reported message is ours from then on', async (t) => {
  const { now, memory, commits } = engine()
  now(report({ mid: 'b' }))
  t.equal(commits[0]?.ownId, 'b')
  t.equal((await memory.loadFresh(ID, { key: null, find: { is: 'ours', mid: 'b' } })).known.isOurs, true)
  t.match(await memory.loadFresh(ID, NOTHING), { state: { seq: 1 } })
})

t.test('a decision is good for half a second from the moment it was made', async (t) => {
  const { now, memory } = engine()
  t.equal(now(customerMessage()).freshUntil, memory.now() + 500)
  const slow = engine((store) => ({
    commit(...change) {
      slow.clock.advance(2 * SECOND)
      return store.commit(...change)
    },
  }))
  const decidedAt = slow.memory.now()
  t.equal(slow.now(customerMessage()).freshUntil, decidedAt + 500, 'whenever the commit’s answer came')
})
