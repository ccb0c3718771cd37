import t from 'tap'
import type { Mark } from '../../../src/conversation/event.js'
import {
  endFlagsSince,
  flagTailAt,
  liveFlags,
  noteFlagUse,
  raiseFlag,
  useFlag,
} from '../../../src/conversation/expected/flags.js'
import { prune } from '../../../src/conversation/state/prune.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import { conversation, flagUse, HOUR, MINUTE, mark, policy, SECOND, START } from '../../fixtures/conversation.js'

const NO_END = Number.POSITIVE_INFINITY
const TERMS = { proceed: true, isNeeded: true, flagTtlMs: 5 * MINUTE }

function raise(state: Conversation, changes: Partial<Mark>, now = START, terms = TERMS): Conversation {
  return raiseFlag(state, mark(changes), terms, now).state
}

t.test('a mark raises a flag that covers as many echoes as it says, for as long as it says', async (t) => {
  const raised = raiseFlag(conversation(), mark({ count: 3, ttlMs: MINUTE }), TERMS, START)
  t.equal(raised.outcome, 'set')
  t.hasStrict(raised.state.flags, [{ at: START, until: START + MINUTE, left: 3, text: null }])
  t.equal(liveFlags(raised.state, START + MINUTE - 1), 3)
  t.equal(liveFlags(raised.state, START + MINUTE), 0)
  t.equal(raise(conversation(), {}).flags[0]?.until, START + 5 * MINUTE)
})

t.test('a flag raised although the bot may not speak lives 15 s at most', async (t) => {
  const unwelcome = { ...TERMS, proceed: false }
  t.equal(raise(conversation(), {}, START, unwelcome).flags[0]?.until, START + 15 * SECOND)
  t.equal(raise(conversation(), { ttlMs: 4 * SECOND }, START, unwelcome).flags[0]?.until, START + 4 * SECOND)
})

t.test('a workflow that obeys gets no flag where it may not proceed', async (t) => {
  const state = conversation()
  const refused = raiseFlag(state, mark({ onlyIfOn: true }), { ...TERMS, proceed: false }, START)
  t.strictSame(refused, { state, outcome: 'withheld' })
  t.equal(raiseFlag(state, mark({ onlyIfOn: true }), TERMS, START).outcome, 'set')
})

t.test('the same mark within a second is a retry', async (t) => {
  const once = raise(conversation(), { text: 'ok ', count: 2 })
  t.strictSame(raiseFlag(once, mark({ text: 'ok', count: 2 }), TERMS, START + SECOND - 1), {
    state: once,
    outcome: 'retry',
  })
  t.equal(raiseFlag(once, mark({ text: 'ok', count: 2 }), TERMS, START + SECOND).outcome, 'set')
})

t.test(
  'a count of one is no retry of a mark without a count, which a run under way may need no flag for',
  async (t) => {
    const plain = raiseFlag(conversation(), mark(), { ...TERMS, isNeeded: false }, START)
    const counted = raiseFlag(plain.state, mark({ count: 1 }), TERMS, START)
    t.equal(counted.outcome, 'set')
    t.equal(liveFlags(counted.state, START), 1)
    t.equal(raiseFlag(counted.state, mark({ count: 1 }), TERMS, START).outcome, 'retry')
    t.equal(raiseFlag(counted.state, mark(), TERMS, START).outcome, 'retry')
  },
)

const OTHERS: readonly (readonly [string, Partial<Mark>])[] = [
  ['another count', { count: 3 }],
  ['another lifetime', { count: 2, ttlMs: MINUTE }],
  ['another text', { count: 2, text: 'ok' }],
  ['another condition', { count: 2, onlyIfOn: true }],
  ['a key', { count: 2, idempotencyKey: 'k' }],
]

for (const [what, changes] of OTHERS) {
  t.test(`a mark with ${what} is another mark`, async (t) => {
    const once = raise(conversation(), { count: 2 })
    t.equal(raiseFlag(once, mark(changes), TERMS, START).outcome, 'set')
  })
}

t.test('with idempotency keys only the keys tell retries', async (t) => {
  const once = raise(conversation(), { idempotencyKey: 'k' })
  t.equal(raiseFlag(once, mark({ idempotencyKey: 'k', count: 5 }), TERMS, START + 5 * MINUTE - 1).outcome, 'retry')
  t.equal(raiseFlag(once, mark({ idempotencyKey: 'k' }), TERMS, START + 5 * MINUTE).outcome, 'set')
  t.equal(raiseFlag(once, mark({ idempotencyKey: 'other' }), TERMS, START).outcome, 'set')
  t.equal(raiseFlag(once, mark(), TERMS, START).outcome, 'set')
})

t.test('a key is remembered for FLAG_TTL, whatever became of its flag', async (t) => {
  const rules = policy({ flagTtlMs: HOUR })
  const terms = { ...TERMS, flagTtlMs: HOUR }
  const short = raise(conversation(), { idempotencyKey: 'k', ttlMs: SECOND }, START, terms)
  const used = useFlag(short, null, START, NO_END)!
  const withdrawn = raise(short, { count: 0 }, START, terms)
  for (const state of [short, used, withdrawn]) {
    const later = prune(state, rules, START + HOUR - 1)
    t.equal(raiseFlag(later, mark({ idempotencyKey: 'k' }), terms, START + HOUR - 1).outcome, 'retry')
    t.strictSame(prune(state, rules, START + HOUR).flags, [])
  }
})

t.test('a count of 0 withdraws every flag', async (t) => {
  let state = raise(conversation(), { count: 3 })
  state = raise(state, { idempotencyKey: 'k', text: 'ok' })
  const withdrawn = raiseFlag(state, mark({ count: 0 }), TERMS, START)
  t.equal(withdrawn.outcome, 'withdrawn')
  t.equal(liveFlags(withdrawn.state, START), 0)
  t.equal(useFlag(withdrawn.state, 'ok', START, NO_END), null)
  t.strictSame(raise(raise(conversation(), {}), { count: 0 }).flags, [])
  t.equal(raiseFlag(withdrawn.state, mark(), TERMS, START).outcome, 'set', 'what follows is not a retry')
  const untouched = conversation()
  t.equal(raise(untouched, { count: 0 }), untouched)
})

t.test('no more than fifty flags are kept, the newest of them', async (t) => {
  let state = conversation()
  for (let i = 0; i < 60; i += 1) state = raise(state, { idempotencyKey: String(i) })
  t.equal(state.flags.length, 50)
  t.equal(state.flags[0]?.idempotencyKey, '10')
})

t.test('a flag with a text is used by that text alone, and before a general one', async (t) => {
  let state = raise(conversation(), {})
  state = raise(state, { text: 'your price: 5' })
  const left = (state: Conversation | null) => state?.flags.map((flag) => flag.left)
  t.strictSame(left(useFlag(state, ' your  price: 5', START, NO_END)), [1, 0])
  t.strictSame(left(useFlag(state, 'another', START, NO_END)), [0, 1])
  t.strictSame(left(useFlag(state, null, START, NO_END)), [0, 1])
  const specific = raise(conversation(), { text: 'your price: 5' })
  t.equal(useFlag(specific, 'another', START, NO_END), null)
  t.equal(useFlag(specific, null, START, NO_END), null)
})

t.test('the oldest live general flag is used first', async (t) => {
  let state = raise(conversation(), { ttlMs: SECOND, count: 1 })
  state = raise(state, { count: 2 })
  state = raise(state, { count: 4 })
  t.strictSame(
    useFlag(state, 'a', START, NO_END)?.flags.map((flag) => flag.left),
    [0, 2, 4],
  )
  t.strictSame(
    useFlag(state, 'a', START + SECOND, NO_END)?.flags.map((flag) => flag.left),
    [1, 1, 4],
  )
})

t.test('a flag ends to the millisecond, used up it is gone, and its start is not judged', async (t) => {
  const state = raise(conversation(), { ttlMs: MINUTE })
  t.not(useFlag(state, 'a', START + MINUTE - 1, NO_END), null)
  t.equal(useFlag(state, 'a', START + MINUTE, NO_END), null)
  t.not(useFlag(state, 'a', START - MINUTE, NO_END), null)
  t.equal(useFlag(useFlag(state, 'a', START, NO_END)!, 'a', START, NO_END), null)
  t.equal(useFlag(conversation(), 'a', START, NO_END), null)
})

t.test('a flag raised after a message was sent is not that message’s', async (t) => {
  const state = raise(conversation(), {})
  t.equal(useFlag(state, 'a', START, START - 1), null)
  t.not(useFlag(state, 'a', START, START), null)
})

t.test('the tail reaches both ways and includes its end', async (t) => {
  const uses = [flagUse()]
  t.equal(flagTailAt(uses, START + 3 * SECOND, 3 * SECOND), uses[0])
  t.equal(flagTailAt(uses, START - 3 * SECOND, 3 * SECOND), uses[0])
  t.equal(flagTailAt(uses, START + 3 * SECOND + 1, 3 * SECOND), null)
  t.equal(flagTailAt(uses, START - 3 * SECOND - 1, 3 * SECOND), null)
  t.equal(flagTailAt([], START, 3 * SECOND), null)
  t.equal(flagTailAt([flagUse({ isTail: true })], START, 3 * SECOND), null, 'a tail has no tail')
})

t.test('a tail of 0 is off', async (t) => {
  t.equal(flagTailAt([flagUse()], START, 0), null)
})

t.test('the last twenty-four uses of flags are remembered', async (t) => {
  let state = conversation()
  for (let seq = 1; seq <= 30; seq += 1) state = noteFlagUse(state, flagUse({ seq }))
  t.strictSame(
    state.flagUses.map(({ seq }) => seq),
    Array.from({ length: 24 }, (_, index) => index + 7),
  )
})

t.test('over the cap a usable flag outlives those that only identify a retry', async (t) => {
  let state = raise(conversation(), { text: 'good' })
  for (let i = 0; i < 49; i += 1) state = useFlag(raise(state, { idempotencyKey: `${i}` }), null, START, NO_END)!
  state = raise(state, { idempotencyKey: 'last' })
  t.equal(state.flags.length, 50)
  t.match(state.flags, [
    { text: 'good', left: 1 },
    { idempotencyKey: '1', left: 0 },
  ])
  t.match(state.flags.at(-1), { idempotencyKey: 'last', left: 1 })
})

t.test('a mark that needs no flag raises none, and its retry after the run neither', async (t) => {
  const terms = { ...TERMS, isNeeded: false }
  for (const changes of [{}, { idempotencyKey: 'k' }]) {
    const first = raiseFlag(conversation(), mark(changes), terms, START)
    t.equal(first.outcome, 'not_needed')
    t.equal(liveFlags(first.state, START), 0)
    t.equal(raiseFlag(first.state, mark(changes), terms, START + 999).outcome, 'not_needed')
    const over = raiseFlag(first.state, mark(changes), TERMS, START + 999)
    t.strictSame(over, { state: first.state, outcome: 'retry' })
  }
  const later = raiseFlag(raiseFlag(conversation(), mark(), terms, START).state, mark(), TERMS, START + SECOND)
  t.equal(later.outcome, 'set', 'another answer’s')
})

t.test('flags raised since a time end soon, older ones and those that end sooner stay', async (t) => {
  const old = raise(conversation(), { text: 'old' }, START)
  const short = raise(old, { text: 'short', ttlMs: SECOND }, START + SECOND)
  const state = raise(short, { text: 'new' }, START + SECOND)
  const ended = endFlagsSince(state, START + SECOND, START + 5 * SECOND)
  t.strictSame(
    ended.flags.map((flag) => flag.until - START),
    [5 * MINUTE, 2 * SECOND, 5 * SECOND],
  )
  t.equal(endFlagsSince(ended, START + SECOND, START + 5 * SECOND), ended, 'they have an end')
})
