import t from 'tap'
import { attachmentAnswer } from '../../../src/conversation/answer/answer.js'
import { takeOutgoing } from '../../../src/conversation/sending/outgoing.js'
import { POST_LIFE_MS } from '../../../src/conversation/state/lifetimes.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import {
  changesNothing,
  conversation,
  createThread,
  customerMessage,
  draftOf,
  echo,
  given,
  HOUR,
  outgoing,
  PICTURE,
  part,
  policy,
  START,
  send,
} from '../../fixtures/conversation.js'

t.test('a caller’s message is in the history and in the queue at once', async (t) => {
  const thread = createThread()
  const verdict = thread.apply(outgoing({ text: 'Your parcel is on its way.', tag: 'HUMAN_AGENT' }))
  t.hasStrict(verdict, { outcome: 'accepted', reason: null, seq: 1 })
  t.hasStrict(thread.messages(), [{ type: 'AI', text: 'Your parcel is on its way.', status: 'queued', fromApp: true }])
  t.hasStrict(thread.state().outbox.parts, [
    { leaves: 'while_on', tag: 'HUMAN_AGENT', group: 1, stage: { is: 'queued', notBefore: START, slotAt: 0 } },
  ])
  t.strictSame(thread.state().outbox.posts, [], 'without a key nothing is remembered')
  t.equal(thread.pause(), null)
})

t.test('an attachment is one part, with what it is', async (t) => {
  const thread = createThread()
  thread.apply(outgoing({ answer: attachmentAnswer(PICTURE), type: 'marketing' }))
  t.hasStrict(thread.messages(), [{ type: 'marketing', kind: 'image', text: null, attachments: [PICTURE] }])
  t.equal(thread.state().outbox.parts.length, 1)
})

for (const [reason, silence, changes] of [
  ['bot_paused', echo(), {}],
  ['conversation_closed', { is: 'state', open: false }, {}],
  ['bot_off', customerMessage(), { mode: 'off' }],
] as const) {
  t.test(`the bot’s word is cancelled where it may not speak: ${reason}`, async (t) => {
    for (const type of ['AI', 'marketing'] as const) {
      const thread = createThread(policy(changes))
      thread.apply(silence)
      const before = thread.messages().length
      const verdict = thread.apply(outgoing({ type }))
      t.hasStrict(verdict, { outcome: 'accepted', reason, seq: before + 1 })
      t.hasStrict(thread.messages().at(-1), { type, status: 'cancelled', reason })
      t.strictSame(thread.state().outbox.parts, [])
    }
  })
}

t.test('a person’s word leaves in any case, pauses the bot, and drops what the bot had not sent', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.apply(outgoing({ text: 'from the bot' }))
  const verdict = thread.apply(outgoing({ type: 'support', text: 'I take over' }))
  t.hasStrict(verdict, { outcome: 'accepted', reason: null, seq: 3 })
  t.hasStrict(thread.messages(), [
    { status: 'skipped', reason: 'bot_paused' },
    { text: 'from the bot', status: 'cancelled', reason: 'bot_paused' },
    { type: 'support', text: 'I take over', status: 'queued' },
  ])
  t.strictSame(thread.pause(), { until: START + 6 * HOUR, reason: 'support_message' })
  t.hasStrict(thread.state().causes, [{ seq: 3 }])
  t.hasStrict(thread.state().outbox.parts, [{ leaves: 'always', message: { seq: 3 } }])
  t.hasStrict(thread.apply(outgoing({ type: 'support', text: 'and another' })), { outcome: 'accepted', reason: null })
  t.equal(thread.state().outbox.parts.length, 2)
})

t.test('a takeover by a caller’s message counts the part on the wire', async (t) => {
  const thread = createThread()
  thread.apply(outgoing({ text: 'from the bot' }))
  thread.apply(send(0))
  t.equal(thread.decision(outgoing({ type: 'support' })).onTheWire, 1)
})

t.test('a repeated key with the same body queues once and has the same verdict', async (t) => {
  const thread = createThread()
  t.hasStrict(thread.apply(outgoing({ key: 'k', body: 'b' })), { outcome: 'accepted', seq: 1 })
  thread.wait(POST_LIFE_MS - 1)
  t.hasStrict(thread.apply(outgoing({ key: 'k', body: 'b' })), { outcome: 'duplicate', seq: 1, reason: null })
  t.equal(thread.messages().length, 1)
  t.hasStrict(thread.apply(outgoing({ key: 'k2', body: 'b' })), { outcome: 'accepted', seq: 2 })
})

t.test('a day later the key is free', async (t) => {
  const thread = createThread()
  thread.apply(outgoing({ key: 'k', body: 'b' }))
  thread.wait(POST_LIFE_MS)
  t.hasStrict(thread.apply(outgoing({ key: 'k', body: 'other' })), { outcome: 'accepted', seq: 2 })
})

t.test('a repeated key with another body is a conflict', async (t) => {
  const thread = createThread()
  thread.apply(outgoing({ key: 'k', body: 'b' }))
  const decision = thread.decision(outgoing({ key: 'k', body: 'c' }))
  t.hasStrict(decision.verdict, { of: 'outgoing', outcome: 'refused', because: 'other_body' })
  t.ok(changesNothing(decision))
})

t.test('a message that was cancelled under a key stays cancelled when it is repeated', async (t) => {
  const thread = createThread()
  thread.apply(echo())
  t.hasStrict(thread.apply(outgoing({ key: 'k' })), { outcome: 'accepted', reason: 'bot_paused', seq: 2 })
  thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
  t.hasStrict(thread.apply(outgoing({ key: 'k' })), { outcome: 'duplicate', reason: 'bot_paused', seq: 2 })
})

t.test('two hundred keys are remembered', async (t) => {
  const draft = draftOf(conversation())
  for (let i = 0; i <= 200; i += 1) {
    const event = outgoing({ key: `k${i}`, type: 'AI' })
    takeOutgoing(given(draft, { policy: policy({ mode: 'off' }), now: START }), event)
  }
  t.equal(draft.state.outbox.posts.length, 200)
  t.equal(draft.state.outbox.posts[0]?.key, 'k1')
})

t.test('a queue that is full takes no more, but repeats of what it took', async (t) => {
  const parts = Array.from({ length: 500 }, () => part())
  const posts = [{ key: 'k', body: '', at: START, seq: 1, reason: null }]
  const draft = draftOf(conversation({ outbox: { ...NO_OUTBOX, parts, posts } }))
  t.strictSame(takeOutgoing(given(draft, { policy: policy(), now: START }), outgoing()), { is: 'too_many' })
  t.hasStrict(takeOutgoing(given(draft, { policy: policy(), now: START }), outgoing({ key: 'k' })), {
    is: 'taken',
    isRepeat: true,
  })
  t.strictSame(draft.records, [])
})
