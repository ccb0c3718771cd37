import t from 'tap'
import { FOREVER } from '../../src/conversation/channel.js'
import { decide } from '../../src/conversation/decide.js'
import { NO_OUTBOX } from '../../src/conversation/state/outbox-state.js'
import {
  changesNothing,
  conversation,
  createThread,
  customerMessage,
  echo,
  HOUR,
  hours,
  mark,
  part,
  policy,
  runEnd,
  SECOND,
  START,
  send,
  sendResult,
  sharedPost,
  UNKNOWN,
  wake,
} from '../fixtures/conversation.js'

t.test('a wake forgets what ran out, and changes nothing otherwise', async (t) => {
  const thread = createThread()
  t.ok(changesNothing(thread.decision(wake())))
  thread.apply(echo())
  thread.apply(mark())
  thread.wait(6 * HOUR)
  thread.apply(wake())
  const { causes, flags, unclaimed } = thread.state()
  t.strictSame([causes, flags, unclaimed], [[], [], []])
})

t.test('a wake at the last possible time finds nothing to do', async (t) => {
  t.ok(changesNothing(decide(conversation(), wake(), UNKNOWN, policy(), FOREVER)))
})

t.test('a part in the queue that is neither to be sent nor waited for is a fault', async (t) => {
  const stray = part({ stage: { is: 'surprise' } as never })
  const state = conversation({ outbox: { ...NO_OUTBOX, parts: [stray] } })
  t.throws(() => decide(state, wake(), UNKNOWN, policy(), START), /not a member of the union/)
})

t.test('a wake does the one thing that is due', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.wait(2 * SECOND)
  t.hasStrict(thread.apply(wake({ runId: 'a' })).task, { is: 'ask', run: { id: 'a' } })
  t.equal(thread.apply(wake({ runId: 'b' })).task, null, 'it is being asked')
  thread.wait(8 * SECOND)
  t.hasStrict(thread.apply(wake({ runId: 'c' })).task, { is: 'look_up', run: { id: 'c' } })
  thread.apply(runEnd({ is: 'answer', text: 'yes', conversationId: null }, { runId: 'c' }))
  t.equal(thread.apply(wake()).task, null, 'a send needs its place in the rate')
  t.hasStrict(thread.apply(send(0)).leaving, {
    part: { message: { text: 'yes' } },
    tag: null,
  })
  thread.wait(12 * SECOND)
  thread.apply(wake())
  t.equal(thread.messages()[1]?.status, 'unknown')
  thread.wait(30 * SECOND)
  thread.apply(wake())
  t.equal(thread.state().outbox.dead.length, 1)
  t.ok(changesNothing(thread.decision(wake())))
})

t.test('a post whose time is over is let go by the wake that it waited for', async (t) => {
  const thread = createThread()
  thread.apply(sharedPost())
  thread.wait(120 * SECOND)
  t.hasStrict(thread.apply(wake()), {
    expiredShare: { status: 'skipped', outcome: { reason: 'share_expired' } },
    task: null,
  })
  t.ok(changesNothing(thread.decision(wake())))
})

t.test('the away text goes through the queue, before the answer', async (t) => {
  const rules = policy({ hours: hours({ awayText: 'We are closed.' }) })
  const thread = createThread(rules)
  thread.apply(customerMessage())
  thread.wait(5 * SECOND)
  t.equal(thread.apply(wake()).task, null, 'what is in the queue goes first')
  t.hasStrict(thread.apply(send(0)).leaving, {
    part: { message: { text: 'We are closed.' } },
  })
  thread.apply(sendResult({ is: 'sent', mid: 'm1' }, { seq: 2 }))
  thread.wait(3 * SECOND)
  t.equal(thread.apply(wake()).task?.is, 'ask')
})
