import t from 'tap'
import { conversationIdIn } from '../../../src/http/edge/ids.js'

t.test('a path names a conversation, or nothing', async (t) => {
  t.equal(conversationIdIn('1-2'), '1-2')
  for (const text of ['', '1', '1-', 'x-1', '1-2-3', `${'1'.repeat(33)}-2`]) {
    t.throws(() => conversationIdIn(text), { code: 'invalid_conversation_id' }, text)
  }
})
