import assert from 'node:assert/strict'
import t from 'tap'
import { FOREVER, type Policy } from '../../src/conversation/channel.js'
import type { Event } from '../../src/conversation/event.js'
import { liveFlags } from '../../src/conversation/expected/flags.js'
import { userOf } from '../../src/conversation/ids.js'
import { dueAt, nextStep } from '../../src/conversation/next-step.js'
import { flagEnd, keepUntil, LATEST_ECHO_MS } from '../../src/conversation/state/lifetimes.js'
import type { Conversation } from '../../src/conversation/state/state.js'
import type { ItemVerdict, Verdict } from '../../src/conversation/verdict.js'
import { createThread, flat, ID, type Thread, wake } from '../fixtures/conversation.js'
import { createOracle, type Expected, type Oracle } from '../fixtures/conversation-oracle.js'
import { arriving, policies, type Step, steps } from '../fixtures/conversation-steps.js'
import fc, { RUNS } from '../fixtures/property.js'

/** Random lives of a conversation, against the oracle and against what must hold whatever happens. */

function live(rules: Policy, life: readonly Step[], check: (thread: Thread, event: Event, verdict: Verdict) => void) {
  const thread = createThread(rules)
  for (const step of life) {
    thread.wait(step.wait)
    if (step.event.is === 'wake') toDueTime(thread, rules)
    const event = arriving(step, thread.now())
    check(thread, event, thread.apply(event))
  }
}

function toDueTime(thread: Thread, rules: Policy): void {
  const due = dueAt(thread.state(), rules)
  // What is overdue is done now: the clock does not go back.
  if (due < FOREVER) thread.wait(Math.max(0, due - thread.now()))
}

function assertExpected(thread: Thread, verdict: Verdict, expected: Expected, oracle: Oracle): void {
  const message = 'message' in verdict ? verdict.message : null
  const ofMessage = { seq: message?.seq ?? null, evidence: message?.origin.evidence ?? null }
  const facts = { outcome: 'accepted', ...ofMessage, ...verdict }
  assert.deepEqual({ ...facts, ...expected }, facts)
  assert.deepEqual(thread.pause(), oracle.pause(thread.now()))
  assert.deepEqual(
    thread.state().waiting.map((each) => each.seq),
    oracle.waiting().map((each) => each.seq),
  )
  assert.equal(liveFlags(thread.state(), thread.now()), oracle.liveFlags(thread.now()))
  const seen = thread.messages().map(({ seq, type, mid, text, status, reason, evidence, fromApp }) => {
    return { seq, type, mid, text, status, reason, evidence, fromApp }
  })
  const said = oracle.said().map(({ seq, type, mid, text, status, reason, evidence, fromApp }) => {
    return { seq, type, mid, text, status, reason, evidence, fromApp }
  })
  assert.deepEqual(seen, said)
}

t.test('every verdict, pause, queue and history is what the contract says', async () => {
  fc.assert(
    fc.property(policies, steps, (rules, life) => {
      const oracle = createOracle(rules, userOf(ID))
      live(rules, life, (thread, event, verdict) => {
        const expected = oracle.expect(event, thread.now())
        assertExpected(thread, verdict, expected, oracle)
      })
    }),
    { numRuns: RUNS },
  )
})

t.test('the state is sound after any sequence of events', async () => {
  fc.assert(
    fc.property(policies, steps, (rules, life) => {
      live(rules, life, (thread) => {
        assertBounded(thread)
        assertConsistent(thread)
        assertFresh(thread, rules)
        assertDue(thread, rules)
      })
    }),
    { numRuns: RUNS },
  )
})

function assertBounded(thread: Thread): void {
  const { causes, flags, flagUses, sent, unclaimed, waiting, setAside, asked, early } = thread.state()
  const lengths = [causes, flags, flagUses, sent, unclaimed, waiting, setAside, asked, early].map((list) => list.length)
  const caps = [8, 50, 24, 50, 24, 100, 100, 10, 10]
  assert.ok(
    lengths.every((length, index) => length <= caps[index]!),
    `lists of ${lengths.join(', ')}`,
  )
  assert.ok(JSON.stringify(thread.state()).length < 100_000)
}

/** What the next event meets. */
function awake(thread: Thread): Conversation {
  return thread.decision(wake()).state ?? thread.state()
}

/** No expectation, and no memory of one, outlives its time. */
function assertFresh(thread: Thread, rules: Policy): void {
  const now = thread.now()
  const { flags, sent, causes, unclaimed, setAside } = awake(thread)
  for (const flag of flags) {
    const remembered = flag.at + (flag.idempotencyKey === null ? 1000 : rules.flagTtlMs)
    assert.ok(now < Math.max(flag.left > 0 ? flag.until + LATEST_ECHO_MS : 0, remembered))
  }
  for (const each of sent) assert.ok(now < each.until + LATEST_ECHO_MS)
  for (const cause of causes) assert.ok(now < cause.until)
  for (const echo of unclaimed) assert.ok(now < echo.at + rules.echoTtlMs)
  for (const aside of setAside) assert.ok(now < aside.at + 60_000)
}

function assertConsistent(thread: Thread): void {
  const state = thread.state()
  const messages = thread.messages()
  assert.deepEqual(
    messages.map((each) => each.seq),
    Array.from({ length: state.seq }, (_, index) => index + 1),
  )
  if (thread.pause() !== null || state.closedAt > 0) assert.deepEqual(state.waiting, [])
  const received = messages.filter((each) => each.type === 'customer' && each.status === 'received')
  assert.deepEqual(state.waiting.map(flat), received)
  for (const open of [...state.setAside, ...state.unclaimed, ...state.sent]) {
    assert.deepEqual(flat(open.message), messages[open.message.seq - 1])
  }
  const copies = [state.setAside, state.unclaimed, state.sent].map((list) => list.map((each) => each.message.seq))
  for (const list of copies) assert.equal(new Set(list).size, list.length)
}

/** Resting means that nothing has run out: the next to end is the pause, or a flag that nothing used. */
function assertDue(thread: Thread, rules: Policy): void {
  const now = thread.now()
  const state = awake(thread)
  const pause = thread.pause()
  const flagEnds = state.flags.filter((flag) => flag.left > 0).map((flag) => flagEnd(flag, rules.flagTtlMs))
  const until = Math.min(pause === null ? FOREVER : pause.until, ...flagEnds)
  assert.deepEqual(nextStep(state, rules, now), { is: 'rest', until })
  assert.equal(dueAt(state, rules), until)
  assert.ok(keepUntil(state, rules) >= (pause?.until ?? 0))
  if (liveFlags(state, now) > 0) assert.ok(keepUntil(state, rules) > now)
}

t.test('each wake at its due time ends a flag or the pause, and the last leaves nothing due', async () => {
  fc.assert(
    fc.property(policies, steps, (rules, life) => {
      const thread = createThread(rules)
      for (const step of life) {
        thread.wait(step.wait)
        thread.apply(arriving(step, thread.now()))
      }
      for (let due = dueAt(thread.state(), rules); due < FOREVER; due = dueAt(thread.state(), rules)) {
        if (due > thread.now()) toDueTime(thread, rules)
        const step = nextStep(thread.state(), rules, thread.now())
        assert.ok(step.is === 'resume' || step.is === 'forget')
        thread.apply(wake())
        assert.ok(dueAt(thread.state(), rules) > due)
        if (step.is === 'resume') assert.equal(thread.pause(), null)
      }
      assert.ok(thread.state().flags.every((flag) => flag.left === 0))
    }),
    { numRuns: RUNS },
  )
})

t.test('the same arguments give the same decision, and are not changed', async () => {
  fc.assert(
    fc.property(policies, steps, (rules, life) => {
      const thread = createThread(rules)
      for (const step of life) {
        thread.wait(step.wait)
        const event = arriving(step, thread.now())
        const before = JSON.stringify(thread.state())
        // The driver freezes the state: a rule that wrote to it would throw.
        assert.deepEqual(thread.decision(event), thread.decision(event))
        assert.equal(JSON.stringify(thread.state()), before)
        thread.apply(event)
      }
    }),
    { numRuns: RUNS / 4 },
  )
})

t.test('a redelivery has no effect, whatever it follows', async () => {
  fc.assert(
    fc.property(policies, steps, fc.nat(), (rules, life, pick) => {
      const thread = createThread(rules)
      const arrived: Event[] = []
      for (const step of life) {
        thread.wait(step.wait)
        const event = arriving(step, thread.now())
        thread.apply(event)
        if ((event.is === 'message' || event.is === 'echo') && event.mid !== null) arrived.push(event)
      }
      fc.pre(arrived.length > 0)
      const again = thread.decision(arrived[pick % arrived.length]!)
      assert.equal((again.verdict as ItemVerdict).outcome, 'duplicate')
      assert.deepEqual([again.state, again.records, again.ownId], [null, [], null])
    }),
    { numRuns: RUNS / 2 },
  )
})

t.test('only a person’s message or an operator’s order prolongs a pause', async () => {
  fc.assert(
    fc.property(policies, steps, (rules, life) => {
      let until = 0
      live(rules, life, (thread, event, verdict) => {
        const now = thread.pause()?.until ?? 0
        const isPerson = ('author' in verdict && verdict.author === 'human') || event.is === 'bot'
        if (!isPerson) assert.ok(now <= until)
        until = now
      })
    }),
    { numRuns: RUNS },
  )
})
