import t from 'tap'
import type { Policy } from '../../../src/conversation/channel.js'
import type { Event } from '../../../src/conversation/event.js'
import type { Attachment } from '../../../src/conversation/state/message.js'
import { NO_NAMES } from '../../../src/conversation/state/state.js'
import {
  createThread,
  customerMessage,
  echo,
  HOUR,
  mark,
  outgoing,
  pictureEcho,
  policy,
  report,
  runEnd,
  SECOND,
  send,
  sendResult,
  wake,
} from '../../fixtures/conversation.js'

const ANSWER = 'It costs 5'

/** A run of a workflow that sends by itself is under way. */
function running(changes: Partial<Policy> = {}) {
  const thread = createThread(policy({ assistantSends: true, ...changes }))
  thread.apply(customerMessage({ mid: 'c1' }))
  thread.wait(2 * SECOND)
  thread.apply(wake())
  let marks = 0
  return {
    ...thread,
    does: (...events: readonly Event[]) => {
      for (const event of events) thread.apply(event)
    },
    mark: (changes = {}) => thread.apply(mark({ idempotencyKey: `k${++marks}`, ...changes })),
    /** Who wrote each message of our side, and how that is known. */
    rows: () =>
      thread
        .messages()
        .filter(({ type }) => type !== 'customer')
        .map(({ type, evidence, text }) => `${type} ${evidence}: ${text}`),
  }
}

const streamed = (...said: readonly string[]): Event => ({ is: 'run_beat', runId: 'run-1', names: NO_NAMES, said })
const ended = (...said: readonly string[]): Event =>
  runEnd({ is: 'answer', text: said.at(-1) ?? '', conversationId: null }, { said })
const person = (text = 'let me see', mid = 'p1') => echo({ mid, text })
const own = (text = ANSWER, mid = 'w9') => echo({ mid, text })

t.test('the run’s streamed words are known by text, and use its mark up', async (t) => {
  const { mark, does, rows, state, pause } = running()
  mark()
  does(streamed(ANSWER), own())
  t.strictSame(rows(), [`AI text: ${ANSWER}`])
  t.equal(state().flags[0]?.left, 0)
  t.equal(pause(), null)
  does(person())
  t.strictSame(rows()[1], 'support none: let me see', 'a text opens no tail')
})

t.test('a person’s missed message that a flag vouched for pauses the bot from when it was written', async (t) => {
  const { mark, does, rows, pause, now, wait } = running()
  mark()
  wait(SECOND)
  const at = now()
  wait(60 * SECOND)
  does(echo({ mid: 'p1', text: 'let me see', at, via: 'backfill' }))
  t.strictSame(rows(), ['AI flag: let me see'])
  does(streamed(ANSWER), own())
  t.strictSame(rows(), ['support displaced: let me see', `AI text: ${ANSWER}`])
  t.same(pause(), { until: at + 6 * HOUR, reason: 'human_echo' })
})

t.test('the run’s words that are known late are not those of an old message', async (t) => {
  const { does, rows, now } = running()
  does(echo({ mid: 'old', text: ANSWER, at: now() - HOUR, via: 'backfill' }), streamed(ANSWER))
  t.strictSame(rows(), [`support none: ${ANSWER}`])
})

const ORDERS: readonly (readonly [string, readonly Event[]])[] = [
  ['the words are known first', [streamed(ANSWER), person(), own(), ended(ANSWER)]],
  ['the run ends before the echoes', [ended(ANSWER), person(), own()]],
  ['the words become known last', [person(), own(), ended(ANSWER)]],
  ['the words become known in between', [person(), streamed(ANSWER), own(), ended(ANSWER)]],
]

for (const [order, events] of ORDERS) {
  t.test(`a person who used the run’s mark is found out when ${order}`, async (t) => {
    const { mark, does, rows, pause, now, wait } = running()
    mark()
    const since = now()
    does(events[0]!)
    wait(SECOND)
    does(...events.slice(1))
    const who = events[0]!.is === 'echo' ? since : since + SECOND
    t.match(rows().sort(), [/^AI (text|flag_tail): It costs 5$/, 'support displaced: let me see'])
    t.strictSame(pause(), { until: who + 6 * HOUR, reason: 'human_echo' }, 'as of the time when it was heard')
  })
}

t.test('the echo that came first keeps the flag, and its tail ends with it', async (t) => {
  const { mark, does, rows, pause } = running()
  mark()
  does(own(), person())
  t.strictSame(rows(), [`AI flag: ${ANSWER}`, 'AI flag_tail: let me see'])
  does(ended(ANSWER))
  t.strictSame(rows(), [`AI flag: ${ANSWER}`, 'support displaced: let me see'])
  t.hasStrict(pause(), { reason: 'human_echo' })
})

t.test('a run’s own words are not a person’s because they came in the tail of its other message', async (t) => {
  const { mark, does, rows, pause, wait } = running()
  mark()
  does(person())
  mark()
  does(own('One moment', 'w1'))
  wait(2 * SECOND)
  does(own(), ended('One moment', ANSWER))
  t.strictSame(rows(), ['support displaced: let me see', 'AI flag: One moment', `AI flag_tail: ${ANSWER}`])
  t.hasStrict(pause(), { reason: 'human_echo' })
})

t.test('a workflow that announces each message is never taken for a person by it', async (t) => {
  const { mark, does, rows, pause, state } = running()
  mark()
  does(own('Let me look', 'w1'))
  mark()
  does(pictureEcho({ mid: 'w2' }))
  mark()
  does(own(), ended(ANSWER))
  t.strictSame(rows(), ['AI flag: Let me look', 'AI flag: null', `AI flag: ${ANSWER}`])
  t.equal(pause(), null)
  t.notOk(state().flags.some(({ left }) => left > 0))
})

t.test('the newest of several strange echoes was the person’s', async (t) => {
  const { mark, does, rows, wait } = running()
  mark({ count: 2 })
  does(own('Let me look', 'w1'))
  wait(4 * SECOND)
  does(person(), own(), ended(ANSWER))
  t.match(rows().sort(), ['AI flag: Let me look', /^AI flag_tail: It costs 5$/, 'support displaced: let me see'])
})

for (const [how, sent] of [
  ['reported with its id', [report({ mid: 'w9', text: ANSWER }), own()]],
  ['reported after its echo', [own(), report({ mid: 'w9', text: ANSWER })]],
] as const) {
  t.test(`a message ${how} finds out who used its mark`, async (t) => {
    const { mark, does, rows, pause } = running()
    mark()
    does(person(), ...sent)
    t.strictSame(rows(), ['support displaced: let me see', `AI message_id: ${ANSWER}`])
    t.hasStrict(pause(), { reason: 'human_echo' })
  })
}

t.test(
  'a message that we send for the run claims its announcement, also when its echo comes before the result',
  async (t) => {
    const { mark, does, rows } = running()
    mark()
    does(person(), outgoing({ text: ANSWER }), send(0), echo({ mid: 'w1', text: 'mangled' }))
    does(sendResult({ is: 'sent', mid: 'w1' }, { seq: 3 }))
    t.strictSame(rows().slice(0, 2), ['support displaced: let me see', `AI message_id: ${ANSWER}`])
  },
)

t.test('a video that we send for the run, known by its id only, claims its announcement', async (t) => {
  const { mark, does, rows } = running()
  const video: Attachment = { kind: 'video', url: 'https://cdn.example/1.mp4', title: null }
  mark()
  does(
    person(),
    outgoing({ answer: { pieces: [{ is: 'attachment', attachment: video }], quickReplies: [] } }),
    send(0),
    pictureEcho({ mid: 'w1' }),
    sendResult({ is: 'sent', mid: 'w1' }, { seq: 3 }),
  )
  t.strictSame(rows().slice(0, 2), ['support displaced: let me see', 'AI message_id: null'])
})

t.test('the parts that we cut a text in have one announcement', async (t) => {
  const { mark, does, rows, pause } = running()
  const [a, b] = ['a'.repeat(900), 'b'.repeat(900)]
  mark()
  does(pictureEcho({ mid: 'w0' }))
  mark()
  does(outgoing({ text: `${a}\n\n${b}` }), send(0), own(a, 'w1'), send(0), own(b, 'w2'))
  t.match(rows(), [/^AI flag: null/, /^AI text: a/, /^AI text: b/])
  t.equal(pause(), null)
})

t.test('a flag that was raised for a text is as good as the text', async (t) => {
  const { mark, does, rows } = running()
  mark({ text: 'Let me look' })
  does(own('Let me look', 'w1'), ended(ANSWER), own())
  t.strictSame(rows(), ['AI flag: Let me look', `AI text: ${ANSWER}`])
})

t.test('a flag from before the run vouches for nobody in it', async (t) => {
  const thread = createThread(policy({ assistantSends: true }))
  for (const event of [customerMessage({ mid: 'c1' }), mark()]) thread.apply(event)
  thread.wait(2 * SECOND)
  for (const event of [wake(), echo({ mid: 'b1', text: 'Sale!' }), ended(ANSWER), own()]) thread.apply(event)
  t.match(thread.messages().slice(1), [
    { type: 'AI', evidence: 'flag' },
    { type: 'AI', evidence: 'text' },
  ])
})

t.test('a person who had gone before the hand-back does not come back by being found out', async (t) => {
  const { mark, does, rows, pause, wait } = running()
  mark()
  does(person())
  wait(5 * SECOND)
  does({ is: 'bot', enabled: true, forMs: 0, note: null }, own(), ended(ANSWER))
  t.strictSame(rows()[0], 'support displaced: let me see')
  t.equal(pause(), null)
})

t.test('a displaced echo starts no pause that would have ended by now', async (t) => {
  const { mark, does, rows, pause, wait } = running({ pauseMs: 3 * SECOND })
  mark()
  does(person())
  wait(4 * SECOND)
  does(ended(ANSWER), own())
  t.same(rows().sort(), [`AI text: ${ANSWER}`, 'support displaced: let me see'])
  t.equal(pause(), null)
})

t.test('a sign that hands back, found out late, ends only what had silenced the bot before it', async (t) => {
  for (const [isFollowed, reason] of [
    [true, 'human_echo'],
    [false, undefined],
  ] as const) {
    const { mark, does, pause, wait } = running({ resumeWords: ['🤖'] })
    mark()
    does(person('🤖'))
    wait(4 * SECOND)
    if (isFollowed) does(person('and now I am here', 'p2'))
    does(own(), ended(ANSWER))
    t.equal(pause()?.reason, reason)
  }
})

t.test('the takeover that is found out drops what the bot was about to do', async (t) => {
  const { mark, does, messages, state } = running()
  mark()
  does(person(), ended(ANSWER), customerMessage({ mid: 'c2', text: 'and in red?' }))
  t.equal(state().waiting.length, 1)
  does(own())
  t.equal(state().waiting.length, 0)
  t.hasStrict(
    messages().find(({ mid }) => mid === 'c2'),
    { status: 'skipped', reason: 'bot_paused' },
  )
})

t.test('a run that nobody waits for any more still says what is its own', async (t) => {
  const { mark, does, rows, apply, pause, wait } = running()
  mark()
  does(person())
  wait(4 * SECOND)
  does(own())
  t.strictSame(rows(), ['AI flag: let me see', `support none: ${ANSWER}`], 'as far as anybody can know')
  t.hasStrict(apply(ended(ANSWER)), { outcome: 'refused' })
  t.strictSame(rows(), ['support displaced: let me see', `AI text: ${ANSWER}`])
  t.hasStrict(pause(), { reason: 'human_echo' })
})

t.test('an unknown run says nothing', async (t) => {
  const { does, rows } = running()
  does({ ...streamed(ANSWER), runId: 'run-9' } as Event, own())
  t.strictSame(rows(), [`support none: ${ANSWER}`])
})
