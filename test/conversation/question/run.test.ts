import t from 'tap'
import type { RunEnd } from '../../../src/conversation/event.js'
import { adoptRun, beatRun, startRun } from '../../../src/conversation/question/run.js'
import type { Message } from '../../../src/conversation/state/message.js'
import { NO_NAMES, NOT_ASKING, type RunNames } from '../../../src/conversation/state/state.js'
import { asked, rest } from '../../fixtures/asked.js'
import {
  conversation,
  createThread,
  customerMessage,
  deletion,
  draftOf,
  flat,
  frozen,
  given,
  HOUR,
  MINUTE,
  message,
  policy,
  run,
  runEnd,
  SECOND,
  START,
  wake,
} from '../../fixtures/conversation.js'

const RULES = policy()
const NAMES: RunNames = { taskId: 't', conversationId: 'd', messageId: 'm', workflowRunId: null }
const FAILED: RunEnd['end'] = { is: 'failed', isWorthRetry: true }

function waiting(...arrivals: readonly number[]): readonly Message[] {
  return arrivals.map((arrivedAt, index) => message({ seq: index + 1, arrivedAt }))
}

t.test('a run takes all that waits, and has a lease', async (t) => {
  const draft = draftOf(
    frozen(conversation({ waiting: waiting(START, START), asking: { ...NOT_ASKING, heldSince: START } })),
  )
  const begun = startRun(given(draft, { policy: RULES, now: START + 5 }), wake({ runId: 'run-7' }))
  const expected = run({
    id: 'run-7',
    messages: waiting(START, START),
    startedAt: START + 5,
    leaseUntil: START + 8_005,
  })
  t.strictSame(begun, expected)
  t.strictSame(draft.state.asking, { ...NOT_ASKING, run: expected, attempts: 1 })
  t.strictSame(draft.state.waiting, [])
})

for (const [why, changes] of [
  ['bot_off', { mode: 'off' }],
  ['not_a_tester', { mode: 'test' }],
  ['no_assistant', { hasAssistant: false }],
] as const) {
  t.test(`messages that waited when the settings changed to ${why} are not asked any more`, async (t) => {
    const draft = draftOf(frozen(conversation({ waiting: waiting(START, START) })))
    t.equal(startRun(given(draft, { policy: policy(changes), now: START }), wake()), null)
    t.strictSame([draft.state.waiting, draft.state.asking], [[], NOT_ASKING])
    t.hasStrict(draft.records.map(flat), [
      { seq: 1, status: 'skipped', reason: why },
      { seq: 2, status: 'skipped', reason: why },
    ])
  })
}

t.test('a question waits for an assistant that is down, and is asked when it works again', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.wait(2 * SECOND)
  t.equal(thread.apply(wake({ assistantFreeAt: thread.now() + 700 })).task, null)
  t.equal(rest(thread), 700)
  t.equal(thread.state().asking.heldSince, START + 2 * SECOND)
  thread.wait(700)
  t.hasStrict(thread.apply(wake()).task, { is: 'ask' })
  t.hasStrict(thread.state().asking, { attempts: 1, heldSince: 0 })
})

t.test(
  'a question that waited a minute for an assistant that is down is given up with the fallback text',
  async (t) => {
    const thread = createThread(policy({ fallbackText: 'Sorry!' }))
    thread.apply(customerMessage())
    thread.wait(2 * SECOND)
    thread.apply(wake({ assistantFreeAt: thread.now() + MINUTE - 1 }))
    thread.wait(MINUTE - 1)
    t.equal(thread.apply(wake({ assistantFreeAt: thread.now() + 1 })).task, null)
    t.equal(thread.state().waiting.length, 1)
    thread.wait(1)
    thread.apply(wake({ assistantFreeAt: thread.now() + 1 }))
    t.hasStrict(thread.messages(), [
      { status: 'skipped', reason: 'assistant_failed' },
      { type: 'AI', text: 'Sorry!', status: 'queued' },
    ])
    t.hasStrict(thread.state().asking, { run: null, attempts: 0, heldSince: 0 })
    t.strictSame(thread.state().waiting, [])
  },
)

t.test('the time for which the last question was held does not count for the next one', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1' }))
  thread.wait(2 * SECOND)
  thread.apply(wake({ assistantFreeAt: thread.now() + SECOND }))
  thread.apply(deletion({ mid: 'c1' }))
  thread.wait(HOUR)
  thread.apply(customerMessage({ mid: 'c2' }))
  thread.wait(2 * SECOND)
  thread.apply(wake({ assistantFreeAt: thread.now() + SECOND }))
  t.equal(thread.state().waiting.length, 1)
})

t.test('attempts of a question that was deleted do not count for the next', async (t) => {
  const thread = asked()
  thread.apply(runEnd(FAILED))
  thread.apply(deletion({ mid: 'c1' }))
  t.equal(thread.state().asking.attempts, 1)
  thread.apply(customerMessage({ mid: 'c2', text: 'and that?' }))
  t.equal(thread.state().asking.attempts, 0)
})

t.test('a run whose process died goes on under another id, and the old one is refused', async (t) => {
  const draft = draftOf(frozen(conversation({ asking: { ...NOT_ASKING, run: run({ names: NAMES }), attempts: 1 } })))
  const adopted = adoptRun(given(draft, { now: START + HOUR }), run({ names: NAMES }), 'run-2')
  t.strictSame(adopted, run({ id: 'run-2', names: NAMES, leaseUntil: START + HOUR + 8 * SECOND }))
  t.strictSame(draft.state.asking, { ...NOT_ASKING, run: adopted, attempts: 1 })

  const thread = asked()
  thread.wait(8 * SECOND)
  t.hasStrict(thread.apply(wake({ runId: 'run-2' })).task, { is: 'look_up', run: { id: 'run-2' } })
  const late = thread.decision(runEnd({ is: 'answer', text: 'ten', conversationId: null }))
  t.hasStrict([late.verdict.outcome, late.state], ['refused', null])
  t.equal(
    thread.apply(runEnd({ is: 'answer', text: 'ten', conversationId: null }, { runId: 'run-2' })).outcome,
    'accepted',
  )
})

t.test('a beat makes the lease longer and brings the names that Dify gave', async (t) => {
  const draft = draftOf(frozen(conversation({ asking: { ...NOT_ASKING, run: run() } })))
  t.equal(beatRun(given(draft, { now: START + 5 * SECOND }), 'run-1', NAMES), true)
  t.strictSame(draft.state.asking.run, run({ names: NAMES, leaseUntil: START + 13 * SECOND }))
  const before = draft.state
  t.equal(beatRun(given(draft, { now: START }), 'run-2', NO_NAMES), false)
  t.equal(draft.state, before)
  t.equal(beatRun(given(draftOf(conversation()), { now: START }), 'run-1', NO_NAMES), false)
})
