import t from 'tap'
import { undoTakeover } from '../../../src/conversation/takeover/undo.js'
import {
  conversation,
  createThread,
  customerMessage,
  draftOf,
  echo,
  frozen,
  given,
  HOUR,
  policy,
  report,
  SECOND,
  START,
} from '../../fixtures/conversation.js'

t.test('a message that silenced nobody has nothing to undo', async (t) => {
  const state = frozen(conversation())
  const draft = draftOf(state)
  undoTakeover(given(draft, { policy: policy(), now: START }), 3)
  t.equal(draft.state, state)
})

t.test('who asked for a person during a pause that proves wrong gets one', async (t) => {
  const thread = createThread(policy({ handoffWords: ['agent'], handoffText: 'One moment' }))
  thread.apply(customerMessage({ text: 'one' }))
  thread.apply(echo({ text: 'from the bot', mid: 'e1' }))
  t.equal(thread.apply(customerMessage({ text: 'Agent!' })).reason, 'bot_paused')
  thread.wait(SECOND)
  thread.apply(report({ text: 'from the bot', mid: 'e1' }))
  t.strictSame(thread.pause(), { until: START + SECOND + 6 * HOUR, reason: 'customer_request' })
  t.strictSame(
    thread.messages().map(({ text, status, reason }) => [text, status, reason]),
    [
      ['one', 'skipped', 'bot_paused'],
      ['from the bot', 'sent', null],
      ['Agent!', 'skipped', 'customer_request'],
      ['One moment', 'queued', null],
    ],
  )
  t.strictSame(thread.state().waiting, [])
})

t.test('a wish for a person is no question once a person has the conversation', async (t) => {
  const thread = createThread(policy({ handoffWords: ['agent'], handoffText: 'One moment' }))
  thread.apply(echo({ text: 'from the bot', mid: 'e1' }))
  thread.apply(customerMessage({ text: 'agent' }))
  thread.apply(echo({ text: 'from me', mid: 'e2' }))
  thread.apply(report({ text: 'from the bot', mid: 'e1' }))
  t.equal(thread.pause()?.reason, 'human_echo')
  t.strictSame(thread.state().outbox.parts, [])
})
