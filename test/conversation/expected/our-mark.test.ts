import t from 'tap'
import { markOf, ourMark } from '../../../src/conversation/expected/our-mark.js'

t.test('our mark names the author, the message, and the life of its conversation', async (t) => {
  t.strictSame(ourMark('message-router:AI:mi7x8k2a-7'), { type: 'AI', seq: 7, createdAt: 1763672781970 })
  t.strictSame(ourMark('message-router:marketing:0-999999999999999'), {
    type: 'marketing',
    seq: 999_999_999_999_999,
    createdAt: 0,
  })
})

t.test('other metadata is not our mark', async (t) => {
  const others = [
    null,
    '',
    'message-router',
    'message-router:AI:',
    'message-router:AI:x',
    'message-router:AI:1',
    'message-router:customer:a-1',
    ' message-router:AI:a-1',
    'message-router:AI:a-1 ',
    'message-router:AI:A-1',
    'message-router:AI:a-1234567890123456',
    '{"sent_by":"crm"}',
  ]
  for (const other of others) t.equal(ourMark(other), null, String(other))
})

t.test('the mark that goes out is the one that is known when it comes back', async (t) => {
  for (const type of ['AI', 'support', 'marketing'] as const) {
    const mark = { type, seq: 41, createdAt: Date.UTC(2026, 0, 1) }
    t.strictSame(ourMark(markOf(mark)), mark)
  }
})
