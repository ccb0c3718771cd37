import t from 'tap'
import type { Policy } from '../../../src/conversation/channel.js'
import type { RunEnd } from '../../../src/conversation/event.js'
import { adoptRun, beatRun, startRun } from '../../../src/conversation/question/asking.js'
import { askAt } from '../../../src/conversation/question/debounce.js'
import type { Message } from '../../../src/conversation/state/message.js'
import { NO_NAMES, NOT_ASKING, type RunNames } from '../../../src/conversation/state/state.js'
import {
  conversation,
  createThread,
  customerMessage,
  deletion,
  draftOf,
  echo,
  frozen,
  given,
  HOUR,
  MINUTE,
  mark,
  message,
  policy,
  reaction,
  run,
  runEnd,
  SECOND,
  START,
  send,
  sendResult,
  type Thread,
  wake,
} from '../../fixtures/conversation.js'

const RULES = policy()
const NAMES: RunNames = { taskId: 't', conversationId: 'd', messageId: 'm', workflowRunId: null }
const FAILED: RunEnd['end'] = { is: 'failed', isWorthRetry: true }
const HOPELESS: RunEnd['end'] = { is: 'failed', isWorthRetry: false }
const UNKNOWN_END: RunEnd['end'] = { is: 'unknown', code: 'timeout' }

function waiting(...arrivals: readonly number[]): readonly Message[] {
  return arrivals.map((arrivedAt, index) => message({ seq: index + 1, arrivedAt }))
}

/** A question that has just been asked. */
function asked(rules: Policy = RULES, runId = 'run-1'): Thread {
  const thread = createThread(rules)
  thread.apply(customerMessage({ mid: 'c1', text: 'how much?' }))
  thread.wait(2 * SECOND)
  t.hasStrict(thread.apply(wake({ runId })).task, { is: 'ask', run: { id: runId } })
  return thread
}

/** The time that the queue still has to wait. */
function rest(thread: Thread, rules: Policy = RULES): number {
  return askAt(thread.state(), rules)! - thread.now()
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
    t.hasStrict(draft.records, [
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
  const beaten = beatRun(given(draft, { now: START + 5 * SECOND }), 'run-1', NAMES)
  t.strictSame(beaten, run({ names: NAMES, leaseUntil: START + 13 * SECOND }))
  t.equal(draft.state.asking.run, beaten)
  const before = draft.state
  t.equal(beatRun(given(draft, { now: START }), 'run-2', NO_NAMES), null)
  t.equal(draft.state, before)
  t.equal(beatRun(given(draftOf(conversation()), { now: START }), 'run-1', NO_NAMES), null)
})

t.test('an answer is queued, its question processed, and the cooldown begins', async (t) => {
  const thread = asked()
  thread.wait(SECOND)
  const end = runEnd({ is: 'answer', text: 'Ten euros.', conversationId: 'd-1' })
  t.equal(thread.apply(end).outcome, 'accepted')
  t.hasStrict(thread.messages(), [
    { type: 'customer', status: 'processed', reason: null },
    { type: 'AI', text: 'Ten euros.', status: 'queued', fromApp: true },
  ])
  t.strictSame(thread.state().asking, {
    ...NOT_ASKING,
    restUntil: thread.now() + 3 * SECOND,
    assistantId: 'd-1',
    answeredUpTo: 1,
  })
  t.hasStrict(thread.state().outbox.parts, [
    { leaves: 'while_on', attempts: 0, stage: { is: 'queued', notBefore: thread.now(), slotAt: 0 } },
  ])
  t.equal(thread.apply(end).outcome, 'refused', 'it is not taken twice')
})

t.test('messages that arrive during a run wait for the end of the cooldown', async (t) => {
  const thread = asked(policy({ assistantSends: true }))
  thread.apply(customerMessage({ text: 'and shipping?' }))
  thread.wait(10 * SECOND)
  thread.apply(runEnd({ is: 'answer', text: '', conversationId: null }))
  t.equal(rest(thread), 3 * SECOND)
})

t.test('the answer of an assistant that sends by itself is not sent again, and may be empty', async (t) => {
  for (const text of ['Ten euros.', '']) {
    const thread = asked(policy({ assistantSends: true }))
    t.equal(thread.apply(runEnd({ is: 'answer', text, conversationId: null })).outcome, 'accepted')
    t.hasStrict(thread.messages(), [{ status: 'processed' }])
    t.equal(thread.messages().length, 1)
    t.strictSame(thread.state().outbox.parts, [])
  }
})

for (const [says, end, changes, isAgain] of [
  ['a run that failed is asked again', FAILED, {}, true],
  ['one that would fail again is not', HOPELESS, {}, false],
  [
    'an empty answer is a failure, and asking again would bring another',
    { is: 'answer', text: ' \n', conversationId: null },
    {},
    false,
  ],
  ['one that never began is asked again', { is: 'not_started', isWorthRetry: true, retryAfterMs: 0 }, {}, true],
  ['unless that cannot help', { is: 'not_started', isWorthRetry: false, retryAfterMs: 0 }, {}, false],
  ['one of which nobody knows is asked again', UNKNOWN_END, {}, true],
  ['the last try is the last', FAILED, { difyAttempts: 1 }, false],
  ['where the assistant sends by itself, what began is never asked again', FAILED, { assistantSends: true }, false],
  ['nor what may have begun', UNKNOWN_END, { assistantSends: true }, false],
  [
    'but what surely did not',
    { is: 'not_started', isWorthRetry: true, retryAfterMs: 0 },
    { assistantSends: true },
    true,
  ],
] as readonly (readonly [string, RunEnd['end'], Partial<Policy>, boolean])[]) {
  t.test(says, async (t) => {
    const thread = asked(policy(changes))
    thread.apply(customerMessage({ text: 'hello?' }))
    t.equal(thread.apply(runEnd(end)).outcome, 'accepted')
    t.equal(thread.state().asking.run, null)
    t.strictSame(
      thread.state().waiting.map((each) => each.text),
      isAgain ? ['how much?', 'hello?'] : ['hello?'],
    )
    t.equal(thread.state().asking.attempts, isAgain ? 1 : 0)
    const [first] = thread.messages()
    t.strictSame([first?.status, first?.reason], isAgain ? ['received', null] : ['skipped', 'assistant_failed'])
  })
}

t.test('a question has two attempts at most', async (t) => {
  const thread = asked()
  thread.apply(runEnd(FAILED))
  thread.wait(SECOND)
  thread.apply(wake({ runId: 'run-2' }))
  t.equal(thread.state().asking.attempts, 2)
  thread.apply(runEnd(FAILED, { runId: 'run-2' }))
  t.hasStrict(thread.messages(), [{ status: 'skipped', reason: 'assistant_failed' }])
  t.hasStrict(thread.state(), { waiting: [], asking: { attempts: 0, restUntil: thread.now() + 3 * SECOND } })
})

for (const [says, end, random, ms] of [
  ['half a second', FAILED, 0, 500],
  ['a second and a half', FAILED, 1, 1_500],
  ['as long as Dify asks for', { is: 'not_started', isWorthRetry: true, retryAfterMs: 7_000 }, 0, 7_000],
  ['thirty seconds at most', { is: 'not_started', isWorthRetry: true, retryAfterMs: HOUR }, 0, 30_000],
] as readonly (readonly [string, RunEnd['end'], number, number])[]) {
  t.test(`the next try comes after ${says}`, async (t) => {
    const thread = asked()
    thread.apply(runEnd(end, { random }))
    t.equal(rest(thread), ms)
  })
}

t.test('each further try waits twice as long', async (t) => {
  const rules = policy({ difyAttempts: 3 })
  const thread = asked(rules)
  thread.apply(runEnd(FAILED))
  thread.wait(SECOND)
  thread.apply(wake({ runId: 'run-2' }))
  thread.apply(runEnd(FAILED, { runId: 'run-2' }))
  t.equal(rest(thread, rules), 2 * SECOND)
})

for (const [says, end, names, assistantId] of [
  ['a conversation that Dify hangs on is left for a new one', { is: 'unknown', code: 'no_progress' }, NO_NAMES, null],
  ['not where it had said which one it is', { is: 'unknown', code: 'no_progress' }, NAMES, 'd-1'],
  ['nor after any other failure', UNKNOWN_END, NO_NAMES, 'd-1'],
  ['nor after one that is no riddle', FAILED, NO_NAMES, 'd-1'],
] as readonly (readonly [string, RunEnd['end'], RunNames, string | null])[]) {
  t.test(says, async (t) => {
    const thread = asked()
    thread.apply(runEnd({ is: 'answer', text: 'Ten.', conversationId: 'd-1' }))
    thread.apply(send(0))
    thread.apply({ is: 'send_result', seq: 2, attempt: 1, end: { is: 'sent', mid: 'm1' }, random: 0 })
    thread.apply(customerMessage({ text: 'and that?' }))
    thread.wait(3 * SECOND)
    t.hasStrict(thread.apply(wake({ runId: 'run-2' })).task, { is: 'ask' })
    thread.apply({ is: 'run_beat', runId: 'run-2', names, said: null })
    thread.apply(runEnd(end, { runId: 'run-2' }))
    t.equal(thread.state().asking.assistantId, assistantId)
  })
}

for (const [says, end, changes, isSaid] of [
  ['says so to the customer', HOPELESS, {}, true],
  ['says nothing where there is nothing to say', HOPELESS, { fallbackText: null }, false],
  ['says nothing on a channel without a token', HOPELESS, { canSend: false }, false],
  ['says so after an end that nobody knows', UNKNOWN_END, { difyAttempts: 1 }, true],
  ['says so where the assistant sends by itself and surely failed', HOPELESS, { assistantSends: true }, true],
  ['says nothing where it may have answered by itself', UNKNOWN_END, { assistantSends: true }, false],
] as readonly (readonly [string, RunEnd['end'], Partial<Policy>, boolean])[]) {
  t.test(`an assistant that failed for good ${says}`, async (t) => {
    const thread = asked(policy({ fallbackText: 'Sorry!', ...changes }))
    thread.apply(runEnd(end))
    t.strictSame(
      thread.state().outbox.parts.map(({ message, leaves }) => [message.text, leaves]),
      isSaid ? [['Sorry!', 'as_farewell']] : [],
    )
    t.equal(thread.pause(), null)
  })
}

t.test('a failure may pause the bot: its farewell leaves all the same, what waits is not asked', async (t) => {
  const thread = asked(policy({ fallbackText: 'Sorry!', pauseOnFailure: true }))
  thread.apply(customerMessage({ text: 'hello?' }))
  thread.apply(runEnd(HOPELESS))
  t.strictSame(thread.pause(), { until: thread.now() + 6 * HOUR, reason: 'assistant_failed' })
  t.hasStrict(thread.messages(), [
    { reason: 'assistant_failed' },
    { status: 'skipped', reason: 'bot_paused' },
    { text: 'Sorry!', status: 'queued' },
  ])
  t.hasStrict(thread.apply(send(0)).leaving, {
    part: { message: { text: 'Sorry!' } },
  })
})

t.test('an assistant that asks for a person: the bot falls silent, and its question is no failure', async (t) => {
  const thread = asked(policy({ handoffText: 'A colleague comes.', fallbackText: 'Sorry!', pauseOnFailure: true }))
  thread.apply(mark())
  thread.apply(customerMessage({ text: 'hello?' }))
  thread.apply(runEnd({ is: 'handoff', conversationId: 'd' }))
  t.strictSame(thread.pause(), { until: thread.now() + 6 * HOUR, reason: 'assistant' })
  t.hasStrict(thread.messages(), [
    { status: 'processed', reason: null, answerUnsent: true },
    { status: 'skipped', reason: 'bot_paused' },
    { text: 'A colleague comes.', type: 'AI', status: 'queued' },
  ])
  t.hasStrict(thread.state().asking, { run: null, attempts: 0, assistantId: 'd', answeredUpTo: 1 })
  t.hasStrict(thread.apply(send(0)).leaving, { part: { message: { text: 'A colleague comes.' } } })
  thread.apply(sendResult({ is: 'sent', mid: 'm1' }, { seq: 3 }))
  thread.apply(customerMessage({ text: 'still there?' }))
  t.equal(askAt(thread.state(), RULES), null, 'nothing is asked')
  thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
  t.equal(askAt(thread.state(), RULES), null, 'nor asked again')
  t.equal(thread.apply(runEnd({ is: 'handoff', conversationId: 'd' })).outcome, 'refused')
})

t.test('a hand-off by the assistant needs no text, and its flags end with the run', async (t) => {
  const thread = asked(policy({ assistantSends: true }))
  thread.apply(mark({ count: 1 }))
  thread.apply({ is: 'run_beat', runId: 'run-1', names: NAMES, said: null })
  thread.apply(runEnd({ is: 'handoff', conversationId: null }))
  t.strictSame(thread.state().outbox.parts, [])
  t.equal(thread.state().asking.assistantId, 'd', 'as the run was named')
  t.equal(thread.pause()?.reason, 'assistant')
  thread.wait(4 * SECOND)
  t.hasStrict(thread.apply(echo({ text: 'I am a person' })), { author: 'human', evidence: 'none' })
})

t.test('a message deleted while it was asked is neither processed nor asked again', async (t) => {
  for (const [end, status] of [
    [{ is: 'answer', text: 'Ten.', conversationId: null }, 'processed'],
    [FAILED, 'received'],
    [HOPELESS, 'skipped'],
  ] as const) {
    const thread = createThread()
    thread.apply(customerMessage({ mid: 'c1', text: 'oops' }))
    thread.apply(customerMessage({ mid: 'c2', text: 'how much?' }))
    thread.wait(2 * SECOND)
    thread.apply(wake())
    thread.apply(deletion({ mid: 'c1' }))
    thread.apply(runEnd(end))
    t.hasStrict(thread.messages().slice(0, 2), [
      { status: 'skipped', reason: null, text: null },
      { status, text: 'how much?' },
    ])
    t.strictSame(
      thread.state().waiting.map((each) => each.seq),
      status === 'received' ? [2] : [],
    )
  }
})

t.test('a mark raised during a run that failed ends with it, an older one does not', async (t) => {
  const thread = createThread(policy({ assistantSends: true }))
  thread.apply(mark())
  thread.wait(SECOND)
  thread.apply(customerMessage())
  thread.wait(2 * SECOND)
  thread.apply(wake())
  thread.wait(SECOND)
  thread.apply(mark({ count: 2 }))
  thread.apply(runEnd(UNKNOWN_END))
  t.strictSame(
    thread.state().flags.map((flag) => flag.until - thread.now()),
    [5 * 60 * SECOND - 4 * SECOND, 3 * SECOND],
  )
})

t.test('an assistant that has enough to do is waited for, however long it takes', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.wait(2 * SECOND)
  const down = { assistantFreeAt: thread.now() + SECOND, isAssistantDown: true }
  thread.apply(wake(down))
  t.equal(thread.state().asking.heldSince, thread.now())
  for (let i = 0; i < 10; i += 1) {
    thread.wait(30 * SECOND)
    const busy = { assistantFreeAt: thread.now() + 250, isAssistantDown: false }
    t.equal(thread.apply(wake(busy)).task, null)
    t.hasStrict(thread.state().asking, { heldSince: 0, restUntil: thread.now() + 250 })
  }
  t.hasStrict(thread.messages(), [{ status: 'received' }])
  thread.wait(250)
  t.equal(thread.apply(wake()).task?.is, 'ask')
})

t.test('a message is answered when the last part of its answer has left, and not before', async (t) => {
  const thread = createThread()
  const isUnsent = () => thread.messages()[0]!.answerUnsent
  thread.apply(customerMessage({ mid: 'a' }))
  thread.wait(2 * SECOND)
  thread.apply(wake())
  thread.apply(runEnd({ is: 'answer', text: 'Yes', conversationId: null }))
  t.equal(thread.messages()[0]!.status, 'processed')
  t.equal(isUnsent(), true, 'it waits')
  thread.apply(send(0))
  thread.apply(sendResult({ is: 'dead', reason: 'refused', code: '100' }, { seq: 2 }))
  t.equal(isUnsent(), true, 'a dead letter is no answer')
  thread.apply(reaction({ mid: 'a' }))
  thread.apply({ is: 'redrive', seq: 2 })
  thread.apply(send(0))
  thread.apply(sendResult({ is: 'sent', mid: 'm' }, { seq: 2 }))
  t.equal(isUnsent(), false)
  t.equal(thread.messages()[0]!.reactions.length, 1, 'what happened to it meanwhile stays')
})
