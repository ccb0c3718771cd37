import t from 'tap'
import { arrived } from '../../../src/conversation/echo/arrived.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import {
  conversation,
  createThread,
  customerMessage,
  draftOf,
  echo,
  given,
  MINUTE,
  message,
  outgoing,
  part,
  policy,
  SECOND,
  START,
  sendResult,
} from '../../fixtures/conversation.js'
import { dead, endWait, IN_PARTS, inQueue, leave, leaving, loseTrack, SENT, statuses } from '../../fixtures/leaving.js'

const RULES = policy()

t.test('an echo that beats Meta’s answer confirms the part, and the answer adds nothing', async (t) => {
  const thread = leaving()
  t.hasStrict(thread.apply(echo({ mid: 'm1', text: IN_PARTS[0]! })), { reason: 'own_message', evidence: 'text' })
  t.hasStrict(thread.messages()[0], { status: 'sent', mid: 'm1', evidence: 'text' })
  t.strictSame(inQueue(thread), [2, 3])
  thread.apply(sendResult(SENT))
  t.equal(thread.messages().length, 3)
  t.hasStrict(thread.messages()[0], { status: 'sent', mid: 'm1', evidence: 'text' })
})

t.test('the echo of a lost part shows that it arrived: the next part leaves', async (t) => {
  const thread = leaving()
  loseTrack(thread)
  t.hasStrict(thread.apply(echo({ mid: 'm1', text: IN_PARTS[0]! })), { reason: 'own_message' })
  t.strictSame(statuses(thread), ['sent', 'queued', 'queued'])
  t.equal(leave(thread).message.seq, 2)
})

t.test('an echo after the dead letter takes its part out of it; what was to follow stays dead', async (t) => {
  const thread = leaving()
  loseTrack(thread)
  endWait(thread)
  thread.wait(10 * MINUTE)
  t.hasStrict(thread.apply(echo({ mid: 'm1', text: IN_PARTS[0]! })), { reason: 'own_message' })
  t.hasStrict(thread.messages()[0], { status: 'sent', reason: null, mid: 'm1' })
  t.strictSame(dead(thread), [[2, 3]])
  t.equal(thread.pause(), null)
})

t.test(
  'an echo that beats Meta’s answer is of the message under way, not of a lost one with the same words',
  async (t) => {
    const thread = createThread()
    thread.apply(outgoing())
    leave(thread)
    loseTrack(thread)
    endWait(thread)
    thread.wait(MINUTE)
    thread.apply(outgoing())
    const { message } = leave(thread)
    t.hasStrict(thread.apply(echo({ mid: 'm2' })), { reason: 'own_message', evidence: 'text', message: { seq: 2 } })
    thread.apply(sendResult({ is: 'sent', mid: 'm2' }, { seq: message.seq }))
    t.hasStrict(thread.messages(), [
      { status: 'unknown', reason: 'unknown_outcome', mid: null },
      { status: 'sent', mid: 'm2' },
    ])
    t.strictSame(dead(thread), [[1]])
    thread.apply(echo({ mid: 'm1' }))
    t.hasStrict(thread.messages()[0], { status: 'sent', mid: 'm1' }, 'its own echo may still come')
    t.strictSame(dead(thread), [])
  },
)

t.test('the bot’s message whose conversation was erased under way silences it in no new one', async (t) => {
  for (const [type, reason] of [
    ['AI', null],
    ['marketing', null],
    ['support', 'human_echo'],
  ] as const) {
    const thread = createThread()
    thread.apply(echo({ mid: 'm1', text: 'hello' }))
    thread.apply(customerMessage({ text: 'who are you?' }))
    thread.apply(sendResult(SENT, { createdAt: START - 1, type }))
    t.equal(thread.pause()?.reason ?? null, reason, type)
    t.hasStrict(thread.messages()[0], { type, evidence: reason === null ? 'message_id' : 'none', text: 'hello' })
    t.equal(thread.state().waiting.length, reason === null ? 1 : 0, 'what the wrong pause kept from it is asked')
  }
})

t.test('a letter whose only part arrived is gone', async (t) => {
  const thread = createThread()
  thread.apply(outgoing())
  leave(thread)
  loseTrack(thread)
  endWait(thread)
  thread.apply(echo({ mid: 'm1' }))
  t.strictSame(dead(thread), [])
})

t.test('a late success after the wait for the echo makes the message sent, and removes the dead letter', async (t) => {
  const thread = leaving()
  loseTrack(thread)
  endWait(thread)
  thread.apply(sendResult(SENT))
  t.hasStrict(thread.messages()[0], { status: 'sent', reason: null, mid: 'm1' })
  t.strictSame(dead(thread), [[2, 3]])
})

t.test('a success that nobody remembers adds nothing but its id', async (t) => {
  const thread = createThread()
  const decision = thread.decision(sendResult(SENT, { seq: 9 }))
  t.equal(decision.ownId, 'm1')
  t.strictSame([decision.state, decision.records], [null, []])
})

t.test('a part that arrived in spite of a takeover is recorded as sent', async (t) => {
  const thread = leaving()
  thread.apply(echo({ text: 'from me' }))
  thread.apply(sendResult(SENT))
  t.strictSame(statuses(thread), ['sent', 'cancelled', 'cancelled', 'sent'])
  t.strictSame(inQueue(thread), [])
})

t.test(
  'an echo that nothing could place is claimed by the id of the finished send, and its pause undone',
  async (t) => {
    const thread = leaving()
    t.hasStrict(thread.apply(echo({ mid: 'm1', text: 'changed by Meta' })), { author: 'human' })
    t.strictSame(inQueue(thread), [1])
    thread.apply(customerMessage({ text: 'and?' }))
    thread.wait(SECOND)
    thread.apply(sendResult(SENT))
    t.equal(thread.pause(), null)
    t.hasStrict(thread.messages(), [
      { status: 'sent', mid: 'm1', evidence: 'message_id' },
      { status: 'queued', reason: null },
      { status: 'queued', reason: null },
      { type: 'AI', status: 'cancelled', reason: 'own_message', evidence: 'message_id', mid: null, text: null },
      { status: 'received', reason: null },
    ])
    t.strictSame(inQueue(thread), [2, 3])
    t.strictSame([thread.state().sent, thread.state().unclaimed], [[], []])
  },
)

t.test('a part that arrived while it was set aside is not sent again', async (t) => {
  const thread = createThread(policy({ unknownSend: 'retry' }))
  thread.apply(outgoing())
  leave(thread)
  loseTrack(thread)
  endWait(thread)
  thread.apply(echo({ mid: 'e1', text: 'from another program' }))
  t.hasStrict(thread.messages()[0], { status: 'unknown' })
  thread.apply(echo({ mid: 'm1' }))
  t.hasStrict(thread.messages()[0], { status: 'sent' })
  thread.apply({ is: 'reported', type: 'AI', mid: 'e1', kind: 'text', text: null, attachments: [], source: 'Node' })
  t.equal(thread.pause(), null)
  t.strictSame(inQueue(thread), [])
  t.hasStrict(thread.messages()[0], { status: 'sent' })
})

t.test('a part that arrived after all is not put back when the pause proves wrong', async (t) => {
  const aside = { part: part({ message: message({ seq: 4 }) }), at: START }
  const other = { part: part({ message: message({ seq: 5 }) }), at: START }
  const draft = draftOf(conversation({ outbox: { ...NO_OUTBOX, setAside: [aside, other] } }))
  arrived(given(draft, { policy: RULES, now: START }), 4)
  t.strictSame(draft.state.outbox.setAside, [other])
})
