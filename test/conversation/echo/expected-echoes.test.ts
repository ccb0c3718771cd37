import t from 'tap'
import {
  contentKey,
  endFlagsSince,
  expectEcho,
  expectUntil,
  isInFlagTail,
  judgedAt,
  liveFlags,
  noteFlagUse,
  raiseFlag,
  sentWithContent,
  sentWithId,
  useFlag,
  withoutExpected,
  withoutSent,
} from '../../../src/conversation/echo/expected-echoes.js'
import type { Mark } from '../../../src/conversation/event.js'
import { LATEST_ECHO_MS } from '../../../src/conversation/state/lifetimes.js'
import { prune } from '../../../src/conversation/state/prune.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import {
  conversation,
  echo,
  HOUR,
  MINUTE,
  mark,
  message,
  PICTURE,
  pictureEcho,
  policy,
  SECOND,
  START,
} from '../../fixtures/conversation.js'

const NO_END = Number.POSITIVE_INFINITY
const TERMS = { proceed: true, flagTtlMs: 5 * MINUTE }

function raise(state: Conversation, changes: Partial<Mark>, now = START, terms = TERMS): Conversation {
  return raiseFlag(state, mark(changes), terms, now).state
}

t.test("an echo's lifetimes are judged at its own time where that is credible, else at its arrival", async (t) => {
  t.equal(judgedAt(START - 400 * SECOND, START), START - 400 * SECOND)
  t.equal(judgedAt(START - LATEST_ECHO_MS, START), START - LATEST_ECHO_MS)
  t.equal(judgedAt(START - LATEST_ECHO_MS - 1, START), START)
  t.equal(judgedAt(START, START), START)
  t.equal(judgedAt(START + 1, START), START)
  t.equal(judgedAt(0, START), START)
})

t.test('a mark raises a flag that covers as many echoes as it says, for as long as it says', async (t) => {
  const raised = raiseFlag(conversation(), mark({ count: 3, ttlMs: MINUTE }), TERMS, START)
  t.equal(raised.raised, true)
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
  t.strictSame(refused, { state, raised: false })
  t.equal(raiseFlag(state, mark({ onlyIfOn: true }), TERMS, START).raised, true)
})

t.test('the same mark within a second is a retry', async (t) => {
  const once = raise(conversation(), { text: 'ok ', count: 2 })
  t.strictSame(raiseFlag(once, mark({ text: 'ok', count: 2 }), TERMS, START + SECOND - 1), {
    state: once,
    raised: false,
  })
  t.equal(raiseFlag(once, mark({ text: 'ok', count: 2 }), TERMS, START + SECOND).raised, true)
})

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
    t.equal(raiseFlag(once, mark(changes), TERMS, START).raised, true)
  })
}

t.test('with an idempotency key only keys count', async (t) => {
  const once = raise(conversation(), { idempotencyKey: 'k' })
  t.equal(raiseFlag(once, mark({ idempotencyKey: 'k', count: 5 }), TERMS, START + 5 * MINUTE - 1).raised, false)
  t.equal(raiseFlag(once, mark({ idempotencyKey: 'k' }), TERMS, START + 5 * MINUTE).raised, true)
  t.equal(raiseFlag(once, mark({ idempotencyKey: 'other' }), TERMS, START).raised, true)
  t.equal(raiseFlag(once, mark(), TERMS, START).raised, true)
})

t.test('a key is remembered for FLAG_TTL, whatever became of its flag', async (t) => {
  const rules = policy({ flagTtlMs: HOUR })
  const terms = { proceed: true, flagTtlMs: HOUR }
  const short = raise(conversation(), { idempotencyKey: 'k', ttlMs: SECOND }, START, terms)
  const used = useFlag(short, null, START, NO_END)!
  const withdrawn = raise(short, { count: 0 }, START, terms)
  for (const state of [short, used, withdrawn]) {
    const later = prune(state, rules, START + HOUR - 1)
    t.equal(raiseFlag(later, mark({ idempotencyKey: 'k' }), terms, START + HOUR - 1).raised, false)
    t.strictSame(prune(state, rules, START + HOUR).flags, [])
  }
})

t.test('a count of 0 withdraws every flag', async (t) => {
  let state = raise(conversation(), { count: 3 })
  state = raise(state, { idempotencyKey: 'k', text: 'ok' })
  const withdrawn = raiseFlag(state, mark({ count: 0 }), TERMS, START)
  t.equal(withdrawn.raised, false)
  t.equal(liveFlags(withdrawn.state, START), 0)
  t.equal(useFlag(withdrawn.state, 'ok', START, NO_END), null)
  t.strictSame(raise(raise(conversation(), {}), { count: 0 }).flags, [])
  t.equal(raiseFlag(withdrawn.state, mark(), TERMS, START).raised, true, 'what follows is not a retry')
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

t.test('of several general flags the oldest live one is used first', async (t) => {
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
  const state = noteFlagUse(conversation(), START)
  t.equal(isInFlagTail(state, START + 3 * SECOND, 3 * SECOND), true)
  t.equal(isInFlagTail(state, START - 3 * SECOND, 3 * SECOND), true)
  t.equal(isInFlagTail(state, START + 3 * SECOND + 1, 3 * SECOND), false)
  t.equal(isInFlagTail(state, START - 3 * SECOND - 1, 3 * SECOND), false)
  t.equal(isInFlagTail(conversation(), START, 3 * SECOND), false)
})

t.test('a tail of 0 is off', async (t) => {
  t.equal(isInFlagTail(noteFlagUse(conversation(), START), START, 0), false)
})

t.test('the last eight uses of flags are remembered', async (t) => {
  let state = conversation()
  for (let i = 0; i < 12; i += 1) state = noteFlagUse(state, START + i * MINUTE)
  t.strictSame(
    state.flagUses,
    Array.from({ length: 8 }, (_, index) => START + (index + 4) * MINUTE),
  )
})

t.test('an expected echo is found by its id, without regard to time', async (t) => {
  const state = expectEcho(conversation(), message({ type: 'AI', mid: 'm1' }), START)
  t.equal(sentWithId(state, 'm1')?.message.mid, 'm1')
  t.equal(sentWithId(state, 'm2'), null)
  t.equal(sentWithId(expectEcho(conversation(), message(), START), null), null)
})

t.test('an expected echo is found by its text within its time, the oldest first', async (t) => {
  let state = expectEcho(conversation(), message({ seq: 1, text: 'one moment' }), START + MINUTE)
  state = expectEcho(state, message({ seq: 2, text: 'one  moment ' }), START + 2 * MINUTE)
  const found = (text: string, at: number) => sentWithContent(state, echo({ text }), at)?.message.seq
  t.equal(found(' one moment', START), 1)
  t.equal(found('one moment', START + MINUTE), 2)
  t.equal(found('one moment', START + 2 * MINUTE), undefined)
  t.equal(found('another', START), undefined)
  t.equal(sentWithContent(conversation(), echo(), START), null)
})

t.test('an attachment is recognised by its kind', async (t) => {
  const sent = message({ kind: 'image', text: null, attachments: [PICTURE] })
  const state = expectEcho(conversation(), sent, START + MINUTE)
  t.equal(sentWithContent(state, pictureEcho(), START)?.message, sent)
  t.equal(sentWithContent(state, pictureEcho({ kind: 'video' }), START), null)
  t.equal(sentWithContent(state, echo({ text: 'image' }), START), null)
})

t.test('a message known by its id alone is expected by nothing else', async (t) => {
  const state = expectEcho(conversation(), message({ mid: 'm1', kind: 'other', text: null }), START + MINUTE)
  t.equal(sentWithContent(state, echo({ kind: 'other', text: null }), START), null)
  t.equal(contentKey(echo({ kind: 'other', text: null })), null)
})

t.test('each expectation is used once', async (t) => {
  let state = expectEcho(conversation(), message({ seq: 1, text: 'a' }), START + MINUTE)
  state = expectEcho(state, message({ seq: 2, text: 'a' }), START + MINUTE)
  state = withoutSent(state, sentWithContent(state, echo({ text: 'a' }), START)!)
  t.equal(sentWithContent(state, echo({ text: 'a' }), START)?.message.seq, 2)
  state = withoutSent(state, sentWithContent(state, echo({ text: 'a' }), START)!)
  t.equal(sentWithContent(state, echo({ text: 'a' }), START), null)
})

t.test('no more than fifty echoes are expected, the newest of them', async (t) => {
  let state = conversation()
  for (let i = 1; i <= 60; i += 1) state = expectEcho(state, message({ seq: i }), START + MINUTE)
  t.equal(state.sent.length, 50)
  t.equal(state.sent[0]?.message.seq, 11)
})

t.test('an empty ledger and one without anything old stay as they are', async (t) => {
  const empty = conversation()
  t.equal(prune(empty, policy(), START), empty)
  let full = noteFlagUse(raise(conversation(), {}), START)
  full = expectEcho(full, message(), START + MINUTE)
  t.equal(prune(full, policy(), START + MINUTE), full)
})

t.test('an expectation is kept as long as a late echo may bring a time within its life', async (t) => {
  let state = noteFlagUse(raise(conversation(), { ttlMs: MINUTE }), START)
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
  const used = useFlag(raise(conversation(), {}), 'a', START, NO_END)!
  t.equal(prune(used, policy(), START + SECOND - 1), used)
  t.strictSame(prune(used, policy(), START + SECOND).flags, [])
})

function untils(state: Conversation): readonly (readonly [number, number])[] {
  return state.sent.map((each) => [each.message.seq, each.until - START])
}

/** Message 2 was sent twice, and its echo is expected for each. */
function expectingTwice(): Conversation {
  const first = expectEcho(conversation(), message({ seq: 1, type: 'AI' }), START + 10)
  const second = expectEcho(first, message({ seq: 2, type: 'AI', mid: 'm2' }), START + 20)
  return expectEcho(second, message({ seq: 2, type: 'AI', mid: 'm2' }), START + 15)
}

t.test('how long an echo is expected may change, for the newest expectation of a message', async (t) => {
  t.strictSame(untils(expectUntil(expectingTwice(), 1, START + 99)), [
    [1, 99],
    [2, 20],
    [2, 15],
  ])
  t.strictSame(untils(expectUntil(expectingTwice(), 2, START + 99)), [
    [1, 10],
    [2, 20],
    [2, 99],
  ])
  t.strictSame(untils(expectUntil(expectingTwice(), 3, START + 99)), untils(expectingTwice()))
})

t.test('what surely did not arrive is not expected, an earlier try of the same still is', async (t) => {
  t.strictSame(untils(withoutExpected(expectingTwice(), 2)), [
    [1, 10],
    [2, 20],
  ])
  t.strictSame(untils(withoutExpected(withoutExpected(expectingTwice(), 2), 2)), [[1, 10]])
  const state = expectingTwice()
  t.equal(withoutExpected(state, 3).sent, state.sent)
})

t.test('of a message that was sent twice an echo by its id uses up what is not expected as long', async (t) => {
  t.equal(sentWithId(expectingTwice(), 'm2')?.until, START + 15)
  t.equal(sentWithId(expectUntil(expectingTwice(), 2, START + 99), 'm2')?.until, START + 20)
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
