import t from 'tap'
import type { Message } from '../../../src/conversation/state/message.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import { encodeMessage } from '../../../src/store/rows/message-row.js'
import { messageTexts, NO_TEXTS, textOf, textsFrom } from '../../../src/store/rows/message-texts.js'
import { decodeState, encodeState } from '../../../src/store/rows/state-row.js'
import { conversation, message } from '../../fixtures/conversation.js'

const one = message({ seq: 1, text: 'text 1' })
const two = message({ seq: 2, text: 'text 2' })
const three = message({ seq: 3, text: 'text 3' })
const aside = (...messages: readonly Message[]) => messages.map((each) => ({ message: each, at: each.arrivedAt }))

t.test('what waited before is not encoded again, unless it has changed or is not known', async (t) => {
  const state = conversation({ waiting: [one, two] })
  const known = { state, texts: { waiting: ['one', 'two'], setAside: [] } }
  const texts = (before: Parameters<typeof messageTexts>[0], ...waiting: readonly Message[]) =>
    messageTexts(before, conversation({ waiting })).waiting
  t.same(texts(known, one, two, three), ['one', 'two', encodeMessage(three)])
  t.same(texts(known, one, { ...two }), ['one', encodeMessage(two)])
  t.same(texts(known, two, three), ['two', encodeMessage(three)], 'the oldest has gone')
  t.same(texts(known), [])
  t.same(texts({ state, texts: NO_TEXTS }, one), [encodeMessage(one)])
  t.same(texts({ state: null, texts: NO_TEXTS }, one), [encodeMessage(one)])
})

t.test('so with what a takeover has set aside', async (t) => {
  const known = {
    state: conversation({ setAside: aside(one, two) }),
    texts: { waiting: [], setAside: ['one', 'two'] },
  }
  const texts = (...messages: readonly Message[]) =>
    messageTexts(known, conversation({ setAside: aside(...messages) })).setAside
  t.same(texts(one, two, three), ['one', 'two', encodeMessage(three)])
  t.same(texts(two, three), ['two', encodeMessage(three)])
  t.same(texts(three, { ...one }), [encodeMessage(three), encodeMessage(one)])
})

t.test('a state with known texts is stored like one whose messages are all encoded', async (t) => {
  const first = conversation({ waiting: [one], setAside: [{ message: two, at: two.arrivedAt + 5 }] })
  const next = { ...first, waiting: [], setAside: [...first.setAside, ...aside(three)], customerAt: 7 }
  const texts = messageTexts({ state: first, texts: messageTexts({ state: null, texts: NO_TEXTS }, first) }, next)
  t.equal(encodeState(next, texts), encodeState(next))
  t.strictSame(decodeState(next.id, encodeState(next, texts)), next)
})

t.test("a message's text is that of its state where it has one", async (t) => {
  const state = conversation({ waiting: [one], setAside: aside(two) })
  const texts = { waiting: ['one'], setAside: ['two'] }
  t.equal(textOf(one, state, texts), 'one')
  t.equal(textOf(two, state, texts), 'two')
  t.equal(textOf(three, state, texts), encodeMessage(three))
})

t.test('a message that is in the history too is not encoded again', async (t) => {
  const texts = (state: Partial<Conversation>) =>
    textsFrom([one, two, three], ['one', 'two', 'three'], conversation(state))
  t.same(texts({ waiting: [two, three] }).waiting, ['two', 'three'])
  t.same(texts({ waiting: [one, three] }).waiting, ['one', encodeMessage(three)], 'others between them')
  t.same(texts({ waiting: [{ ...two }] }).waiting, [encodeMessage(two)])
  t.same(texts({ setAside: aside(two) }).setAside, [encodeMessage(two)])
  t.equal(texts({}), NO_TEXTS)
})
