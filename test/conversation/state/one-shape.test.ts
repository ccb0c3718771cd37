import t from 'tap'
import type { ConversationId } from '../../../src/conversation/ids.js'
import { inOneShape } from '../../../src/conversation/state/one-shape.js'
import { newConversation } from '../../../src/conversation/state/state.js'
import { ID, START } from '../../fixtures/conversation.js'

t.test('a state in the one shape is the same state, its properties in the order of a new one', async (t) => {
  const { profile, id, ...others } = { ...newConversation(ID, START), seq: 7, closedAt: START }
  const shuffled = { profile, ...others, id }
  t.strictSame(inOneShape(shuffled), shuffled)
  t.strictSame(Object.keys(inOneShape(shuffled)), Object.keys(newConversation(ID, START)))
  const other = '1-3' as ConversationId
  t.equal(inOneShape(shuffled, other).id, other)
})
