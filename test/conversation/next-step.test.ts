import t from 'tap'
import { FOREVER } from '../../src/conversation/channel.js'
import { decide } from '../../src/conversation/decide.js'
import { dueAt, nextStep } from '../../src/conversation/next-step.js'
import { pauseOf } from '../../src/conversation/pause/pause.js'
import { DEAD_LETTER_LIFE_MS, keepUntil, LATEST_ECHO_MS, POST_LIFE_MS } from '../../src/conversation/state/lifetimes.js'
import { NO_OUTBOX, type Outbox } from '../../src/conversation/state/outbox-state.js'
import { ANSWER_WINDOW_MS, type Cause, type Flag, NOT_ASKING } from '../../src/conversation/state/state.js'
import {
  conversation,
  HOUR,
  MINUTE,
  message,
  part,
  policy,
  run,
  SECOND,
  START,
  UNKNOWN,
  wake,
} from '../fixtures/conversation.js'

const RULES = policy()

function cause(until: number): Cause {
  return { until, reason: 'human_echo', at: START, seq: 1, note: null }
}

function flag(until: number, left: number): Flag {
  return { at: START, until, left, text: null, idempotencyKey: null, parameters: '' }
}

function outbox(changes: Partial<Outbox>): Outbox {
  return { ...NO_OUTBOX, ...changes }
}

t.test('a conversation without open work needs nothing', async (t) => {
  const state = conversation({ flags: [flag(START + MINUTE, 0)] })
  t.strictSame(nextStep(state, RULES, START), { is: 'rest', until: FOREVER })
  t.equal(dueAt(state, RULES), FOREVER)
})

t.test('a flag that nothing used is due when no echo can use it any more, so that its end is told', async (t) => {
  const state = conversation({ flags: [flag(START + 2 * MINUTE, 1), flag(START + MINUTE, 1), flag(START, 0)] })
  const due = START + MINUTE + LATEST_ECHO_MS
  t.strictSame(nextStep(state, RULES, START), { is: 'rest', until: due })
  t.strictSame(nextStep(state, RULES, due), { is: 'forget' })
  const woken = decide(state, wake(), UNKNOWN, RULES, due)
  t.equal(woken.state?.flags.length, 1)
  t.equal(woken.dueAt, due + MINUTE)
})

t.test('a paused one rests until the end of its longest cause', async (t) => {
  const state = conversation({ causes: [cause(START + 2 * HOUR), cause(START + HOUR)] })
  t.strictSame(nextStep(state, RULES, START), { is: 'rest', until: START + 2 * HOUR })
  t.strictSame(nextStep(state, RULES, START + HOUR), { is: 'rest', until: START + 2 * HOUR })
  t.equal(dueAt(state, RULES), START + 2 * HOUR)
})

t.test('a pause that has run its time is due at once, and the wake ends it', async (t) => {
  const state = conversation({ causes: [cause(START + HOUR)] })
  const due = dueAt(state, RULES)
  t.equal(due, START + HOUR)
  t.strictSame(nextStep(state, RULES, due), { is: 'resume' })
  const woken = decide(state, wake(), UNKNOWN, RULES, due).state
  t.ok(woken !== null && pauseOf(woken, due) === null)
  t.equal(dueAt(woken!, RULES), FOREVER)
})

t.test('a pause until somebody ends it is never due', async (t) => {
  const state = conversation({ causes: [cause(FOREVER), cause(START + HOUR)] })
  t.equal(dueAt(state, RULES), FOREVER)
})

t.test('a state kept for other reasons neither prolongs a pause nor wakes the conversation', async (t) => {
  const dead = [{ seq: 1, reason: 'refused', code: '100', at: START, parts: [part()] } as const]
  const posts = [{ key: 'k', body: '', at: START, seq: 1, reason: null }]
  t.equal(dueAt(conversation({ outbox: outbox({ dead, posts }) }), RULES), FOREVER)
  const paused = conversation({ causes: [cause(START + HOUR)], outbox: outbox({ dead, posts }) })
  t.equal(dueAt(paused, RULES), START + HOUR)
  const busy = conversation({ outbox: outbox({ parts: [part({ at: START + 3 * 24 * HOUR })] }) })
  t.equal(dueAt(busy, RULES), START + 3 * 24 * HOUR)
})

t.test('waiting messages are asked when the customer’s burst is over', async (t) => {
  const state = conversation({ waiting: [message()] })
  t.strictSame(nextStep(state, RULES, START), { is: 'rest', until: START + 2 * SECOND })
  t.strictSame(nextStep(state, RULES, START + 2 * SECOND), { is: 'ask' })
})

t.test('a run whose process gives no sign of life is taken up by another one', async (t) => {
  const asking = { ...NOT_ASKING, run: run() }
  const state = conversation({ asking, waiting: [message({ seq: 2 })] })
  t.strictSame(nextStep(state, RULES, START + 7_999), { is: 'rest', until: START + 8 * SECOND })
  t.strictSame(nextStep(state, RULES, START + 8 * SECOND), { is: 'adopt', run: run() })
})

for (const [status, step] of [
  ['queued', 'send'],
  ['sending', 'lose_track'],
  ['unknown', 'end_wait'],
] as const) {
  t.test(`when the time of a part that is ${status} has come, the step is ${step}`, async (t) => {
    const first = part({ message: message({ type: 'AI', status }), at: START + SECOND })
    const state = conversation({ outbox: outbox({ parts: [first, part({ at: START })] }), waiting: [message()] })
    t.strictSame(nextStep(state, RULES, START), { is: 'rest', until: START + SECOND }, 'the others wait their turn')
    const due = step === 'send' ? { is: step, slotAt: 0 } : { is: step, part: first }
    t.strictSame(nextStep(state, RULES, START + SECOND), due)
  })
}

t.test('the earliest of several due steps comes first', async (t) => {
  const asking = { ...NOT_ASKING, run: run({ leaseUntil: START + 2 }) }
  const first = part({ at: START + 3 })
  const state = conversation({ asking, outbox: outbox({ parts: [first] }), causes: [cause(START + 1)] })
  t.strictSame(nextStep(state, RULES, START + HOUR), { is: 'resume' })
  t.strictSame(nextStep({ ...state, causes: [] }, RULES, START + HOUR), { is: 'adopt', run: asking.run })
  const idle = { ...state, causes: [], asking: NOT_ASKING }
  t.strictSame(nextStep(idle, RULES, START + HOUR), { is: 'send', slotAt: 0 })
})

t.test('texts in the state are forgotten with a short history', async (t) => {
  const rules = policy({ historyTtlMs: HOUR })
  const state = conversation({ lastMessageAt: START, unclaimed: [{ message: message(), at: START }] })
  t.equal(dueAt(state, RULES), FOREVER, 'nobody has to come for what goes with the state itself')
  t.strictSame(nextStep(state, rules, START + HOUR - 1), { is: 'rest', until: START + HOUR })
  t.strictSame(nextStep(state, rules, START + HOUR), { is: 'forget' })
  const woken = decide(state, wake(), UNKNOWN, rules, START + HOUR).state!
  t.strictSame(woken.unclaimed, [])
  t.equal(dueAt(woken, rules), FOREVER)
})

t.test('a state without open work may be forgotten', async (t) => {
  t.equal(keepUntil(conversation(), RULES), 0)
  t.equal(keepUntil(conversation({ flags: [flag(START + HOUR, 0)] }), RULES), 0)
})

t.test('a state is kept as long as something in it can still matter', async (t) => {
  const sent = { message: message({ type: 'AI' }), until: START + 60 * SECOND }
  t.equal(keepUntil(conversation({ causes: [cause(START + HOUR), cause(START + MINUTE)] }), RULES), START + HOUR)
  t.equal(keepUntil(conversation({ flags: [flag(START + MINUTE, 2)] }), RULES), START + 26 * MINUTE)
  t.equal(keepUntil(conversation({ sent: [sent] }), RULES), START + 60 * SECOND + LATEST_ECHO_MS)
  t.equal(
    keepUntil(conversation({ waiting: [message()], causes: [cause(START + HOUR)] }), RULES),
    START + ANSWER_WINDOW_MS,
  )
  t.equal(keepUntil(conversation({ asking: { ...NOT_ASKING, run: run() } }), RULES), START + ANSWER_WINDOW_MS)
  t.equal(keepUntil(conversation({ outbox: outbox({ parts: [part()] }) }), RULES), START + ANSWER_WINDOW_MS)
  const dead = [{ seq: 1, reason: 'refused', code: '100', at: START + 5, parts: [part()] } as const]
  t.equal(keepUntil(conversation({ outbox: outbox({ dead }) }), RULES), START + 5 + DEAD_LETTER_LIFE_MS)
  const posts = [{ key: 'k', body: '', at: START + 5, seq: 1, reason: null }]
  t.equal(keepUntil(conversation({ outbox: outbox({ posts }) }), RULES), START + 5 + POST_LIFE_MS)
})

t.test('a closed conversation is not forgotten before it may open again', async (t) => {
  const closed = conversation({ closedAt: START })
  t.equal(keepUntil(closed, policy({ reopenAfterMs: 30 * 24 * HOUR })), START + 30 * 24 * HOUR)
  t.equal(keepUntil(closed, policy({ reopenAfterMs: FOREVER })), FOREVER)
})

t.test('an endless pause is kept until the last possible time and not beyond', async (t) => {
  t.equal(keepUntil(conversation({ flags: [flag(START + FOREVER, 1)] }), RULES), FOREVER)
})
