import t from 'tap'
import {
  contentKey,
  expectEcho,
  expectUntil,
  judgedAt,
  sentWithContent,
  sentWithId,
  withoutExpected,
  withoutSent,
} from '../../../src/conversation/expected/expected-echoes.js'
import { LATEST_ECHO_MS } from '../../../src/conversation/state/lifetimes.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import {
  conversation,
  echo,
  MINUTE,
  message,
  PICTURE,
  pictureEcho,
  SECOND,
  START,
} from '../../fixtures/conversation.js'

t.test("an echo's lifetimes are judged at its own time where that is credible, else at its arrival", async (t) => {
  t.equal(judgedAt(START - 400 * SECOND, START), START - 400 * SECOND)
  t.equal(judgedAt(START - LATEST_ECHO_MS, START), START - LATEST_ECHO_MS)
  t.equal(judgedAt(START - LATEST_ECHO_MS - 1, START), START)
  t.equal(judgedAt(START, START), START)
  t.equal(judgedAt(START + 1, START), START)
  t.equal(judgedAt(0, START), START)
})

t.test('an expected echo is found by its id, without regard to time', async (t) => {
  const state = expectEcho(conversation(), message({ type: 'AI', mid: 'm1' }), START)
  t.equal(sentWithId(state, 'm1')?.message.mid, 'm1')
  t.equal(sentWithId(state, 'm2'), null)
  t.equal(sentWithId(expectEcho(conversation(), message(), START), null), null)
})

t.test('an expected echo is found by its text within its time, the oldest first', async (t) => {
  let state = expectEcho(conversation(), message({ seq: 1, text: 'one moment' }), START + MINUTE)
  state = expectEcho(state, message({ seq: 2, text: 'one  moment ' }), START + 2 * MINUTE)
  const found = (text: string, at: number) => sentWithContent(state, echo({ text }), at)?.message.seq
  t.equal(found(' one moment', START), 1)
  t.equal(found('one moment', START + MINUTE), 2)
  t.equal(found('one moment', START + 2 * MINUTE), undefined)
  t.equal(found('another', START), undefined)
  t.equal(sentWithContent(conversation(), echo(), START), null)
})

t.test('an attachment is recognised by its kind', async (t) => {
  const sent = message({ kind: 'image', text: null, attachments: [PICTURE] })
  const state = expectEcho(conversation(), sent, START + MINUTE)
  t.equal(sentWithContent(state, pictureEcho(), START)?.message, sent)
  t.equal(sentWithContent(state, pictureEcho({ kind: 'video' }), START), null)
  t.equal(sentWithContent(state, echo({ text: 'image' }), START), null)
})

t.test('a message known by its id alone is expected by nothing else', async (t) => {
  const state = expectEcho(conversation(), message({ mid: 'm1', kind: 'other', text: null }), START + MINUTE)
  t.equal(sentWithContent(state, echo({ kind: 'other', text: null }), START), null)
  t.equal(contentKey(echo({ kind: 'other', text: null })), null)
})

t.test('each expectation is used once', async (t) => {
  let state = expectEcho(conversation(), message({ seq: 1, text: 'a' }), START + MINUTE)
  state = expectEcho(state, message({ seq: 2, text: 'a' }), START + MINUTE)
  state = withoutSent(state, sentWithContent(state, echo({ text: 'a' }), START)!)
  t.equal(sentWithContent(state, echo({ text: 'a' }), START)?.message.seq, 2)
  state = withoutSent(state, sentWithContent(state, echo({ text: 'a' }), START)!)
  t.equal(sentWithContent(state, echo({ text: 'a' }), START), null)
})

t.test('no more than fifty echoes are expected, the newest of them', async (t) => {
  let state = conversation()
  for (let i = 1; i <= 60; i += 1) state = expectEcho(state, message({ seq: i }), START + MINUTE)
  t.equal(state.sent.length, 50)
  t.equal(state.sent[0]?.message.seq, 11)
})

function untils(state: Conversation): readonly (readonly [number, number])[] {
  return state.sent.map((each) => [each.message.seq, each.until - START])
}

/** Message 2 was sent twice, and its echo is expected for each. */
function expectingTwice(): Conversation {
  const first = expectEcho(conversation(), message({ seq: 1, type: 'AI' }), START + 10)
  const second = expectEcho(first, message({ seq: 2, type: 'AI', mid: 'm2' }), START + 20)
  return expectEcho(second, message({ seq: 2, type: 'AI', mid: 'm2' }), START + 15)
}

t.test('the time for which an echo is expected can be changed, for the newest expectation of a message', async (t) => {
  t.strictSame(untils(expectUntil(expectingTwice(), 1, START + 99)), [
    [1, 99],
    [2, 20],
    [2, 15],
  ])
  t.strictSame(untils(expectUntil(expectingTwice(), 2, START + 99)), [
    [1, 10],
    [2, 20],
    [2, 99],
  ])
  t.strictSame(untils(expectUntil(expectingTwice(), 3, START + 99)), untils(expectingTwice()))
})

t.test('an undelivered message is not expected, an earlier attempt of it still is', async (t) => {
  t.strictSame(untils(withoutExpected(expectingTwice(), 2)), [
    [1, 10],
    [2, 20],
  ])
  t.strictSame(untils(withoutExpected(withoutExpected(expectingTwice(), 2), 2)), [[1, 10]])
  const state = expectingTwice()
  t.equal(withoutExpected(state, 3).sent, state.sent)
})

t.test('an echo by id of a message that was sent twice uses up the expectation that ends first', async (t) => {
  t.equal(sentWithId(expectingTwice(), 'm2')?.until, START + 15)
  t.equal(sentWithId(expectUntil(expectingTwice(), 2, START + 99), 'm2')?.until, START + 20)
})
