import t from 'tap'
import type { Policy } from '../../src/conversation/channel.js'
import { nextStep } from '../../src/conversation/next-step.js'
import { NO_NAMES } from '../../src/conversation/state/state.js'
import {
  createThread,
  customerMessage,
  echo,
  HOUR,
  hours,
  MINUTE,
  mark,
  PICTURE,
  policy,
  report,
  runEnd,
  SECOND,
  START,
  send,
  sendResult,
  sharedPost,
  type Thread,
  wake,
} from '../fixtures/conversation.js'

let ids = 0
function nextId(): string {
  ids += 1
  return `mid-${ids}`
}

/** What a backfill reads is old: it was written this long ago. */
const missed = (thread: Thread, agoMs: number, changes: Parameters<typeof customerMessage>[0] = {}) =>
  thread.apply(customerMessage({ via: 'backfill', at: thread.now() - agoMs, mid: nextId(), ...changes }))
const missedEcho = (thread: Thread, agoMs: number, changes: Parameters<typeof echo>[0] = {}) =>
  thread.apply(echo({ via: 'backfill', at: thread.now() - agoMs, mid: nextId(), ...changes }))

const opened = (rules: Partial<Policy> = {}): { readonly thread: Thread; readonly rules: Policy } => {
  const all = policy(rules)
  const thread = createThread(all)
  thread.wait(24 * HOUR)
  return { thread, rules: all }
}

t.test('a missed message is recorded with its own time and its source, and asked', async (t) => {
  const { thread, rules } = opened()
  t.equal(missed(thread, HOUR).reason, null)
  t.hasStrict(thread.messages(), [
    {
      seq: 1,
      at: thread.now() - HOUR,
      arrivedAt: thread.now(),
      source: 'backfill',
      status: 'received',
      fromApp: false,
    },
  ])
  t.equal(thread.state().customerAt, thread.now() - HOUR, 'Meta’s window counts from when the customer wrote')
  thread.wait(rules.debounceMs)
  t.strictSame(nextStep(thread.state(), rules, thread.now()), { is: 'ask' })
})

t.test('a missed burst is gathered into one question', async (t) => {
  const { thread, rules } = opened()
  missed(thread, HOUR, { text: 'one' })
  missed(thread, 30 * MINUTE, { text: 'two' })
  missed(thread, MINUTE, { text: 'three' })
  thread.wait(rules.debounceMs)
  const { task } = thread.apply(wake())
  t.strictSame(
    task?.run.messages.map(({ text }) => text),
    ['one', 'two', 'three'],
  )
})

t.test('the time of the customer’s last message never goes back', async (t) => {
  const { thread } = opened()
  thread.apply(customerMessage({ text: 'now' }))
  const { customerAt } = thread.state()
  missed(thread, HOUR)
  t.equal(thread.state().customerAt, customerAt)
  t.equal(thread.state().lastMessageAt, thread.now())
})

t.test('what was answered since is recorded and not asked', async (t) => {
  const { thread } = opened()
  t.equal(missed(thread, HOUR, { isAnswered: true }).reason, 'answered')
  t.hasStrict(thread.messages(), [{ status: 'skipped', reason: 'answered', source: 'backfill' }])
  t.strictSame(thread.state().waiting, [])
})

t.test('what Meta takes no answer to any more is recorded and not asked', async (t) => {
  const { thread } = opened()
  t.equal(missed(thread, 24 * HOUR).reason, 'window_closed')
  t.equal(missed(thread, 24 * HOUR - 1, { text: 'just in time' }).reason, null)
  const later = opened().thread
  later.apply(customerMessage())
  t.equal(
    missed(later, 24 * HOUR, { text: 'anybody?' }).reason,
    null,
    'what the customer wrote since has opened it again',
  )
})

t.test('the reasons of every message come first', async (t) => {
  const old = { isAnswered: true, text: 'agent' }
  t.equal(missed(opened({ mode: 'off' }).thread, HOUR, old).reason, 'bot_off')
  t.equal(missed(opened({ hasAssistant: false }).thread, HOUR, old).reason, 'no_assistant')
  t.equal(missed(opened().thread, HOUR, { ...old, supported: false }).reason, 'unsupported')
  t.equal(missed(opened({ hours: hours({ bot: 'outside' }) }).thread, HOUR, old).reason, 'answered')
})

t.test('a wish for a person pauses the bot, unless somebody has answered it', async (t) => {
  const rules = { handoffWords: ['agent'], handoffText: 'one moment' }
  const answered = opened(rules).thread
  t.equal(missed(answered, HOUR, { text: 'agent', isAnswered: true }).reason, 'answered')
  t.equal(answered.pause(), null)
  t.strictSame(answered.state().outbox.parts, [])
  const open = opened(rules).thread
  t.equal(missed(open, HOUR, { text: 'agent' }).reason, 'customer_request')
  t.equal(open.pause()?.reason, 'customer_request')
})

t.test('a post waits for its question, unless it was answered', async (t) => {
  const { thread } = opened()
  const at = thread.now() - HOUR
  t.equal(thread.apply(sharedPost({ via: 'backfill', at, mid: 'p1', isAnswered: true })).reason, 'answered')
  t.equal(thread.state().asking.share, null)
  t.equal(thread.apply(sharedPost({ via: 'backfill', at, mid: 'p2' })).reason, 'share_held')
  t.not(missed(thread, MINUTE, { text: 'how much?' }).combined, null)
})

t.test('only whoever is asked now is told that the shop is closed', async (t) => {
  const away = hours({ awayText: 'closed', open: {} })
  const { thread } = opened({ hours: away })
  missed(thread, HOUR, { isAnswered: true })
  t.strictSame(thread.state().outbox.parts, [])
  missed(thread, HOUR, { text: 'open?' })
  t.equal(thread.state().outbox.parts.length, 1)
  const keeping = opened({ hours: { ...away, bot: 'inside' } }).thread
  t.equal(missed(keeping, HOUR).reason, 'closed_hours')
  t.strictSame(keeping.state().outbox.parts, [])
})

t.test('a conversation is reopened by what was written long enough after it was closed', async (t) => {
  const { thread } = opened({ reopenAfterMs: HOUR })
  thread.apply({ is: 'state', open: false })
  thread.wait(3 * HOUR)
  t.equal(missed(thread, 4 * HOUR).reason, 'conversation_closed')
  t.equal(missed(thread, 2 * HOUR + MINUTE, { text: 'hello?' }).reason, 'conversation_closed')
  t.equal(missed(thread, HOUR, { text: 'still there?' }).reason, null)
})

t.test('what a pause kept from being asked is asked when the pause proves wrong, unless it was answered', async (t) => {
  const { thread } = opened()
  thread.apply(echo({ mid: 'e', text: 'Hello' }))
  t.equal(missed(thread, HOUR, { text: 'one', isAnswered: true }).reason, 'bot_paused')
  t.equal(missed(thread, MINUTE, { text: 'two' }).reason, 'bot_paused')
  thread.apply(report({ mid: 'e', text: 'Hello' }))
  t.strictSame(
    thread.state().waiting.map(({ text }) => text),
    ['two'],
  )
})

t.test('a person’s missed message pauses the bot from when it was written', async (t) => {
  const { thread } = opened({ pauseMs: 6 * HOUR })
  const verdict = missedEcho(thread, HOUR)
  t.hasStrict(verdict, { author: 'human', evidence: 'none', reason: null })
  t.hasStrict(thread.messages(), [{ type: 'support', source: 'backfill', at: thread.now() - HOUR }])
  t.strictSame(thread.pause(), { until: thread.now() + 5 * HOUR, reason: 'human_echo' })
  t.equal(thread.state().causes[0]?.at, thread.now() - HOUR)
})

t.test('it does not pause it where that would be over by now, or came before the hand-back', async (t) => {
  const over = opened({ pauseMs: HOUR }).thread
  missedEcho(over, HOUR)
  t.equal(over.pause(), null)
  const back = opened().thread
  back.apply(customerMessage())
  back.apply({ is: 'bot', enabled: false, forMs: HOUR, note: null })
  back.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
  missedEcho(back, MINUTE)
  t.equal(back.pause(), null)
  t.equal(back.messages().at(-1)?.type, 'support')
})

t.test('a person’s missed hand-back ends the pauses that began before it', async (t) => {
  const rules = { resumeWords: ['back'] }
  const { thread } = opened(rules)
  missedEcho(thread, 2 * HOUR)
  missedEcho(thread, HOUR, { text: 'back' })
  t.equal(thread.pause(), null)
  const later = opened(rules).thread
  later.apply(echo({ mid: 'e' }))
  missedEcho(later, HOUR, { text: 'back' })
  t.equal(later.pause()?.reason, 'human_echo')
})

t.test('what is asked although a person has answered it meanwhile is dropped', async (t) => {
  const { thread, rules } = opened({ pauseMs: HOUR })
  thread.apply(customerMessage({ text: 'price?', mid: 'c1' }))
  thread.wait(3 * HOUR)
  thread.apply(wake())
  t.not(thread.state().asking.run, null, 'a process that was away asks it when it comes back')
  missedEcho(thread, 2 * HOUR)
  t.equal(thread.state().asking.run, null)
  t.hasStrict(thread.messages()[0], { status: 'skipped', reason: 'answered' })
  t.equal(thread.pause(), null)
  thread.apply(customerMessage({ text: 'and in blue?', mid: 'c2' }))
  missedEcho(thread, HOUR)
  t.equal(thread.state().waiting.length, 1, 'the customer has written since')
  thread.wait(rules.debounceMs)
  const never = opened({ pauseMs: 0 }).thread
  never.apply(customerMessage({ mid: 'c1' }))
  never.wait(HOUR)
  missedEcho(never, MINUTE)
  t.equal(never.state().waiting.length, 1, 'where people never silence the bot')
})

t.test('a part whose send has an unknown outcome is recognised, however late', async (t) => {
  for (const ms of [MINUTE, 5 * HOUR]) {
    const { thread, rules } = opened()
    thread.apply(customerMessage({ mid: 'c1' }))
    thread.wait(rules.debounceMs)
    thread.apply(wake())
    thread.apply(runEnd({ is: 'answer', text: 'It costs 5.', conversationId: null }))
    thread.apply(send(thread.now()))
    const sentAt = thread.now()
    thread.apply(sendResult({ is: 'unknown' }, { seq: 2 }))
    thread.wait(rules.unknownSendWaitMs)
    thread.apply(wake())
    t.equal(thread.state().outbox.dead.length, 1)
    thread.wait(ms)
    const verdict = missedEcho(thread, thread.now() - sentAt - SECOND, { text: 'It costs 5.' })
    t.hasStrict(verdict, { outcome: 'duplicate', reason: 'own_message', evidence: 'text', author: 'bot' })
    t.strictSame(thread.state().outbox.dead, [])
    t.equal(thread.pause(), null)
  }
})

t.test('an old echo without any content is nobody’s known message', async (t) => {
  const { thread } = opened()
  thread.apply(report({ mid: 'other', text: null, kind: 'other' }))
  t.hasStrict(missedEcho(thread, HOUR, { text: null, kind: 'other' }), { author: 'human', evidence: 'none' })
})

t.test('an old echo matches neither a text nor a flag of now', async (t) => {
  for (const since of [report({ text: 'hello' }), mark()]) {
    const { thread } = opened()
    thread.apply(since)
    t.hasStrict(missedEcho(thread, HOUR, { text: 'hello' }), { author: 'human', evidence: 'none' })
    t.hasStrict(missedEcho(thread, 0, { text: 'hello', mid: 'e' }), { author: 'bot' }, 'which are still there')
  }
})

t.test('an old echo has no part in the runs and prompts of now', async (t) => {
  const { thread, rules } = opened({ assistantSends: true })
  thread.apply(customerMessage({ mid: 'c', prompt: true }))
  thread.wait(rules.debounceMs)
  thread.apply(wake())
  thread.apply({ is: 'run_beat', runId: 'run-1', names: NO_NAMES, said: ['hello'] })
  t.hasStrict(missedEcho(thread, HOUR, { text: 'hello' }), { author: 'human', evidence: 'none' })
})

t.test('a message reported now is not an old echo with the same text', async (t) => {
  const { thread } = opened()
  missedEcho(thread, HOUR, { text: 'hello' })
  t.hasStrict(thread.apply(report({ text: 'hello' })), { matched: false })
  t.equal(thread.pause()?.reason, 'human_echo')
  t.hasStrict(thread.apply(report({ mid: 'x', kind: 'image', text: null, attachments: [PICTURE] })), { matched: false })
  missedEcho(thread, SECOND, { text: 'good bye', mid: 'late' })
  t.hasStrict(thread.apply(report({ text: 'good bye' })), { matched: true }, 'one of a moment ago is')
})

t.test('what comes twice, by webhook and by backfill, has its effect once', async (t) => {
  const { thread } = opened()
  thread.apply(customerMessage({ mid: 'c1', at: START }))
  t.equal(missed(thread, HOUR, { mid: 'c1', isAnswered: true }).outcome, 'duplicate')
  missedEcho(thread, HOUR, { mid: 'e1' })
  t.equal(thread.apply(echo({ mid: 'e1' })).outcome, 'duplicate')
  t.equal(thread.messages().length, 2)
})
