import t from 'tap'
import { hearCustomer, notePrompt } from '../../src/conversation/customer-message.js'
import {
  conversation,
  createThread,
  customerMessage,
  draftOf,
  echo,
  frozen,
  HOUR,
  MINUTE,
  message,
  PICTURE,
  pictureEcho,
  policy,
  SECOND,
  START,
} from '../fixtures/conversation.js'

t.test('a question goes into the history and waits', async (t) => {
  const draft = draftOf(frozen(conversation()))
  const heard = hearCustomer(draft, customerMessage({ mid: 'c1', text: 'How much?', at: START - 5 }), policy(), START)
  t.strictSame(heard, message({ mid: 'c1', text: 'How much?', at: START - 5 }))
  t.strictSame(draft.records, [heard])
  t.strictSame(draft.state.waiting, [heard])
  t.strictSame(draft.state.asked, [{ text: 'How much?', at: START }])
})

t.test('a picture waits too, and is never a repetition', async (t) => {
  const thread = createThread()
  for (let i = 0; i < 3; i += 1) {
    const { reason } = thread.apply(customerMessage({ kind: 'image', text: null, attachments: [PICTURE] }))
    t.equal(reason, null)
  }
  t.equal(thread.state().waiting.length, 3)
  t.strictSame(thread.state().asked, [])
})

t.test('the same text again is kept but not asked again', async (t) => {
  const thread = createThread()
  t.equal(thread.apply(customerMessage({ text: 'price?' })).reason, null)
  thread.wait(9 * SECOND)
  t.equal(thread.apply(customerMessage({ text: ' price?' })).reason, 'repeated_text')
  thread.wait(SECOND)
  t.equal(thread.apply(customerMessage({ text: 'price?' })).reason, null)
  t.hasStrict(thread.messages(), [{ status: 'received' }, { status: 'skipped' }, { status: 'received' }])
  t.strictSame(
    thread.state().waiting.map((each) => each.seq),
    [1, 3],
  )
  t.equal(thread.state().asked.length, 1, 'what is too old is forgotten with the next')
})

t.test('it is asked again when we said something in between', async (t) => {
  const thread = createThread(policy({ platform: 'facebook' }))
  thread.apply(customerMessage({ text: 'price?' }))
  thread.apply(echo({ appId: '100' }))
  t.equal(thread.apply(customerMessage({ text: 'price?' })).reason, null)
})

t.test('no more than ten asked texts are remembered', async (t) => {
  const thread = createThread()
  for (let i = 0; i < 15; i += 1) thread.apply(customerMessage({ text: `question ${i}` }))
  t.equal(thread.state().asked.length, 10)
  t.equal(thread.state().asked[0]?.text, 'question 5')
})

t.test('after a hundred that wait further ones are kept in the history alone', async (t) => {
  const thread = createThread()
  for (let i = 0; i < 100; i += 1) thread.apply(customerMessage({ text: `question ${i}` }))
  t.equal(thread.apply(customerMessage({ text: 'one more' })).reason, 'too_many')
  t.equal(thread.state().waiting.length, 100)
  t.equal(thread.messages().length, 101)
})

t.test('what another app has charge of is recorded as standby, whatever else speaks against it', async (t) => {
  const thread = createThread(policy({ mode: 'off' }))
  t.equal(thread.apply(customerMessage({ standby: true })).reason, 'standby')
  t.strictSame(thread.state().waiting, [])
})

t.test(
  'while a person has the conversation questions are recorded, and set aside in case he proves none',
  async (t) => {
    const thread = createThread()
    thread.apply(echo())
    t.equal(thread.apply(customerMessage({ text: 'and now?' })).reason, 'bot_paused')
    t.equal(thread.apply(customerMessage({ supported: false })).reason, 'bot_paused')
    t.equal(thread.apply(customerMessage({ standby: true })).reason, 'standby')
    t.hasStrict(thread.messages().slice(1), [
      { status: 'skipped', reason: 'bot_paused' },
      { status: 'skipped', reason: 'bot_paused' },
      { status: 'skipped', reason: 'standby' },
    ])
    t.strictSame(
      thread.state().setAside.map((each) => each.message.text),
      ['and now?'],
    )
  },
)

t.test('after the end of the pause the next question is asked', async (t) => {
  const thread = createThread()
  thread.apply(pictureEcho())
  thread.wait(6 * HOUR - 1)
  t.equal(thread.apply(customerMessage({ text: 'still there?' })).reason, 'bot_paused')
  thread.wait(1)
  t.equal(thread.apply(customerMessage({ text: 'hello?' })).reason, null)
  t.strictSame(
    thread.state().waiting.map((each) => each.text),
    ['hello?'],
  )
})

t.test('a closed conversation is reopened by the customer after its time, not before', async (t) => {
  const thread = createThread()
  thread.apply({ is: 'state', open: false })
  thread.wait(24 * HOUR - 1)
  t.equal(thread.apply(customerMessage()).reason, 'conversation_closed')
  t.equal(thread.state().closedAt, START)
  thread.wait(1)
  t.equal(thread.apply(customerMessage()).reason, null)
  t.equal(thread.state().closedAt, 0)
})

t.test('with REOPEN_AFTER 0 the next message reopens it at once', async (t) => {
  const thread = createThread(policy({ reopenAfterMs: 0 }))
  thread.apply({ is: 'state', open: false })
  t.equal(thread.apply(customerMessage()).reason, null)
  t.equal(thread.state().closedAt, 0)
})

t.test('what Meta may answer by itself is noted with its time', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ prompt: true, at: START - 2 * SECOND }))
  t.equal(thread.state().promptAt, START - 2 * SECOND)
  thread.apply(customerMessage({ text: 'just a text' }))
  t.equal(thread.state().promptAt, START - 2 * SECOND)
})

t.test('a prompt that comes late does not hide a newer one', async (t) => {
  const draft = draftOf(frozen(conversation()))
  notePrompt(draft, { at: START - SECOND }, START)
  notePrompt(draft, { at: START - MINUTE }, START)
  t.equal(draft.state.promptAt, START - SECOND)
})
