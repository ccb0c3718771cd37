import t from 'tap'
import type { Flag } from '../../../src/conversation/state.js'
import { createEntry, openBytesOf } from '../../../src/store/memory/entry.js'
import { bytesOf } from '../../../src/store/memory/history.js'
import { conversation, message, START } from '../../fixtures/conversation.js'

t.test('a new entry stands nowhere and weighs nothing', async (t) => {
  const state = conversation()
  const entry = createEntry(state)
  t.equal(entry.state, state)
  t.match(entry, { version: 0, messages: [], historyBytes: 0, openBytes: 0, duePlace: -1, newer: null, older: null })
})

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
    t.equal(openBytesOf(conversation({ asked: [{ text: 'twelve chars', at: START }] })), 24)
  },
)
