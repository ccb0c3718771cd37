import t from 'tap'
import { nextStep } from '../../../src/conversation/next-step.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { ownerless } from '../../../src/conversation/state/ownerless.js'
import { type Conversation, NOT_ASKING, newConversation } from '../../../src/conversation/state/state.js'
import { ID, message, part, policy, run, START } from '../../fixtures/conversation.js'

const base = newConversation(ID, START)

t.test('a run of a dead process is adopted at once', async (t) => {
  const state: Conversation = { ...base, asking: { ...NOT_ASKING, run: run({ leaseUntil: START + 8_000 }) } }
  t.match(nextStep(state, policy(), START), { is: 'rest' })
  t.match(nextStep(ownerless(state, START), policy(), START), { is: 'adopt' })
})

t.test('a part that it was sending waits for its echo from now on', async (t) => {
  const sending = part({ message: message({ status: 'sending' }), at: START + 12_000 })
  const state: Conversation = { ...base, outbox: { ...NO_OUTBOX, parts: [sending, part()] } }
  t.match(nextStep(state, policy(), START), { is: 'rest' })
  const after = ownerless(state, START)
  t.match(nextStep(after, policy(), START), { is: 'lose_track' })
  t.same(after.outbox.parts[1], state.outbox.parts[1])
})

t.test('a state without leases stays as it is', async (t) => {
  const queued = part({ message: message({ status: 'queued' }), at: START + 5_000 })
  const over = part({ message: message({ status: 'sending' }), at: START })
  for (const state of [
    base,
    { ...base, asking: { ...NOT_ASKING, run: run({ leaseUntil: START }) } },
    { ...base, outbox: { ...NO_OUTBOX, parts: [queued] } },
    { ...base, outbox: { ...NO_OUTBOX, parts: [over] } },
  ]) {
    t.equal(ownerless(state, START), state)
  }
})
