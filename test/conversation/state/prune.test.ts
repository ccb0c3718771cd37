import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { expectEcho } from '../../../src/conversation/expected/expected-echoes.js'
import {
  DEAD_LETTER_LIFE_MS,
  IDLE_LIFE_MS,
  LATEST_ECHO_MS,
  POST_LIFE_MS,
} from '../../../src/conversation/state/lifetimes.js'
import { NO_OUTBOX, type Outbox } from '../../../src/conversation/state/outbox-state.js'
import { prune, wordsEnd } from '../../../src/conversation/state/prune.js'
import type { Conversation, Flag } from '../../../src/conversation/state/state.js'
import {
  conversation,
  flagUse,
  HOUR,
  MINUTE,
  message,
  part,
  policy,
  SECOND,
  START,
} from '../../fixtures/conversation.js'

const RULES = policy({ historyTtlMs: SECOND, echoTtlMs: MINUTE, repeatWindowMs: HOUR, flagTtlMs: 2 * HOUR })

function outbox(changes: Partial<Outbox>): Partial<Conversation> {
  return { outbox: { ...NO_OUTBOX, ...changes } }
}

function flag(changes: Partial<Flag>): Flag {
  return { at: START, until: START + MINUTE, left: 1, text: 'hi', idempotencyKey: null, parameters: '', ...changes }
}

const aside = { message: message(), at: START }
const cause = { until: START + 6 * HOUR, reason: 'human_echo', at: START, seq: 1, note: null } as const
const letter = { seq: 1, reason: 'refused', code: '100', at: START, parts: [part()] } as const

/** Each list that has words in it, and for how long. */
const WORDS: readonly (readonly [string, Partial<Conversation>, number])[] = [
  ['an echo that a report may claim', { unclaimed: [aside] }, MINUTE],
  ['a text that may be repeated', { asked: [{ text: 'hi', arrivedAt: START }] }, HOUR],
  ['a question that a pause kept back', { setAside: [aside], causes: [cause] }, MINUTE],
  [
    'a part that a pause kept back',
    { causes: [cause], ...outbox({ setAside: [{ part: part(), at: START }] }) },
    MINUTE,
  ],
  ['an expected echo', { sent: [{ message: message(), until: START + MINUTE }] }, MINUTE + LATEST_ECHO_MS],
  ['a flag for one text', { flags: [flag({})] }, MINUTE + LATEST_ECHO_MS],
  ['a used one', { flags: [flag({ left: 0 })] }, SECOND],
  ['a used one whose retry is told by its key', { flags: [flag({ left: 0, idempotencyKey: 'k' })] }, 2 * HOUR],
  ['a dead letter', outbox({ dead: [letter] }), DEAD_LETTER_LIFE_MS],
]

for (const [name, changes, life] of WORDS) {
  t.test(`an item of ${name} is dropped when no rule needs it any more`, async (t) => {
    const state = conversation({ lastMessageAt: START, ...changes })
    t.equal(wordsEnd(state, RULES), START + life)
    t.equal(prune(state, RULES, START + life - 1), state)
    t.equal(wordsEnd(prune(state, RULES, START + life), RULES), FOREVER)
  })
}

t.test('the key of a request that was taken has no words, and is forgotten all the same', async (t) => {
  const state = conversation(outbox({ posts: [{ key: 'k', body: '', at: START, seq: 1, reason: null }] }))
  t.equal(wordsEnd(state, RULES), FOREVER)
  t.equal(prune(state, RULES, START + POST_LIFE_MS - 1), state)
  t.strictSame(prune(state, RULES, START + POST_LIFE_MS).outbox.posts, [])
})

t.test('the next of several texts’ ends counts, and none before the history’s own', async (t) => {
  const asked = [{ text: 'hi', arrivedAt: START }]
  const state = conversation({ lastMessageAt: START, unclaimed: [aside], asked, flags: [flag({ text: null })] })
  t.equal(wordsEnd(state, RULES), START + MINUTE)
  t.equal(wordsEnd(state, { ...RULES, historyTtlMs: 2 * HOUR }), START + 2 * HOUR)
})

t.test('no wake is needed where the history keeps texts as long as the state is remembered', async (t) => {
  const state = conversation({ lastMessageAt: START, unclaimed: [aside] })
  t.equal(wordsEnd(state, { ...RULES, historyTtlMs: IDLE_LIFE_MS - 1 }), START + IDLE_LIFE_MS - 1)
  t.equal(wordsEnd(state, { ...RULES, historyTtlMs: IDLE_LIFE_MS }), FOREVER)
})

t.test('pruning without expired echoes keeps their list', async (t) => {
  const empty = conversation()
  t.equal(prune(empty, policy(), START), empty)
  let full = conversation({ flagUses: [flagUse()] })
  full = expectEcho(full, message(), START + MINUTE)
  t.equal(prune(full, policy(), START + MINUTE), full)
})

t.test('an expectation is kept as long as a late echo may bring a time within its life', async (t) => {
  let state = conversation({ flags: [flag({ text: null })], flagUses: [flagUse()] })
  state = expectEcho(state, message(), START + MINUTE)
  const end = START + MINUTE + LATEST_ECHO_MS
  const left = (now: number) => {
    const { flags, sent } = prune(state, policy(), now)
    return [flags.length, sent.length]
  }
  t.strictSame(left(end - 1), [1, 1])
  t.strictSame(left(end), [0, 0])
  const tailEnd = START + LATEST_ECHO_MS + 3 * SECOND
  t.equal(prune(state, policy(), tailEnd).flagUses.length, 1)
  t.strictSame(prune(state, policy(), tailEnd + 1).flagUses, [])
})

t.test('a used flag stays a second, to tell a retry of its mark', async (t) => {
  const used = conversation({ flags: [flag({ left: 0 })] })
  t.equal(prune(used, policy(), START + SECOND - 1), used)
  t.strictSame(prune(used, policy(), START + SECOND).flags, [])
})
