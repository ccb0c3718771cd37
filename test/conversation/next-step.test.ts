import t from 'tap'
import { FOREVER } from '../../src/conversation/channel.js'
import { decide } from '../../src/conversation/decide.js'
import { LATEST_ECHO_MS } from '../../src/conversation/ledger.js'
import { ANSWER_WINDOW_MS, dueAt, keepUntil, nextStep } from '../../src/conversation/next-step.js'
import { pauseOf } from '../../src/conversation/pause.js'
import type { Cause, Flag } from '../../src/conversation/state.js'
import { conversation, HOUR, MINUTE, message, policy, SECOND, START, UNKNOWN } from '../fixtures/conversation.js'

function cause(until: number): Cause {
  return { until, reason: 'human_echo', at: START, seq: 1, note: null }
}

function flag(until: number, left: number): Flag {
  return { at: START, until, left, text: null, idempotencyKey: null, parameters: '' }
}

t.test('a conversation without a pause needs nothing', async (t) => {
  const state = conversation({ flags: [flag(START + MINUTE, 1)] })
  t.strictSame(nextStep(state, START), { is: 'rest', until: FOREVER })
  t.equal(dueAt(state, START), FOREVER)
})

t.test('a paused one rests until the end of its longest cause', async (t) => {
  const state = conversation({ causes: [cause(START + 2 * HOUR), cause(START + HOUR)] })
  t.strictSame(nextStep(state, START), { is: 'rest', until: START + 2 * HOUR })
  t.strictSame(nextStep(state, START + HOUR), { is: 'rest', until: START + 2 * HOUR })
  t.equal(dueAt(state, START), START + 2 * HOUR)
})

t.test('a pause that has run its time is due at once, and the wake ends it', async (t) => {
  const state = conversation({ causes: [cause(START + HOUR)] })
  const due = dueAt(state, START)
  t.strictSame(nextStep(state, due), { is: 'resume' })
  t.equal(dueAt(state, due), due)
  t.equal(dueAt(state, due + HOUR), due + HOUR)
  const woken = decide(state, wake(), UNKNOWN, policy(), due).state
  t.ok(woken !== null && pauseOf(woken, due) === null)
  t.equal(dueAt(woken!, due), FOREVER)
})

t.test('a pause until somebody ends it is never due', async (t) => {
  const state = conversation({ causes: [cause(FOREVER), cause(START + HOUR)] })
  t.equal(dueAt(state, START), FOREVER)
  t.equal(dueAt(state, START + 2 * HOUR), FOREVER)
})

t.test('a state without open work may be forgotten', async (t) => {
  t.equal(keepUntil(conversation()), 0)
  t.equal(keepUntil(conversation({ flags: [flag(START + HOUR, 0)] })), 0)
})

t.test('a state is kept as long as something in it can still matter', async (t) => {
  const sent = { message: message({ type: 'AI' }), until: START + 60 * SECOND }
  t.equal(keepUntil(conversation({ causes: [cause(START + HOUR), cause(START + MINUTE)] })), START + HOUR)
  t.equal(keepUntil(conversation({ flags: [flag(START + MINUTE, 2)] })), START + MINUTE + LATEST_ECHO_MS)
  t.equal(keepUntil(conversation({ sent: [sent] })), START + 60 * SECOND + LATEST_ECHO_MS)
  t.equal(keepUntil(conversation({ waiting: [message()], causes: [cause(START + HOUR)] })), START + ANSWER_WINDOW_MS)
})

t.test('what lasts for ever is kept until the end of time and not beyond', async (t) => {
  t.equal(keepUntil(conversation({ flags: [flag(START + FOREVER, 1)] })), FOREVER)
})
