import t from 'tap'
import {
  closedPart,
  queuedPart,
  sendingPart,
  stageEnd,
  unknownPart,
} from '../../../src/conversation/state/outbox-state.js'
import { message, part, START } from '../../fixtures/conversation.js'

t.test(
  'a part has its stage, its message the status of that name, and a time at which something has to be done',
  async (t) => {
    const lost = part({ message: message({ type: 'AI', status: 'failed', reason: 'unknown_outcome' }), attempts: 2 })
    const stages = [
      queuedPart(lost, START),
      sendingPart(lost, 'claim', START + 2),
      unknownPart(lost, START + 3),
    ] as const
    t.hasStrict(stages, [
      {
        message: { status: 'queued', outcome: { reason: null } },
        stage: { is: 'queued', slotAt: 0 },
        attempts: 2,
      },
      { message: { status: 'sending' }, stage: { is: 'sending' }, attempts: 3, claim: 'claim' },
      { message: { status: 'unknown' }, stage: { is: 'unknown' }, attempts: 2 },
    ])
    t.same(
      stages.map(({ stage }) => stageEnd(stage)),
      [START, START + 2, START + 3],
    )
    t.throws(() => stageEnd({ is: 'surprise' } as never), /not a member of the union/)
  },
)

t.test('a part that is out of the queue is in no stage', async (t) => {
  const { stage, ...rest } = part()
  t.ok(stage)
  t.strictSame(closedPart(part()), rest)
})
