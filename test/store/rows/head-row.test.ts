import t from 'tap'
import { newConversation } from '../../../src/conversation/state/state.js'
import { decodeHead, encodeHead } from '../../../src/store/rows/head-row.js'
import { idOf } from '../../fixtures/store-contract.js'

t.test('a head has the conversation’s start and its customer', async (t) => {
  const brief = newConversation(idOf(1), 7)
  t.strictSame(decodeHead(encodeHead({ ...brief, seq: 9, closedAt: 8 })), brief)
  t.equal(encodeHead(brief), `["${brief.id}",7]`)
  const profile = { at: 5, isKnown: true, name: 'Ana "A" \n', username: null, picture: null }
  t.strictSame(decodeHead(encodeHead({ ...brief, profile })), { ...brief, profile })
})
