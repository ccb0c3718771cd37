import t from 'tap'
import type { Policy } from '../../../src/conversation/channel.js'
import type { CustomerMessage } from '../../../src/conversation/event.js'
import { whyUnasked } from '../../../src/conversation/question/why-not-asked.js'
import { CAPS } from '../../../src/conversation/state/caps.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import {
  conversation,
  createThread,
  customerMessage,
  HOUR,
  hours,
  message,
  PICTURE,
  policy,
  SECOND,
  START,
} from '../../fixtures/conversation.js'

const ASKED = { asked: [{ text: 'hi there', arrivedAt: START }] }
const FULL = { waiting: Array.from({ length: CAPS.waiting }, (_, index) => message({ seq: index + 1 })) }

const UNASKED: readonly (readonly [
  string,
  Partial<Conversation>,
  Partial<CustomerMessage>,
  Partial<Policy>,
  string | null,
])[] = [
  [
    'that asks for a person',
    { ...ASKED, ...FULL },
    { text: 'Agent!', supported: false },
    { handoffWords: ['agent'], hours: hours({ bot: 'inside' }), hasAssistant: false },
    'customer_request',
  ],
  [
    'while the shop is closed, of a bot that keeps its hours,',
    { ...ASKED, ...FULL },
    { supported: false, text: 'hi there' },
    { hours: hours({ bot: 'inside' }), hasAssistant: false },
    'closed_hours',
  ],
  ['while the shop is closed, of a bot that stands in for it,', {}, {}, { hours: hours({ bot: 'outside' }) }, null],
  ['while the shop is closed, of a bot that always answers,', {}, {}, { hours: hours() }, null],
  ['that only mentions a person', {}, { text: 'my agent said' }, { handoffWords: ['agent'] }, null],
  ['without an assistant', { ...ASKED, ...FULL }, { supported: false }, { hasAssistant: false }, 'no_assistant'],
  ['that Meta could not show us', { ...ASKED, ...FULL }, { supported: false, text: 'hi there' }, {}, 'unsupported'],
  ['with the same text', { ...ASKED, ...FULL }, { text: ' hi  there' }, {}, 'repeated_text'],
  ['after a hundred that wait', FULL, {}, {}, 'too_many'],
  ['with another text', ASKED, { text: 'hi' }, {}, null],
  ['with the same text and a picture', ASKED, { text: 'hi there', attachments: [PICTURE] }, {}, null],
  ['without a text', ASKED, { text: null, attachments: [PICTURE] }, {}, null],
]

for (const [what, state, changes, rules, reason] of UNASKED) {
  t.test(`a message ${what} is ${reason === null ? 'asked' : `not asked: ${reason}`}`, async (t) => {
    t.equal(whyUnasked(conversation(state), customerMessage(changes), policy(rules), START), reason)
  })
}

t.test('a repeated text may be asked again when its time is over', async (t) => {
  const askedAgainAfter = (ms: number, rules: Policy) => {
    const thread = createThread(rules)
    thread.apply(customerMessage({ text: 'hi there' }))
    thread.wait(ms)
    return thread.apply(customerMessage({ text: 'hi there' })).reason
  }
  t.equal(askedAgainAfter(10 * SECOND - 1, policy()), 'repeated_text')
  t.equal(askedAgainAfter(10 * SECOND, policy()), null)
  t.equal(askedAgainAfter(0, policy({ repeatWindowMs: 0 })), null)
})

t.test('a bot keeps the hours of its shop, or those that the shop does not, to the minute', async (t) => {
  const reasonAt = (bot: 'inside' | 'outside', at: number) =>
    whyUnasked(conversation(), customerMessage(), policy({ hours: hours({ bot }) }), at)
  for (const [at, inside, outside] of [
    [START + 9 * HOUR - 1, 'closed_hours', null],
    [START + 9 * HOUR, null, 'closed_hours'],
    [START + 17 * HOUR - 1, null, 'closed_hours'],
    [START + 17 * HOUR, 'closed_hours', null],
    [START + 60 * HOUR, 'closed_hours', null],
  ] as const) {
    t.equal(reasonAt('inside', at), inside)
    t.equal(reasonAt('outside', at), outside)
  }
})

t.test('a shop that never opens is closed for a bot that keeps its hours', async (t) => {
  const never = policy({ hours: hours({ open: {}, bot: 'inside' }) })
  t.equal(whyUnasked(conversation(), customerMessage(), never, START), 'closed_hours')
})
