import t from 'tap'
import type { Event } from '../../../src/conversation/event.js'
import { passFor, tagInstead } from '../../../src/conversation/outbox/window.js'
import {
  conversation,
  createThread,
  customerMessage,
  HOUR,
  message,
  outgoing,
  part,
  policy,
  reaction,
  SECOND,
  START,
  send,
  sendResult,
  signal,
} from '../../fixtures/conversation.js'

const DAY = 24 * HOUR
const CLOSED = { is: 'dead', reason: 'window_closed', code: '10/2534022' } as const

const reacted = reaction({ mid: 'm1' })
for (const [says, opens, lastsMs] of [
  ['an ad’s referral for seven days', signal({ prompt: true, fromAd: true }), 7 * DAY],
  ['a message that came by an ad for seven days', customerMessage({ text: 'again', fromAd: true }), 7 * DAY],
  ['a referral for a day', signal({ prompt: true }), DAY],
  ['a reaction for a day', reacted, DAY],
  ['one that is taken back not at all', reaction({ mid: 'm1', emoji: null }), 0],
  ['the page’s own not at all', reaction({ mid: 'm1', by: 'page' }), 0],
  ['what is no referral not at all', signal(), 0],
] as readonly (readonly [string, Event, number])[]) {
  t.test(`Meta’s window is opened by ${says}`, async (t) => {
    const leavesAfter = (ms: number) => {
      const thread = createThread()
      thread.apply(customerMessage({ mid: 'c1', standby: true }))
      thread.wait(2 * DAY)
      thread.apply(opens)
      thread.wait(ms)
      thread.apply(outgoing())
      return thread.apply(send(0)).leaving
    }
    if (lastsMs > 0) t.hasStrict(leavesAfter(lastsMs - 1), { tag: null })
    t.equal(leavesAfter(lastsMs), null, 'and then it is closed')
  })
}

t.test('an event that opens the window for less time does not shorten it', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', fromAd: true, standby: true }))
  thread.wait(DAY)
  thread.apply(reacted)
  thread.wait(5 * DAY)
  thread.apply(outgoing())
  t.hasStrict(thread.apply(send(0)).leaving, { tag: null })
})

t.test('a reaction of a customer never heard of leaves nothing behind', async (t) => {
  const thread = createThread()
  t.equal(thread.decision(reacted).state, null)
})

t.test('a redriven message is left to Meta to judge as long as a window may be open', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', standby: true }))
  thread.wait(2 * DAY)
  thread.apply(outgoing())
  t.equal(thread.apply(send(0)).leaving, null)
  const { seq } = thread.state().outbox.dead[0]!
  thread.apply({ is: 'redrive', seq })
  t.equal(thread.apply(send(0)).leaving, null, 'nothing has happened since')
  thread.apply(reacted)
  thread.apply({ is: 'redrive', seq: thread.state().outbox.dead[0]!.seq })
  t.hasStrict(thread.apply(send(0)).leaving, { tag: null })
})

t.test('a person’s message that Meta refused for a closed window is sent once more under the tag', async (t) => {
  const thread = createThread(policy({ sendAttempts: 1 }))
  thread.apply(customerMessage({ mid: 'c1', fromAd: true, standby: true }))
  thread.wait(2 * DAY)
  thread.apply(outgoing({ type: 'support' }))
  t.hasStrict(thread.apply(send(0)).leaving, { tag: null })
  thread.wait(SECOND)
  thread.apply(sendResult(CLOSED, { seq: 2 }))
  t.hasStrict(thread.messages()[1], { status: 'queued' })
  t.hasStrict(thread.apply(send(0)).leaving, { tag: 'HUMAN_AGENT' })
  thread.apply(sendResult(CLOSED, { seq: 2, attempt: 2 }))
  t.hasStrict(thread.messages()[1], { status: 'failed', reason: 'window_closed' }, 'and not a third time')
})

t.test('the tag is for people, and for seven days', async (t) => {
  const persons = part({ message: message({ type: 'support' }) })
  const state = conversation({ seq: 1, customerAt: START })
  t.equal(tagInstead(state, persons, START + 7 * DAY - 1), 'HUMAN_AGENT')
  t.equal(tagInstead(state, persons, START + 7 * DAY), null)
  t.equal(tagInstead(state, part(), START + 1), null, 'never on what a bot wrote')
  t.equal(tagInstead(state, { ...persons, tag: 'HUMAN_AGENT' }, START + 1), null)
  t.equal(tagInstead({ ...state, customerAt: 0 }, persons, START + 1), null)
  t.strictSame(passFor(state, persons, START + DAY), { tag: 'HUMAN_AGENT' })
  t.strictSame(passFor({ ...state, windowUntil: START + 2 * DAY }, persons, START + DAY), { tag: null })
})
