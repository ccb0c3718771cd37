import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import {
  type Message,
  NO_ATTACHMENTS,
  NO_ORIGIN,
  NO_OUTCOME,
  NO_REACTIONS,
} from '../../../src/conversation/state/message.js'
import { decodeMessage, encodeMessage, messageRow } from '../../../src/store/rows/message-row.js'
import { message, START } from '../../fixtures/conversation.js'
import fc from '../../fixtures/property.js'
import { anyMessage } from './any-state.js'

t.test('a message comes back as it was', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(fc.property(anyMessage, (before) => isDeepStrictEqual(decodeMessage(encodeMessage(before)), before))),
  )
})

t.test('its text is its row, also where it is written without one', async (t) => {
  const isRow = (of: Message) => encodeMessage(of) === JSON.stringify(messageRow(of))
  const plain = anyMessage.map(
    (of): Message => ({
      ...of,
      attachments: NO_ATTACHMENTS,
      origin: NO_ORIGIN,
      outcome: NO_OUTCOME,
    }),
  )
  t.doesNotThrow(() => fc.assert(fc.property(plain, isRow)))
  t.doesNotThrow(() => fc.assert(fc.property(anyMessage, isRow)))
})

t.test('every member is there', async (t) => {
  const keysOf = (of: object) => Object.keys(of).toSorted()
  t.same(keysOf(decodeMessage(encodeMessage(message()))), keysOf(message()))
})

t.test('a plain message is short: no names, and nothing for what is not there', async (t) => {
  const hi = encodeMessage(message({ mid: 'm', text: 'x', evidence: 'flag' }))
  t.ok(hi.length < 80, hi)
})

t.test('messages share objects for what none of them has', async (t) => {
  const plain = decodeMessage(encodeMessage(message()))
  t.equal(plain.attachments, NO_ATTACHMENTS)
  t.equal(plain.origin, NO_ORIGIN)
  t.equal(plain.outcome, NO_OUTCOME)
  t.equal(decodeMessage(encodeMessage(message({ readAt: START }))).outcome.reactions, NO_REACTIONS)
})

t.test('the scripts find a message’s number and the time it came at its beginning', async (t) => {
  t.match(encodeMessage(message({ seq: 12, at: 5, arrivedAt: START })), /^\[12,1767225600000,/)
})

t.test('a message row with fields of a later version can be read', async (t) => {
  const read = message({ deletedAt: 1 })
  t.strictSame(decodeMessage(encodeMessage(read).replace(/\]$/, ',0,null,null,null,"new"]')), read)
})
