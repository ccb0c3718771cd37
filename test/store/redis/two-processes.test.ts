import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Command } from 'ioredis'
import t from 'tap'
import { textAnswer } from '../../../src/conversation/answer/answer.js'
import { FOREVER } from '../../../src/conversation/channel.js'
import type { Event, RunEnd, SendResult } from '../../../src/conversation/event.js'
import { type ConversationId, conversationIdOf } from '../../../src/conversation/ids.js'
import { NO_NAMES } from '../../../src/conversation/state/state.js'
import type { Received, Store } from '../../../src/engine/ports.js'
import { createReceive } from '../../../src/engine/receive.js'
import { COMMIT, CONFLICT, DONE } from '../../../src/store/redis/commit-script.js'
import type { Client } from '../../../src/store/redis/connect.js'
import { VERSION_WIDTH } from '../../../src/store/redis/scripts.js'
import { channelWith } from '../../fixtures/channel.js'
import {
  asRead,
  customerMessage,
  deletion,
  echo,
  edit,
  MINUTE,
  mark,
  outgoing,
  reaction,
  read,
  report,
  runEnd,
  send,
  sendResult,
  wake,
} from '../../fixtures/conversation.js'
import { openMemory } from '../../fixtures/memory-store.js'
import fc from '../../fixtures/property.js'
import { startRedis } from '../../fixtures/redis-servers.js'
import { openRedis } from '../../fixtures/redis-store.js'

/**
 * Two processes with memories of their own share a server, and many events come to both at once. Whatever the order in
 * which they got through, it must be as if they had come to one process one after another in that order.
 */

const server = await startRedis()
t.teardown(() => server.stop())

const CHANNEL = channelWith({ pauseMs: 5 * MINUTE, debounceMs: 0, cooldownMs: 0 })
const PAGE = { before: null, after: null, limit: 1000, historyTtlMs: FOREVER }
const USERS = 3
const HASH = createHash('sha1').update(COMMIT).digest('hex')

interface Arrival {
  readonly process: 0 | 1
  readonly user: number
  readonly event: Event
}

/** Few mids, so that the same message comes again, and echoes meet reports. */
const mid = fc.nat(5).map((n) => `mid-${n}`)
const text = fc.constantFrom('hello', 'how are you', 'bye')
const names = { ...NO_NAMES, taskId: 'task' }
const end = fc.constantFrom<RunEnd['end']>(
  { is: 'answer', answer: textAnswer('hello'), conversationId: 'c-1' },
  { is: 'failed', isWorthRetry: true },
  { is: 'unknown', code: 'timeout' },
)
const runId = fc.constantFrom('run-1', 'run-2')
const seq = fc.integer({ min: 1, max: 6 })
/** Meta gives no two messages the same id, and does not turn a message of ours into what another program reports. */
const sentMid = (of: number) => `sent ${of}`
const sentText = fc.constantFrom('hello', 'how are you')
const reportedText = fc.constant('bye')
const result: fc.Arbitrary<SendResult> = fc
  .record({
    seq,
    attempt: fc.constantFrom(1, 1, 2),
    is: fc.constantFrom<SendResult['end']['is']>('sent', 'sent', 'sent', 'later', 'dead', 'form_refused', 'unknown'),
  })
  .map(({ is, ...of }) => sendResult(endOf(is, of.seq), of))
function endOf(is: SendResult['end']['is'], of: number): SendResult['end'] {
  if (is === 'sent') return { is, mid: sentMid(of) }
  if (is === 'later') return { is, code: '613', afterMs: 0 }
  if (is === 'form_refused') return { is, code: '100' }
  return is === 'dead' ? { is, reason: 'refused', code: '100' } : { is }
}
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ mid, text }).map((of) => customerMessage({ ...of, mid: `c ${of.mid}` })) },
  { weight: 4, arbitrary: fc.record({ mid, text }).map((of) => echo(of)) },
  { weight: 2, arbitrary: fc.record({ mid: seq.map(sentMid), text: sentText }).map((of) => echo(of)) },
  {
    weight: 2,
    arbitrary: fc.record({ mid: fc.oneof(mid, fc.constant(null)), text: reportedText }).map((of) => report(of)),
  },
  { weight: 2, arbitrary: fc.record({ count: fc.nat(2), onlyIfOn: fc.boolean() }).map((of) => mark(of)) },
  { weight: 1, arbitrary: mid.map((of) => edit({ mid: `c ${of}` })) },
  { weight: 1, arbitrary: mid.map((of) => deletion({ mid: of })) },
  { weight: 1, arbitrary: mid.map((of) => reaction({ mid: of })) },
  { weight: 1, arbitrary: fc.constant(read({ at: 0 })) },
  {
    weight: 1,
    arbitrary: fc.boolean().map((enabled) => ({ is: 'bot', enabled, forMs: FOREVER, note: null }) as const),
  },
  { weight: 1, arbitrary: fc.boolean().map((open) => ({ is: 'state', open }) as const) },
  { weight: 3, arbitrary: runId.map((of) => wake({ runId: of })) },
  { weight: 1, arbitrary: runId.map((of) => ({ is: 'run_beat', runId: of, names, said: null }) as const) },
  { weight: 2, arbitrary: fc.record({ runId, end }).map((of) => runEnd(of.end, of)) },
  { weight: 2, arbitrary: fc.record({ key: fc.constantFrom(null, 'k'), text }).map((of) => outgoing(of)) },
  { weight: 3, arbitrary: fc.constant(send(0)) },
  { weight: 3, arbitrary: result },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constantFrom('redrive', 'discard'), seq }),
  },
)
const arrival: fc.Arbitrary<Arrival> = fc.record({
  process: fc.constantFrom(0, 1),
  user: fc.integer({ min: 1, max: USERS }),
  event,
})
/** What arrives together, again and again. */
const moments = fc.array(fc.array(arrival, { minLength: 1, maxLength: 16, size: 'max' }), {
  minLength: 1,
  maxLength: 5,
  size: 'max',
})

function keyOf(event: Event): string | null {
  switch (event.is) {
    case 'message':
    case 'echo':
      return event.mid
    case 'delete':
      return `delete ${event.mid}`
    default:
      return null
  }
}

/** What got through: from which version to which, decided when. */
interface Step {
  readonly arrival: Arrival
  readonly id: ConversationId
  readonly at: number
  readonly from: string
  /** The same as `from` where only ids were written. */
  readonly to: string
}

interface Came {
  readonly arrival: Arrival
  readonly received: Received
}

const counted = { commits: 0, conflicts: 0 }

type Behalf = Omit<Step, 'to'>

/** Notes every commit of that client's store, on whose behalf it was. */
function watchCommits(client: Client, steps: Step[]) {
  const sendOn = client.sendCommand.bind(client)
  const asked: Behalf[] = []
  client.sendCommand = async (command: Command) => {
    const [script, ...call] = command.args.map(String)
    if (script !== COMMIT && script !== HASH) return sendOn(command)
    const sent = commitsIn(call).map(({ id, from, to }) => {
      // Those that the store refused by itself came after those that it sent.
      const place = asked.findIndex((each) => each.id === id && each.from === from)
      return { ...asked.splice(place, 1)[0]!, to }
    })
    let answers: readonly unknown[]
    try {
      answers = (await sendOn(command)) as readonly unknown[]
    } catch (error) {
      // Sent again as the whole script where the server does not know its hash.
      asked.unshift(...sent)
      throw error
    }
    let at = 0
    for (const step of sent) {
      const outcome = answers[at]
      at += outcome === CONFLICT ? 2 : 1
      if (outcome === DONE) steps.push(step)
      counted[outcome === DONE ? 'commits' : 'conflicts'] += 1
    }
    return answers
  }
  return {
    add: (behalf: Behalf) => void asked.push(behalf),
    /** The store refused it by itself; one that was sent is not there any more. */
    drop(behalf: Behalf) {
      const place = asked.indexOf(behalf)
      if (place >= 0) asked.splice(place, 1)
    },
  }
}

/** The commits of a call: their conversations, their base versions, and the versions that they write. */
function commitsIn(call: readonly string[]) {
  const commits: { readonly id: string; readonly from: string; readonly to: string }[] = []
  for (let at = 1 + Number(call[0]); at < call.length; ) {
    const [, texts, from = '', , id = ''] = call[at]!.split('\0')
    const value = call[at + 1]!
    commits.push({ id, from, to: value === '' ? from : value.slice(0, VERSION_WIDTH) })
    at += 2 + Number(texts)
  }
  return commits
}

/** The order of all that got through in one conversation, each based on what the one before it made. */
function inOrder(steps: readonly Step[]): readonly Step[] {
  const order: Step[] = []
  for (let version: string | undefined = ''; version !== undefined; ) {
    const here: readonly Step[] = steps.filter(({ from }) => from === version)
    order.push(...here.filter(({ to }) => to === version))
    const next: readonly Step[] = here.filter(({ to }) => to !== version)
    if (next.length > 1) throw new Error('two commits were based on the same version')
    order.push(...next)
    version = next[0]?.to
  }
  if (order.length !== steps.length) throw new Error('a commit was based on a version that nobody made')
  return order
}

/** The first thing that went wrong, or 'nothing'. */
async function wrongIn(groups: readonly (readonly Arrival[])[]): Promise<string> {
  const opened = await openRedis(server.url, [server.client])
  const second = await opened.another()
  const steps: Step[] = []
  const processes = [opened, second].map(({ store, client }) => ({ store, behalves: watchCommits(client, steps) }))
  const ids = Array.from({ length: USERS }, (_, i) => conversationIdOf('1', `${i + 1}`))
  const came: Came[] = []

  async function arrive(given: Arrival): Promise<void> {
    const { store, behalves } = processes[given.process]!
    const id = ids[given.user - 1]!
    const isResult = given.event.is === 'send_result'
    // A result says in which conversation its message was sent.
    const of = isResult ? { createdAt: (await store.read(id))?.createdAt ?? 0 } : {}
    const arrival: Arrival = { ...given, event: { ...given.event, ...of } as Event }
    let at = 0
    const noting: Store = {
      ...store,
      now: () => {
        at = store.now()
        return at
      },
      async commit(of, version, change) {
        const behalf = { arrival, id, at, from: (version as string | null) ?? '' }
        behalves.add(behalf)
        const outcome = await store.commit(of, version, change)
        // Else the next attempt, on the same version, would be taken for it.
        if (outcome === 'conflict') behalves.drop(behalf)
        return outcome
      },
    }
    // A `receive` for each: nothing but the store keeps them apart.
    const receive = createReceive({ store: noting, onCommit: () => {} })
    came.push({ arrival, received: await receive(id, CHANNEL, arrival.event, keyOf(arrival.event)) })
  }

  try {
    for (const group of groups) await Promise.all(group.map(arrive))
    for (const id of ids) {
      const wrong = await wrongWith(id, inOrder(steps.filter((step) => step.id === id)), came, {
        state: ((state) => state && asRead(state))(await second.store.read(id)),
        history: await opened.store.history(id, PAGE),
      })
      if (wrong !== 'nothing') return wrong
    }
    return 'nothing'
  } finally {
    await opened.close()
  }
}

async function wrongWith(id: ConversationId, order: readonly Step[], came: readonly Came[], content: object) {
  const { store, clock } = openMemory()
  const receive = createReceive({ store, onCommit: () => {} })
  for (const { arrival, at } of order) {
    clock.advance(at - store.now())
    const serial = await receive(id, CHANNEL, arrival.event, keyOf(arrival.event))
    const { received } = came.find((each) => each.arrival === arrival)!
    const told = (what: Received) => ({ ...what, state: asRead(what.state) })
    if (!isDeepStrictEqual(told(received), told(serial))) return 'somebody was told something else than was done'
  }
  const alone = { state: await store.read(id), history: await store.history(id, PAGE) }
  if (!isDeepStrictEqual(content, { ...alone, state: alone.state && asRead(alone.state) }))
    return 'no order explains what came of it'
  const seqs = alone.history.map(({ seq }) => seq)
  if (seqs.some((seq, i) => seq !== i + 1)) return 'the history has gaps'
  // An echo that came before anybody knew whose it was stays, and says so.
  const mids = alone.history.flatMap(({ mid, outcome }) => (outcome.reason === 'own_message' ? [] : (mid ?? [])))
  if (new Set(mids).size !== mids.length) return 'a message is there twice'
  return 'nothing'
}

t.test('concurrent events of two processes have the effect of some sequence', async (t) => {
  const runs = fc.asyncProperty(moments, async (groups) => {
    const wrong = await wrongIn(groups)
    if (wrong !== 'nothing') throw new Error(wrong)
  })
  await t.resolves(fc.assert(runs, { numRuns: 120 }))
  t.ok(counted.conflicts > counted.commits / 10, 'they did get in each other’s way')
})
