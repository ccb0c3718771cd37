import t from 'tap'
import { FOREVER, type Policy } from '../../src/conversation/channel.js'
import type { Event } from '../../src/conversation/event.js'
import { happeningsOf } from '../../src/conversation/notifications.js'
import {
  createThread,
  customerMessage,
  deletion,
  echo,
  edit,
  HOUR,
  MINUTE,
  mark,
  outgoing,
  policy,
  reaction,
  read,
  report,
  SECOND,
  send,
  sendResult,
  wake,
} from '../fixtures/conversation.js'

/** What each event of a conversation is told as. */
const telling = (rules: Policy = policy()) => {
  const thread = createThread(rules)
  return {
    thread,
    wait: thread.wait,
    told(event: Event): readonly string[] {
      const before = thread.state()
      const { records } = thread.decision(event)
      thread.apply(event)
      return happeningsOf(before, thread.state(), records, thread.now()).map(({ type, message, letter }) =>
        [type, message?.text ?? '', letter?.reason ?? ''].join(' ').trim(),
      )
    },
  }
}
const pause = (forMs: number): Event => ({ is: 'bot', enabled: false, forMs, note: null })
const RESUME: Event = { is: 'bot', enabled: true, forMs: 0, note: null }

t.test('a customer’s message is told once, whatever becomes of it later', async (t) => {
  const { told } = telling()
  t.strictSame(told(customerMessage({ mid: 'a', text: 'hi' })), ['message.received hi'])
  t.strictSame(told(edit({ mid: 'a', text: 'hello' })), [])
  t.strictSame(told(reaction({ mid: 'a', emoji: '❤' })), [])
  t.strictSame(told(mark()), [])
})

t.test('a person’s word pauses, and what they go on saying is told as messages alone', async (t) => {
  const { told, wait } = telling()
  t.strictSame(told(echo({ mid: 'a', text: 'mine' })), ['message.sent mine', 'conversation.paused'])
  wait(MINUTE)
  t.strictSame(told(echo({ mid: 'b', text: 'still' })), ['message.sent still'])
  t.strictSame(told(RESUME), ['conversation.resumed'])
  t.strictSame(told(RESUME), [])
})

t.test('a pause that ends by itself is told when it does', async (t) => {
  const { told, wait } = telling()
  t.strictSame(told(pause(HOUR)), ['conversation.paused'])
  t.strictSame(told(pause(2 * HOUR)), [], 'for the same reason')
  wait(2 * HOUR)
  t.strictSame(told(wake()), ['conversation.resumed'])
  t.strictSame(told(pause(MINUTE)), ['conversation.paused'])
  wait(MINUTE)
  t.strictSame(told(echo({ mid: 'a', text: 'mine' })), ['message.sent mine', 'conversation.paused'], 'for another one')
})

t.test('a customer’s request for a person is notified, also during another pause', async (t) => {
  const { told } = telling(policy({ handoffWords: ['agent'] }))
  t.strictSame(told(customerMessage({ mid: 'a', text: 'agent' })), [
    'message.received agent',
    'conversation.paused',
    'conversation.handoff',
  ])
  t.strictSame(told(echo({ mid: 'b', text: 'here' })).at(-1), 'conversation.paused', 'a person has it now')
})

t.test('closing and opening a conversation are notified', async (t) => {
  const { told, wait } = telling(policy({ reopenAfterMs: HOUR }))
  told(customerMessage({ mid: 'a' }))
  t.strictSame(told({ is: 'state', open: false }), ['conversation.closed'])
  t.strictSame(told({ is: 'state', open: false }), [])
  t.strictSame(told({ is: 'state', open: true }), ['conversation.opened'])
  told({ is: 'state', open: false })
  wait(2 * HOUR)
  t.strictSame(told(customerMessage({ mid: 'b', text: 'again' })), ['message.received again', 'conversation.opened'])
})

t.test('a message of ours is told when it left, and not for what happens to it afterwards', async (t) => {
  const { told } = telling()
  t.strictSame(told(outgoing({ text: 'ours' })), [])
  t.strictSame(told(send(0)), [])
  t.strictSame(told(sendResult({ is: 'sent', mid: 'e' }, { seq: 1 })), ['message.sent ours'])
  t.strictSame(told(echo({ mid: 'e', text: 'ours' })), [], 'its echo')
  t.strictSame(told(read({ mid: 'e' })), [])
  t.strictSame(told(deletion({ mid: 'e' })), [])
  t.strictSame(told(report({ mid: 'r', text: 'reported' })), ['message.sent reported'])
  t.strictSame(told(echo({ mid: 'r', text: 'reported' })), [])
})

t.test('an echo that comes before its send’s answer tells it, and the answer does not again', async (t) => {
  const { told } = telling()
  told(outgoing({ text: 'ours' }))
  told(send(0))
  t.strictSame(told(echo({ mid: 'e', text: 'ours' })), ['message.sent ours'])
  t.strictSame(told(sendResult({ is: 'sent', mid: 'e' }, { seq: 1 })), [])
})

t.test(
  'what cannot be sent is told as failed and as a dead letter; if its echo comes after all, as sent',
  async (t) => {
    const { told, wait } = telling()
    const refused = sendResult({ is: 'dead', reason: 'refused', code: '100' }, { seq: 1 })
    told(outgoing({ text: 'ours' }))
    told(send(0))
    t.strictSame(told(refused), ['message.failed ours refused', 'dead_letter.created ours refused'])
    t.strictSame(told({ is: 'redrive', seq: 1 }), [])
    told(send(0))
    t.strictSame(told(refused), ['message.failed ours refused', 'dead_letter.created ours refused'], 'once more')
    t.strictSame(told({ is: 'discard', seq: 1 }), [])
    told(outgoing({ text: 'other' }))
    told(send(0))
    told(sendResult({ is: 'unknown' }, { seq: 2 }))
    wait(30 * SECOND)
    t.strictSame(told(wake()), ['message.failed other unknown_outcome', 'dead_letter.created other unknown_outcome'])
    t.strictSame(told(echo({ mid: 'late', text: 'other' })), ['message.sent other'])
  },
)

t.test('a pause without end is told like any other', async (t) => {
  t.strictSame(telling().told(pause(FOREVER)), ['conversation.paused'])
})

t.test('a second dead letter does not tell the first one again', async (t) => {
  const { told } = telling()
  for (const seq of [1, 2]) {
    told(outgoing({ text: `${seq}` }))
    told(send(0))
    t.strictSame(told(sendResult({ is: 'dead', reason: 'refused', code: '100' }, { seq })), [
      `message.failed ${seq} refused`,
      `dead_letter.created ${seq} refused`,
    ])
  }
})
