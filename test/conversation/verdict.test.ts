import t from 'tap'
import { changed, DONE, item, REFUSED } from '../../src/conversation/verdict.js'
import { message } from '../fixtures/conversation.js'

t.test('an item that changed another message tells which, and nothing of an author', async (t) => {
  const known = message()
  t.strictSame(changed(known), item('accepted', null, null, null, known))
  t.strictSame(changed(null), {
    of: 'item',
    outcome: 'accepted',
    reason: null,
    author: null,
    evidence: null,
    message: null,
    combined: null,
  })
})

t.test('an order was carried out or refused', async (t) => {
  t.strictSame([DONE.outcome, REFUSED.outcome], ['accepted', 'refused'])
})
