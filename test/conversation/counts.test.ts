import t from 'tap'
import type { Policy } from '../../src/conversation/channel.js'
import { type Count, countsOf } from '../../src/conversation/counts.js'
import type { Event } from '../../src/conversation/event.js'
import {
  createThread,
  customerMessage,
  deletion,
  echo,
  MINUTE,
  mark,
  outgoing,
  policy,
  reaction,
  report,
  runEnd,
  SECOND,
  START,
  send,
  sendResult,
  sharedPost,
  wake,
} from '../fixtures/conversation.js'

/** What each event of a conversation counted. */
const counting = (rules: Policy = policy()) => {
  const thread = createThread(rules)
  return {
    wait: thread.wait,
    counts(event: Event): readonly Count[] {
      const before = thread.state()
      const decision = thread.decision(event)
      thread.apply(event)
      return countsOf(before, thread.state(), event, decision, rules, thread.now())
    },
  }
}

const HUMAN: Count = { is: 'echo', author: 'human', evidence: 'none' }
const PAUSE: Count = { is: 'pause', reason: 'human_echo' }

t.test('an everyday message counts nothing but itself', async (t) => {
  const { counts } = counting()
  t.strictSame(counts(customerMessage({ mid: 'a' })), [])
  t.strictSame(counts(customerMessage({ mid: 'b', text: 'and?' })), [])
})

t.test('each echo counts by its author and its evidence, and a person’s counts the pause', async (t) => {
  const { counts } = counting()
  t.strictSame(counts(echo({ mid: 'a' })), [HUMAN, PAUSE])
  t.strictSame(counts(echo({ mid: 'b' })), [HUMAN, PAUSE], 'begun anew')
  t.strictSame(counts(report({ mid: 'c', text: 'ours' })), [])
  t.strictSame(counts(echo({ mid: 'c', text: 'ours' })), [{ is: 'echo', author: 'bot', evidence: 'message_id' }])
  t.strictSame(counts({ is: 'bot', enabled: true, forMs: 0, note: null }), [])
  t.strictSame(counts({ is: 'bot', enabled: false, forMs: MINUTE, note: null }), [{ is: 'pause', reason: 'api' }])
})

t.test('what a backfill read is counted by who wrote it, once', async (t) => {
  const { counts } = counting()
  const old = { via: 'backfill', at: START } as const
  t.strictSame(counts(customerMessage({ ...old, mid: 'a' })), [{ is: 'backfilled', author: 'customer' }])
  t.strictSame(counts(customerMessage({ ...old, mid: 'a' })), [])
  t.strictSame(counts(echo({ ...old, mid: 'b' })), [HUMAN, { is: 'backfilled', author: 'human' }, PAUSE])
  counts(report({ mid: 'c', text: 'ours' }))
  t.strictSame(
    counts(echo({ ...old, mid: 'c', text: 'ours' })),
    [{ is: 'echo', author: 'bot', evidence: 'message_id' }],
    'which was in the history',
  )
})

t.test('a known echo counts no second time, nor does a known message', async (t) => {
  const { counts } = counting()
  counts(customerMessage({ mid: 'c' }))
  t.strictSame(counts(customerMessage({ mid: 'c' })), [])
  counts(echo({ mid: 'a' }))
  t.strictSame(counts(echo({ mid: 'a' })), [])
})

t.test('flags are counted when raised, used and expired', async (t) => {
  const { counts, wait } = counting()
  t.strictSame(counts(mark({ count: 2 })), [{ is: 'flags', what: 'set', many: 2 }])
  t.strictSame(counts(mark({ count: 2 })), [], 'a retry')
  t.strictSame(counts(echo({ mid: 'a' })), [
    { is: 'echo', author: 'bot', evidence: 'flag' },
    { is: 'flags', what: 'used', many: 1 },
  ])
  wait(21 * MINUTE)
  t.strictSame(counts(customerMessage({ mid: 'b' })), [{ is: 'flags', what: 'expired', many: 1 }])
  t.strictSame(counts(customerMessage({ mid: 'c', text: 'hm' })), [])
})

t.test('each flag ends in one way', async (t) => {
  const { counts, wait } = counting()
  const ends = (event: Event) => counts(event).filter((count) => count.is === 'flags')
  counts(mark({ idempotencyKey: 'a', count: 2 }))
  counts(mark({ idempotencyKey: 'b' }))
  t.strictSame(ends(mark({ count: 0 })), [{ is: 'flags', what: 'withdrawn', many: 3 }])
  t.strictSame(ends(mark({ count: 0 })), [], 'there is none')
  t.strictSame(counts(echo({ mid: 'a' })), [HUMAN, PAUSE])

  counts({ is: 'bot', enabled: true, forMs: 0, note: null })
  wait(2 * SECOND)
  counts(mark({ count: 2 }))
  counts(report({ mid: 'b', text: 'reported' }))
  t.strictSame(ends(echo({ mid: 'b', text: 'reported' })), [{ is: 'flags', what: 'recognised', many: 1 }])
  t.strictSame(ends(echo({ mid: 'c', text: 'unknown' })), [{ is: 'flags', what: 'used', many: 1 }])

  for (let i = 0; i < 50; i += 1) t.equal(ends(mark({ idempotencyKey: `c${i}` })).length, 1)
  t.strictSame(ends(mark({ idempotencyKey: 'one too many' })), [
    { is: 'flags', what: 'set', many: 1 },
    { is: 'flags', what: 'expired', many: 1 },
  ])
})

t.test('a shared post counts when it is held, and again for what becomes of it', async (t) => {
  const { counts, wait } = counting()
  const CREATED: Count = { is: 'share', what: 'created' }
  const HELD: Count = { is: 'share', what: 'held' }
  t.strictSame(counts(sharedPost({ mid: 'a' })), [CREATED, HELD])
  t.strictSame(counts(sharedPost({ mid: 'b' })), [CREATED, HELD, { is: 'share', what: 'replaced' }])
  t.strictSame(counts(reaction({ mid: 'a' })), [], 'whatever happens to it later')
  wait(120 * SECOND)
  t.strictSame(counts(wake()), [{ is: 'share', what: 'expired' }])
  t.strictSame(counts(sharedPost({ mid: 'c' })), [CREATED, HELD])
  t.strictSame(counts(customerMessage({ mid: 'd' })), [{ is: 'share', what: 'combined' }])
  t.strictSame(counts(deletion({ mid: 'a' })), [])
})

t.test('a message that is given up counts once, and what left before a takeover was known counts then', async (t) => {
  const { counts } = counting()
  counts(customerMessage({ mid: 'a' }))
  counts(outgoing())
  counts(send(0))
  const refused = sendResult({ is: 'dead', reason: 'refused', code: '551' }, { seq: 2 })
  t.strictSame(counts(refused), [{ is: 'dead_letter', reason: 'refused' }])
  t.strictSame(counts(customerMessage({ mid: 'b', text: 'and?' })), [])
  counts(outgoing({ text: 'once more' }))
  counts(send(0))
  t.strictSame(counts(echo({ mid: 'c', text: 'I am here' })), [HUMAN, PAUSE, { is: 'left_before_takeover', many: 1 }])
})

t.test(
  'a shared post that comes with its question, or right after it, counts once as created and once by its end',
  async (t) => {
    const { counts, wait } = counting()
    const steps = (event: Event) => counts(event).flatMap((count) => (count.is === 'share' ? count.what : []))
    t.strictSame(steps(sharedPost({ mid: 'a', text: 'how much?' })), ['created', 'combined'])
    t.strictSame(
      steps(sharedPost({ mid: 'b' })),
      ['created', 'combined'],
      'asked with a newer one, and combined already',
    )
    t.strictSame(steps(customerMessage({ mid: 'c', text: 'in blue?' })), [], 'the same post')
    wait(10 * SECOND)
    counts(wake())

    const later = counting()
    const then = (event: Event) => later.counts(event).flatMap((count) => (count.is === 'share' ? count.what : []))
    then(customerMessage({ mid: 'd', text: 'these?' }))
    t.strictSame(then(sharedPost({ mid: 'e' })), ['created', 'combined'])
  },
)

t.test('a shared post that is taken back, or that a person’s word drops, counts as dropped', async (t) => {
  const { counts } = counting()
  const steps = (event: Event) => counts(event).flatMap((count) => (count.is === 'share' ? count.what : []))
  counts(sharedPost({ mid: 'a' }))
  t.strictSame(steps(deletion({ mid: 'a' })), ['dropped'])
  counts(sharedPost({ mid: 'b' }))
  t.strictSame(steps(echo({ mid: 'c' })), ['dropped'])
  t.strictSame(steps(sharedPost({ mid: 'd' })), [], 'the bot is paused: nothing waits')
})

t.test('on Messenger a shared post is an ordinary message', async (t) => {
  const { counts } = counting(policy({ platform: 'facebook' }))
  t.strictSame(counts(sharedPost({ mid: 'a' })), [])
})

t.test('a flag that was used by a person counts when that comes out', async (t) => {
  const { counts, wait } = counting(policy({ assistantSends: true }))
  counts(customerMessage({ mid: 'c' }))
  wait(2 * SECOND)
  counts(wake())
  counts(mark({ idempotencyKey: 'k' }))
  counts(echo({ mid: 'p', text: 'let me see' }))
  counts(report({ mid: 'w', text: 'It costs 5' }))
  t.strictSame(
    counts(echo({ mid: 'w', text: 'It costs 5' })).filter(({ is }) => is === 'displaced' || is === 'pause'),
    [{ is: 'displaced', many: 1 }, PAUSE],
  )
})

const answeredMs = (counts: readonly Count[]): readonly number[] =>
  counts.flatMap((count) => (count.is === 'answered' ? count.ms : []))

t.test('a question counts as answered when the last part of its answer has left', async (t) => {
  const { counts, wait } = counting()
  counts(customerMessage({ mid: 'a' }))
  wait(SECOND)
  counts(customerMessage({ mid: 'b', text: 'and?' }))
  wait(2 * SECOND)
  counts(wake())
  wait(SECOND)
  const long = 'word '.repeat(300)
  t.strictSame(answeredMs(counts(runEnd({ is: 'answer', text: long, conversationId: null }))), [])
  const firstSeq = 3
  counts(send(0))
  wait(SECOND)
  t.strictSame(answeredMs(counts(sendResult({ is: 'sent', mid: 'm1' }, { seq: firstSeq }))), [], 'a part of it')
  counts(send(0))
  t.strictSame(answeredMs(counts(sendResult({ is: 'later', code: '613', afterMs: 0 }, { seq: firstSeq + 1 }))), [])
  wait(5 * SECOND)
  counts(send(0))
  const sent = sendResult({ is: 'sent', mid: 'm2' }, { seq: firstSeq + 1, attempt: 2 })
  t.strictSame(answeredMs(counts(sent)), [10 * SECOND])
  t.strictSame(answeredMs(counts(sent)), [], 'known already')
})

t.test('a question of an assistant that sends by itself is answered when its run ends with an answer', async (t) => {
  for (const [end, expected] of [
    [{ is: 'answer', text: 'It costs 5', conversationId: null }, [3 * SECOND]],
    [{ is: 'failed', isWorthRetry: false }, []],
  ] as const) {
    const { counts, wait } = counting(policy({ assistantSends: true }))
    counts(customerMessage({ mid: 'a' }))
    wait(2 * SECOND)
    counts(wake())
    wait(SECOND)
    t.strictSame(answeredMs(counts(runEnd(end))), expected)
    t.strictSame(answeredMs(counts(runEnd(end))), [], 'nobody waits for it any more')
  }
})
