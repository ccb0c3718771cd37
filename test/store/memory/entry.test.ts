import t from 'tap'
import { type DeadLetter, NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { type Flag, NOT_ASKING } from '../../../src/conversation/state/state.js'
import { openBytesOf } from '../../../src/store/memory/entry.js'
import { bytesOf } from '../../../src/store/memory/history.js'
import { conversation, message, part, run, START } from '../../fixtures/conversation.js'

t.test('open work weighs what its messages weigh', async (t) => {
  const one = message({ text: 'one' })
  const dated = { message: message({ text: 'two and three' }), at: START }
  const sent = { message: message({ text: 'four', mid: 'mid-4' }), until: START }
  t.equal(openBytesOf(conversation()), 0)
  t.equal(openBytesOf(conversation({ waiting: [one, one] })), 2 * bytesOf(one))
  t.equal(openBytesOf(conversation({ setAside: [dated] })), bytesOf(dated.message))
  t.equal(openBytesOf(conversation({ sent: [sent] })), bytesOf(sent.message))
  t.equal(
    openBytesOf(conversation({ waiting: [one], setAside: [dated], sent: [sent] })),
    bytesOf(one) + bytesOf(dated.message) + bytesOf(sent.message),
  )
})

t.test(
  'a flag weighs something when it waits for a text, and so do an echo that nobody claimed and what was asked',
  async (t) => {
    const flag: Flag = { at: START, until: START, left: 1, text: null, idempotencyKey: null, parameters: '[1]' }
    t.equal(openBytesOf(conversation({ flags: [flag] })), 0)
    t.equal(openBytesOf(conversation({ flags: [{ ...flag, text: 'x'.repeat(97) }] })), 194)
    t.equal(openBytesOf(conversation({ unclaimed: [{ message: message(), at: START }] })), bytesOf(message()))
    t.equal(openBytesOf(conversation({ asked: [{ text: 'twelve chars', arrivedAt: START }] })), 24)
  },
)

t.test('a question weighs the same while it is asked as while it waits', async (t) => {
  const messages = [message({ text: 'one' }), message({ text: 'two and three', mid: 'mid-2' })]
  const asking = { ...NOT_ASKING, run: run({ messages }), assistantId: 'an id of no weight' }
  t.equal(openBytesOf(conversation({ asking })), bytesOf(messages[0]!) + bytesOf(messages[1]!))
  t.equal(openBytesOf(conversation({ asking })), openBytesOf(conversation({ waiting: messages })))
  t.equal(openBytesOf(conversation({ asking: { ...asking, run: null } })), 0)
})

t.test('outgoing messages weigh what their texts weigh, in whichever list they are', async (t) => {
  const [one, two] = ['one', 'two and three'].map((text) => part({ message: message({ text }) }))
  const both = bytesOf(one!.message) + bytesOf(two!.message)
  const letter: DeadLetter = { seq: 1, reason: 'refused', code: '100', at: START, parts: [one!, two!] }
  const of = (outbox: object) => openBytesOf(conversation({ outbox: { ...NO_OUTBOX, ...outbox } }))
  t.equal(of({}), 0)
  t.equal(of({ parts: [one, two] }), both)
  t.equal(of({ setAside: [one, two].map((each) => ({ part: each, at: START })) }), both)
  t.equal(of({ dead: [letter] }), both)
  t.equal(of({ dead: [letter, { ...letter, parts: [one!] }] }), both + bytesOf(one!.message))
  t.equal(of({ parts: [one], setAside: [{ part: two, at: START }], dead: [letter] }), 2 * both)
})

t.test('each remembered key is weighed', async (t) => {
  const post = { key: 'k'.repeat(40), body: 'b'.repeat(64), at: START, seq: 1, reason: null }
  const of = (count: number) =>
    openBytesOf(conversation({ outbox: { ...NO_OUTBOX, posts: Array.from({ length: count }, () => post) } }))
  t.ok(of(1) >= 2 * (40 + 64))
  t.equal(of(200), 200 * of(1))
  t.equal(of(0), 0)
})
