import t from 'tap'
import type { RunEnd } from '../../../src/conversation/event.js'
import { asked } from '../../fixtures/asked.js'
import { customerMessage, HOUR, policy, runEnd, send } from '../../fixtures/conversation.js'

const HOPELESS: RunEnd['end'] = { is: 'failed', isWorthRetry: false }

t.test('a failure may pause the bot: its farewell leaves all the same, what waits is not asked', async (t) => {
  const thread = asked(policy({ fallbackText: 'Sorry!', pauseOnFailure: true }))
  thread.apply(customerMessage({ text: 'hello?' }))
  thread.apply(runEnd(HOPELESS))
  t.strictSame(thread.pause(), { until: thread.now() + 6 * HOUR, reason: 'assistant_failed' })
  t.hasStrict(thread.messages(), [
    { reason: 'assistant_failed' },
    { status: 'skipped', reason: 'bot_paused' },
    { text: 'Sorry!', status: 'queued' },
  ])
  t.hasStrict(thread.apply(send(0)).leaving, {
    part: { message: { text: 'Sorry!' } },
  })
})
