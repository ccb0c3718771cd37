import t from 'tap'
import type { Policy } from '../../../src/conversation/channel.js'
import { whySilent } from '../../../src/conversation/pause/why-silent.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import { conversation, HOUR, policy, START } from '../../fixtures/conversation.js'

const PAUSED = {
  causes: [{ until: START + HOUR, reason: 'human_echo', at: START, seq: 1, note: null }],
} as const

const SILENT: readonly (readonly [string, Partial<Conversation>, Partial<Policy>, string | null])[] = [
  ['is off', { ...PAUSED, closedAt: START }, { mode: 'off' }, 'bot_off'],
  ['is on for testers only', { ...PAUSED, closedAt: START }, { mode: 'test', testers: new Set(['3']) }, 'not_a_tester'],
  ['talks to a tester', {}, { mode: 'test', testers: new Set(['2']) }, null],
  ['has its conversation closed', { ...PAUSED, closedAt: START }, {}, 'conversation_closed'],
  ['is paused', PAUSED, {}, 'bot_paused'],
  ['is on', {}, {}, null],
]

for (const [what, state, rules, reason] of SILENT) {
  t.test(`a bot that ${what} ${reason === null ? 'may speak' : `is silent: ${reason}`}`, async (t) => {
    t.equal(whySilent(conversation(state), policy(rules), START), reason)
  })
}
