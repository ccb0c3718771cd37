import t from 'tap'
import { askAt } from '../../../src/conversation/question/debounce.js'
import type { Message } from '../../../src/conversation/state/message.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { type Conversation, NOT_ASKING } from '../../../src/conversation/state/state.js'
import { conversation, HOUR, message, part, policy, run, SECOND, START } from '../../fixtures/conversation.js'

const RULES = policy()

function waiting(...arrivals: readonly number[]): readonly Message[] {
  return arrivals.map((arrivedAt, index) => message({ seq: index + 1, arrivedAt }))
}

for (const [says, state, at] of [
  ['where nothing waits, nothing is to be asked', {}, null],
  ['two seconds of quiet end the customer’s burst', { waiting: waiting(START) }, START + 2 * SECOND],
  ['each further message begins them anew', { waiting: waiting(START, START + SECOND) }, START + 3 * SECOND],
  ['but five seconds are the longest', { waiting: waiting(START, START + 4 * SECOND) }, START + 5 * SECOND],
  [
    'a rest is waited for',
    { waiting: waiting(START), asking: { ...NOT_ASKING, restUntil: START + HOUR } },
    START + HOUR,
  ],
  ['one question at a time', { waiting: waiting(START), asking: { ...NOT_ASKING, run: run() } }, null],
  [
    'an answer leaves before the next one is asked for',
    { waiting: waiting(START), outbox: { ...NO_OUTBOX, parts: [part()] } },
    null,
  ],
] as readonly (readonly [string, Partial<Conversation>, number | null])[]) {
  t.test(says, async (t) => {
    t.equal(askAt(conversation(state), RULES), at)
  })
}
