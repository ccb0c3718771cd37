import t from 'tap'
import { markOf, ourMark } from '../../src/conversation/our-mark.js'

t.test('our own mark says whose message it was and which', async (t) => {
  t.strictSame(ourMark('message-router:AI:7'), { type: 'AI', seq: 7 })
  t.strictSame(ourMark('message-router:support:12'), { type: 'support', seq: 12 })
  t.strictSame(ourMark('message-router:marketing:999999999999999'), { type: 'marketing', seq: 999_999_999_999_999 })
})

t.test('anything else is not our mark', async (t) => {
  const others = [
    null,
    '',
    'message-router',
    'message-router:AI:',
    'message-router:AI:x',
    'message-router:customer:1',
    ' message-router:AI:1',
    'message-router:AI:1 ',
    'message-router:AI:1234567890123456',
    '{"sent_by":"crm"}',
  ]
  for (const other of others) t.equal(ourMark(other), null, String(other))
})

t.test('the mark that goes out is the one that is known when it comes back', async (t) => {
  t.equal(markOf({ type: 'AI', seq: 7 }), 'message-router:AI:7')
  for (const type of ['AI', 'support', 'marketing'] as const) {
    t.strictSame(ourMark(markOf({ type, seq: 41 })), { type, seq: 41 })
  }
})
