import t from 'tap'
import type { Policy } from '../../src/conversation/channel.js'
import type { CustomerMessage } from '../../src/conversation/event.js'
import type { Conversation } from '../../src/conversation/state.js'
import { MOST_WAITING, whySilent, whyUnasked } from '../../src/conversation/why-not-asked.js'
import {
  conversation,
  customerMessage,
  HOUR,
  message,
  PICTURE,
  policy,
  SECOND,
  START,
} from '../fixtures/conversation.js'

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

const ASKED = { asked: [{ text: 'hi there', at: START }] }
const FULL = { waiting: Array.from({ length: MOST_WAITING }, (_, index) => message({ seq: index + 1 })) }

const UNASKED: readonly (readonly [
  string,
  Partial<Conversation>,
  Partial<CustomerMessage>,
  Partial<Policy>,
  string | null,
])[] = [
  ['without an assistant', { ...ASKED, ...FULL }, { supported: false }, { hasAssistant: false }, 'no_assistant'],
  ['that Meta could not show us', { ...ASKED, ...FULL }, { supported: false, text: 'hi there' }, {}, 'unsupported'],
  ['with the same text', { ...ASKED, ...FULL }, { text: ' hi  there' }, {}, 'repeated_text'],
  ['after a hundred that wait', FULL, {}, {}, 'too_many'],
  ['with another text', ASKED, { text: 'hi' }, {}, null],
  ['with the same text and a picture', ASKED, { text: 'hi there', attachments: [PICTURE] }, {}, null],
  ['without a text', ASKED, { text: null, attachments: [PICTURE] }, {}, null],
  ['with the same text while repeats count', ASKED, { text: 'hi there' }, { repeatWindowMs: 0 }, null],
]

for (const [what, state, changes, rules, reason] of UNASKED) {
  t.test(`a message ${what} is ${reason === null ? 'asked' : `not asked: ${reason}`}`, async (t) => {
    t.equal(whyUnasked(conversation(state), customerMessage(changes), policy(rules), START), reason)
  })
}

t.test('a repeated text may be asked again when its time is over', async (t) => {
  const again = customerMessage({ text: 'hi there' })
  t.equal(whyUnasked(conversation(ASKED), again, policy(), START + 10 * SECOND - 1), 'repeated_text')
  t.equal(whyUnasked(conversation(ASKED), again, policy(), START + 10 * SECOND), null)
})
