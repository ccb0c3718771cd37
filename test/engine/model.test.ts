import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { FOREVER } from '../../src/conversation/channel.js'
import type { Event } from '../../src/conversation/event.js'
import { type ConversationId, conversationIdOf } from '../../src/conversation/ids.js'
import { pauseOf } from '../../src/conversation/pause/pause.js'
import type { Received, Store } from '../../src/engine/ports.js'
import { createReceive } from '../../src/engine/receive.js'
import { channelWith } from '../fixtures/channel.js'
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
  report,
  runEnd,
  START,
  send,
  sendResult,
  wake,
} from '../fixtures/conversation.js'
import { openMemory } from '../fixtures/memory-store.js'
import fc from '../fixtures/property.js'
import { slowly } from '../fixtures/slow-store.js'
import { openSqlite } from '../fixtures/sqlite-store.js'

/**
 * Many events for a few conversations, all under way at once, over a store whose every answer takes its time. Whatever
 * the order in which they got through, it must be as if they had come one after another in that order.
 */

const CHANNEL = channelWith({ pauseMs: 5 * MINUTE })
const IDS = [1, 2, 3].map((user) => conversationIdOf('1', `${user}`))
const PAGE = { before: null, after: null, limit: 1000, historyTtlMs: FOREVER }

interface Arrival {
  readonly id: ConversationId
  readonly event: Event
  readonly key: string | null
}

/** What arrives together, and the time until the next. */
interface Moment {
  readonly arrivals: readonly Arrival[]
  readonly seed: number
  readonly ms: number
}

/** The same message may come by webhook and by backfill. */
const at = (minutes: number): number => START - 10 * MINUTE + minutes * MINUTE

/** Few mids, so that the same message comes again, and echoes meet reports. */
const mid = fc.nat(7).map((n) => `mid-${n}`)
const text = fc.constantFrom('hello', 'how are you', 'bye')
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ mid, text }).map((of) => customerMessage({ ...of, mid: `c ${of.mid}` })) },
  { weight: 4, arbitrary: fc.record({ mid, text }).map((of) => echo(of)) },
  {
    weight: 2,
    arbitrary: fc
      .record({ mid, text, minutes: fc.nat(30), isAnswered: fc.boolean() })
      .map(({ mid, minutes, ...of }) => customerMessage({ ...of, mid: `c ${mid}`, via: 'backfill', at: at(minutes) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ mid, text, minutes: fc.nat(30) })
      .map(({ minutes, ...of }) => echo({ ...of, via: 'backfill', at: at(minutes) })),
  },
  { weight: 2, arbitrary: fc.record({ mid: fc.oneof(mid, fc.constant(null)), text }).map((of) => report(of)) },
  { weight: 2, arbitrary: fc.record({ count: fc.nat(2) }).map((of) => mark(of)) },
  { weight: 1, arbitrary: mid.map((of) => edit({ mid: of })) },
  { weight: 1, arbitrary: mid.map((of) => deletion({ mid: of })) },
  { weight: 1, arbitrary: mid.map((of) => reaction({ mid: of })) },
  {
    weight: 1,
    arbitrary: fc.boolean().map((enabled) => ({ is: 'bot', enabled, forMs: FOREVER, note: null }) as const),
  },
  { weight: 1, arbitrary: fc.boolean().map((open) => ({ is: 'state', open }) as const) },
  { weight: 1, arbitrary: fc.constant(wake()) },
  {
    weight: 1,
    arbitrary: fc
      .record({ text, type: fc.constantFrom('AI', 'support'), key: fc.constantFrom(null, 'k1', 'k2') })
      .map((of) => outgoing({ ...of, body: of.text })),
  },
  { weight: 2, arbitrary: fc.constant(send(0)) },
  {
    weight: 1,
    arbitrary: fc
      .record({ mid, seq: fc.integer({ min: 1, max: 30 }) })
      .map(({ mid, seq }) => sendResult({ is: 'sent', mid }, { seq })),
  },
  { weight: 1, arbitrary: fc.constant(runEnd({ is: 'failed', isWorthRetry: true })) },
)
const arrival = fc
  .record({ id: fc.constantFrom(...IDS), event })
  .map(({ id, event }) => ({ id, event, key: keyOf(event) }))
const moment: fc.Arbitrary<Moment> = fc.record({
  arrivals: fc.array(arrival, { maxLength: 25, size: 'max' }),
  seed: fc.integer(),
  ms: fc.constantFrom(0, 500, 2000, MINUTE, 10 * MINUTE),
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

interface Outcome extends Arrival {
  readonly received: Received
}

/** What no verdict of an order says. */
const NOTHING_TOLD = { outcome: 'accepted', reason: null, message: null, seq: 0 }

let conflicts = 0

/** All arrivals of a moment at once. Returns what came of each, and those that committed in the order in which they did. */
async function together(store: Store, moment: Moment) {
  const inOrder: Arrival[] = []
  const asked = moment.arrivals.map(async (arrival, i): Promise<Outcome> => {
    const noting: Store = {
      ...store,
      async commit(id, version, change) {
        const outcome = await store.commit(id, version, change)
        if (outcome === 'committed') inOrder.push(arrival)
        else conflicts += 1
        return outcome
      },
    }
    const receive = createReceive({ store: slowly(noting, moment.seed + i * 7919), onCommit: () => {} })
    return { ...arrival, received: await receive(arrival.id, CHANNEL, arrival.event, arrival.key) }
  })
  return { outcomes: await Promise.all(asked), inOrder }
}

async function contentOf({ store }: Opened) {
  return Promise.all(
    IDS.map(async (id) => {
      const state = await store.read(id)
      return { state: state && asRead(state), history: await store.history(id, PAGE) }
    }),
  )
}

interface Opened {
  readonly store: Store
  readonly clock: { advance(ms: number): void }
}

/** The first thing that went wrong, or 'nothing'. The serial order is played over a memory store of its own. */
async function wrongIn(real: Opened, moments: readonly Moment[]): Promise<string> {
  const serial = openMemory()
  const receiveAlone = createReceive({ store: serial.store, onCommit: () => {} })
  const accepted = new Set<string>()
  const added = new Set<string>()
  const reported = new Set<string>()
  for (const moment of moments) {
    const { outcomes, inOrder } = await together(real.store, moment)
    for (const { id, event, key } of inOrder) await receiveAlone(id, CHANNEL, event, key)
    if (!isDeepStrictEqual(await contentOf(real), await contentOf(serial))) return 'no order explains what came of it'
    for (const { id, key, event, received } of outcomes) {
      const { outcome, reason, message, seq: queuedSeq } = { ...NOTHING_TOLD, ...received.verdict }
      if (key !== null && (outcome === 'accepted' || reason === 'own_message')) {
        if (accepted.has(`${id} ${key}`)) return 'an event acted twice'
        accepted.add(`${id} ${key}`)
      }
      const place = `${id} ${message?.seq}`
      if (event.is === 'reported') reported.add(place)
      else if (event.is === 'outgoing') reported.add(`${id} ${queuedSeq}`)
      else if ((event.is === 'message' || event.is === 'echo') && outcome === 'accepted') {
        if (added.has(place)) return 'two messages took one place'
        added.add(place)
      }
    }
    for (const id of IDS) {
      const state = await real.store.read(id)
      if (mustBePaused(id, outcomes, inOrder) && (state === null || pauseOf(state, real.store.now()) === null)) {
        return 'a pause was lost'
      }
    }
    for (const { clock } of [real, serial]) clock.advance(moment.ms)
  }
  for (const [i, { state, history }] of (await contentOf(real)).entries()) {
    if (history.some(({ seq }, at) => seq !== at + 1)) return 'the numbers have a gap'
    if (history.length !== (state?.seq ?? 0)) return 'a message is missing'
    if (!history.every(({ seq }) => added.has(`${IDS[i]} ${seq}`) || reported.has(`${IDS[i]} ${seq}`))) {
      return 'a message came from nowhere'
    }
  }
  return 'nothing'
}

/** A person spoke, and nothing that came through afterwards says otherwise. */
function mustBePaused(id: ConversationId, outcomes: readonly Outcome[], inOrder: readonly Arrival[]): boolean {
  const here = inOrder.filter((arrival) => arrival.id === id)
  const persons = outcomes.filter(
    ({ received: { verdict } }) => verdict.of === 'item' && verdict.author === 'human' && verdict.reason === null,
  )
  // A pause that began long ago may be over.
  const isPersons = ({ event }: Arrival) =>
    event.is === 'echo' && event.via === 'webhook' && persons.some((each) => each.event === event)
  const isSwitchedOff = ({ event }: Arrival) => event.is === 'bot' && !event.enabled
  const mayEnd = ({ event }: Arrival) =>
    event.is === 'reported' || (event.is === 'bot' && event.enabled) || event.is === 'send_result'
  const last = here.findLastIndex((arrival) => isPersons(arrival) || isSwitchedOff(arrival))
  return last >= 0 && !here.slice(last).some(mayEnd)
}

t.test('whatever gets in each other’s way, all is as if one had come after the other', async (t) => {
  conflicts = 0
  const always = fc.asyncProperty(fc.array(moment, { maxLength: 6, size: 'max' }), async (moments) => {
    const wrong = await wrongIn(openMemory(), moments)
    if (wrong !== 'nothing') throw new Error(wrong)
  })
  await t.resolves(fc.assert(always, { numRuns: 60 }))
  t.ok(conflicts > 1000, `they did get in each other's way: ${conflicts} times`)
})

t.test('over a file it is the same', async (t) => {
  conflicts = 0
  const always = fc.asyncProperty(fc.array(moment, { maxLength: 6, size: 'max' }), async (moments) => {
    const real = await openSqlite()
    const wrong = await wrongIn(real, moments)
    await real.close()
    if (wrong !== 'nothing') throw new Error(wrong)
  })
  await t.resolves(fc.assert(always, { numRuns: 20 }))
  t.ok(conflicts > 200, `they did get in each other's way: ${conflicts} times`)
})
