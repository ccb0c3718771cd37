import t from 'tap'
import { NONE } from '../../../src/conversation/state/none.js'
import { kept, newConversation } from '../../../src/conversation/state/state.js'
import { decodeState, encodeState } from '../../../src/store/rows/state-row.js'
import { ID } from '../../fixtures/conversation.js'

t.test('new, stored and emptied states share one empty list, which nobody can fill', async (t) => {
  const state = newConversation(ID, 1)
  const stored = decodeState(ID, encodeState(state))
  for (const list of [state.causes, state.outbox.parts, stored.waiting, stored.outbox.dead, kept([1], () => false)]) {
    t.equal(list, NONE)
  }
  t.throws(() => (NONE as readonly unknown[] as unknown[]).push(1), TypeError)
})
