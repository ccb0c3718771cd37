import t from 'tap'
import type { Policy } from '../../../src/conversation/channel.js'
import type { RunEnd } from '../../../src/conversation/event.js'
import { askAt } from '../../../src/conversation/question/debounce.js'
import { NO_NAMES, NOT_ASKING, type RunNames } from '../../../src/conversation/state/state.js'
import { asked, rest } from '../../fixtures/asked.js'
import {
  createThread,
  customerMessage,
  deletion,
  echo,
  HOUR,
  mark,
  policy,
  reaction,
  runEnd,
  SECOND,
  send,
  sendResult,
  wake,
} from '../../fixtures/conversation.js'

const RULES = policy()
const NAMES: RunNames = { taskId: 't', conversationId: 'd', messageId: 'm', workflowRunId: null }
const FAILED: RunEnd['end'] = { is: 'failed', isWorthRetry: true }
const HOPELESS: RunEnd['end'] = { is: 'failed', isWorthRetry: false }
const UNKNOWN_END: RunEnd['end'] = { is: 'unknown', code: 'timeout' }

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
    thread.apply(sendResult({ is: 'sent', mid: 'm1' }, { seq: 2 }))
    thread.apply(customerMessage({ text: 'and that?' }))
    thread.wait(3 * SECOND)
    t.hasStrict(thread.apply(wake({ runId: 'run-2' })).task, { is: 'ask' })
    thread.apply({ is: 'run_beat', runId: 'run-2', names, said: null })
    thread.apply(runEnd(end, { runId: 'run-2' }))
    t.equal(thread.state().asking.assistantId, assistantId)
  })
}

t.test('a conversation that Dify hangs on is left also where the question is not asked again', async (t) => {
  for (const changes of [{ assistantSends: true }, { difyAttempts: 1 }]) {
    const thread = asked(policy(changes))
    thread.apply(runEnd({ is: 'answer', text: 'Ten.', conversationId: 'd-1' }))
    if (thread.state().outbox.parts.length > 0) {
      thread.apply(send(0))
      thread.apply(sendResult({ is: 'sent', mid: 'm1' }, { seq: 2 }))
    }
    thread.apply(customerMessage({ text: 'and that?' }))
    thread.wait(3 * SECOND)
    t.hasStrict(thread.apply(wake({ runId: 'run-2' })).task, { is: 'ask' })
    thread.apply(runEnd({ is: 'unknown', code: 'no_progress' }, { runId: 'run-2' }))
    t.hasStrict(thread.state().asking, { run: null, attempts: 0, assistantId: null })
  }
})

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
