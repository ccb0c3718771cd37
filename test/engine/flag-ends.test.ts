import t from 'tap'
import type { Count } from '../../src/conversation/counts.js'
import { createTellFlagEnds } from '../../src/engine/flag-ends.js'
import { ID } from '../fixtures/conversation.js'

t.test('each flag that ends has its line, and an echo that it vouched for wrongly too', async (t) => {
  const lines: [string, object][] = []
  const log = {
    debug() {},
    info: (facts: object, message: string) => lines.push([message, facts]),
    warn() {},
    error() {},
  }
  const tell = createTellFlagEnds(log)
  const counts: readonly Count[] = [
    { is: 'echo', author: 'bot', evidence: 'text' },
    { is: 'flags', what: 'set', many: 3 },
    { is: 'flags', what: 'withdrawn', many: 2 },
    { is: 'flags', what: 'used', many: 1 },
    { is: 'displaced', many: 1 },
  ]
  tell(ID, counts)
  const cleared = `🗑️ Bot flag CLEARED for conversation: ${ID}`
  t.strictSame(lines, [
    [cleared, { conversation_id: ID, why: 'withdrawn' }],
    [cleared, { conversation_id: ID, why: 'withdrawn' }],
    [cleared, { conversation_id: ID, why: 'used' }],
    [
      '👤 Instagram human agent message detected (its bot flag was meant for another message)',
      { conversation_id: ID, author: 'human', evidence: 'displaced', messages: 1 },
    ],
  ])
})
