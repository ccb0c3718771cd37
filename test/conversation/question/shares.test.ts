import t from 'tap'
import { decide } from '../../../src/conversation/decide.js'
import type { CustomerMessage } from '../../../src/conversation/event.js'
import { dueAt, nextStep } from '../../../src/conversation/next-step.js'
import { isLoneShare, sharedIn } from '../../../src/conversation/question/shares.js'
import { keepUntil } from '../../../src/conversation/state/lifetimes.js'
import type { Attachment } from '../../../src/conversation/state/message.js'
import {
  createThread,
  customerMessage,
  deletion,
  echo,
  PICTURE,
  policy,
  report,
  runEnd,
  SECOND,
  START,
  send,
  sendResult,
  UNKNOWN,
  wake,
} from '../../fixtures/conversation.js'

const POST: Attachment = { kind: 'share', url: 'https://www.instagram.com/p/1', title: 'Red shoes' }
const MENTION: Attachment = { kind: 'story', url: 'https://cdn.example/story.jpg', title: null }

const shared = (changes: Partial<CustomerMessage> = {}) =>
  customerMessage({ kind: 'share', text: null, attachments: [POST], ...changes })
const asked = (text = 'how much?') => customerMessage({ text })

const story = (thread: ReturnType<typeof createThread>) =>
  thread.messages().map(({ status, reason, shareSeq }) => `${status} ${reason} ${shareSeq}`)

t.test('a lone share is a post without text', async (t) => {
  const instagram = policy()
  t.equal(isLoneShare(shared(), instagram), true)
  t.equal(isLoneShare(shared({ attachments: [MENTION] }), instagram), true)
  t.equal(isLoneShare(shared({ text: 'this one' }), instagram), false)
  t.equal(isLoneShare(shared({ attachments: [PICTURE] }), instagram), false)
  t.equal(isLoneShare(shared(), policy({ platform: 'facebook' })), false, 'an ordinary message on Messenger')
  t.equal(sharedIn({ attachments: [PICTURE, MENTION, POST] }), MENTION)
})

t.test('a post is held for as long as it may wait, and its question takes it along', async (t) => {
  const thread = createThread()
  t.match(thread.apply(shared()), { reason: 'share_held', outcome: 'accepted' })
  t.equal(dueAt(thread.state(), policy()), START + 120 * SECOND)
  t.ok(keepUntil(thread.state(), policy()) >= START + 120 * SECOND)
  thread.wait(60 * SECOND)
  thread.apply(asked())
  thread.wait(SECOND)
  thread.apply(asked('in blue?'))
  t.same(story(thread), ['received null 0', 'received null 1', 'received null 1'])
  t.equal(dueAt(thread.state(), policy()), thread.now() + 2 * SECOND, 'the post does not hurry the burst')
  thread.wait(2 * SECOND)
  const { task } = thread.apply(wake())
  t.same(task?.is === 'ask' && task.run.messages.map(({ seq }) => seq), [1, 2, 3])
})

t.test('a newer post makes the older one superfluous, wherever that waits', async (t) => {
  const held = createThread()
  held.apply(shared())
  held.apply(shared())
  t.same(story(held), ['skipped share_replaced 0', 'received share_held 0'])

  const burst = createThread()
  burst.apply(asked())
  t.match(burst.apply(shared()), { reason: null }, 'shared into the open burst')
  burst.apply(shared())
  t.same(story(burst), ['received null 3', 'skipped share_replaced 0', 'received null 0'], 'asked with the latest')

  const together = createThread()
  together.apply(shared())
  together.apply(shared({ text: 'this one!' }))
  t.same(story(together), ['skipped share_replaced 0', 'received null 2'], 'it is its own post')
})

t.test('after the quiet time a post is held by itself', async (t) => {
  const thread = createThread(policy({ debounceMs: SECOND, debounceMaxMs: 9 * SECOND }))
  thread.apply(asked())
  thread.wait(SECOND)
  t.match(thread.apply(shared()), { reason: 'share_held' })
})

t.test('a held post without a question expires', async (t) => {
  const thread = createThread()
  thread.apply(shared())
  thread.wait(120 * SECOND - 1)
  t.match(thread.apply(wake()), { expiredShare: null })
  thread.wait(1)
  t.equal(nextStep(thread.state(), policy(), thread.now()).is, 'let_go')
  t.match(thread.apply(wake()), { expiredShare: { seq: 1 }, task: null })
  t.same(story(thread), ['skipped share_expired 0'])
  thread.apply(asked())
  t.same(story(thread)[1], 'received null 0')
})

t.test('a person takes the held post over with everything else; mistaken for one, it is held again', async (t) => {
  const thread = createThread()
  thread.apply(shared())
  thread.apply(echo({ mid: 'e1', text: 'ours' }))
  t.same(story(thread)[0], 'skipped bot_paused 0')
  t.match(thread.state(), { asking: { share: null } })
  thread.apply(report({ mid: 'e1', text: 'ours' }))
  t.equal(thread.pause(), null)
  thread.wait(2 * SECOND)
  t.match(thread.apply(wake()), { task: null }, 'a post alone is never asked')
  t.same(story(thread)[0], 'received share_held 0')
  thread.apply(asked())
  t.same(story(thread).at(-1), 'received null 1')
})

t.test('a question that is taken back leaves its post waiting', async (t) => {
  const thread = createThread()
  thread.apply(shared())
  thread.apply(customerMessage({ mid: 'q', text: 'oh' }))
  thread.apply(deletion({ mid: 'q' }))
  thread.wait(2 * SECOND)
  t.match(thread.apply(wake()), { task: null })
  t.match(thread.state(), { waiting: [], asking: { share: { message: { seq: 1 } } } })
})

t.test('a post that is taken back waits no more', async (t) => {
  const thread = createThread()
  thread.apply(shared({ mid: 's' }))
  thread.apply(deletion({ mid: 's' }))
  t.match(thread.state(), { asking: { share: null } })
  t.match(thread.messages(), [{ status: 'skipped', text: null }])
})

t.test('an endless stream of posts leaves one held', async (t) => {
  const thread = createThread()
  for (let i = 0; i < 50; i++) thread.apply(shared())
  t.equal(story(thread).filter((line) => line.startsWith('received')).length, 1)
})

t.test('a post is held while the answer to another question is on its way', async (t) => {
  const thread = createThread()
  thread.apply(asked())
  thread.wait(2 * SECOND)
  thread.apply(wake())
  t.match(thread.apply(shared()), { reason: 'share_held' })
  thread.apply(runEnd({ is: 'answer', text: 'here', conversationId: null }))
  t.match(thread.state(), { asking: { share: { message: { seq: 2 } } } })
})

t.test('no post is held where the bot may not speak', async (t) => {
  const decision = decide(createThread().state(), shared(), UNKNOWN, policy({ mode: 'off' }), START)
  t.match(decision, { verdict: { reason: 'bot_off' }, state: { asking: { share: null } } })
})

t.test('a newer post does not take an earlier question’s away while that waits for the answer before', async (t) => {
  const thread = createThread()
  thread.apply(asked('first'))
  thread.wait(2 * SECOND)
  thread.apply(wake())
  thread.apply(shared())
  thread.apply(asked('how much?'))
  thread.wait(2 * SECOND)
  t.match(thread.apply(shared()), { reason: 'share_held' })
  t.same(story(thread), ['received null 0', 'received null 0', 'received null 2', 'received share_held 0'])
  thread.apply(runEnd({ is: 'failed', isWorthRetry: false }))
  thread.wait(3 * SECOND)
  const { task } = thread.apply(wake({ runId: 'run-2' }))
  t.same(task?.is === 'ask' && task.run.messages.map(({ seq }) => seq), [2, 3])
})

t.test('a post’s own question takes it along, after which only the newer post counts', async (t) => {
  const thread = createThread()
  thread.apply(asked('first'))
  thread.wait(2 * SECOND)
  thread.apply(wake())
  thread.apply(shared())
  thread.apply(asked('how much?'))
  thread.wait(2 * SECOND)
  thread.apply(shared())
  thread.apply(asked('and this one?'))
  t.same(story(thread).slice(1), ['skipped share_replaced 0', 'received null 4', 'received null 0', 'received null 4'])
})

t.test('the latest post left without a question is held, wherever it waited', async (t) => {
  const thread = createThread()
  thread.apply(asked('first'))
  thread.wait(2 * SECOND)
  thread.apply(wake())
  thread.apply(shared())
  thread.apply(customerMessage({ mid: 'q', text: 'how much?' }))
  thread.wait(2 * SECOND)
  thread.apply(shared())
  thread.apply(deletion({ mid: 'q' }))
  thread.apply(runEnd({ is: 'answer', text: 'yes', conversationId: null }))
  thread.apply(send(0))
  thread.apply(sendResult({ is: 'sent', mid: 'm1' }, { seq: 5 }))
  thread.wait(3 * SECOND)
  t.match(thread.apply(wake({ runId: 'run-2' })), { task: null })
  t.same(story(thread).slice(0, 4), [
    'processed null 0',
    'skipped share_replaced 0',
    'skipped null 2',
    'received share_held 0',
  ])
  t.match(thread.state(), { waiting: [], asking: { share: { message: { seq: 4 } } } })
})

t.test('of several posts restored after a wrong pause the latest is held', async (t) => {
  const thread = createThread()
  thread.apply(shared())
  thread.apply(echo({ mid: 'e1', text: 'ours' }))
  thread.apply(shared())
  thread.apply(report({ mid: 'e1', text: 'ours' }))
  thread.wait(2 * SECOND)
  t.match(thread.apply(wake()), { task: null })
  t.same(story(thread), ['skipped share_replaced 0', 'sent null 0', 'received share_held 0'])
})

t.test('a post is let go with the conversation that is closed', async (t) => {
  const thread = createThread()
  thread.apply(shared())
  thread.apply({ is: 'state', open: false })
  t.same(story(thread), ['skipped conversation_closed 0'])
  t.match(thread.state(), { asking: { share: null } })
})
