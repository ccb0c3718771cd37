import t from 'tap'
import type { Policy } from '../../../src/conversation/channel.js'
import type { CustomerMessage } from '../../../src/conversation/event.js'
import { hearCustomer, hearSignal, notePrompt } from '../../../src/conversation/question/customer-message.js'
import { type Conversation, NOT_ASKING } from '../../../src/conversation/state/state.js'
import {
  conversation,
  createThread,
  customerMessage,
  deletion,
  draftOf,
  echo,
  frozen,
  given,
  HOUR,
  hours,
  MINUTE,
  message,
  PICTURE,
  POST,
  pictureEcho,
  policy,
  runEnd,
  SECOND,
  START,
  send,
  sharedPost,
  signal,
  type Thread,
  wake,
} from '../../fixtures/conversation.js'

t.test('a question goes into the history and waits', async (t) => {
  const draft = draftOf(frozen(conversation()))
  const { message: heard } = hearCustomer(
    given(draft, { policy: policy(), now: START }),
    customerMessage({ mid: 'c1', text: 'How much?', at: START - 5 }),
  )
  t.strictSame(heard, message({ mid: 'c1', text: 'How much?', at: START - 5 }))
  t.strictSame(draft.records, [heard])
  t.strictSame(draft.state.waiting, [heard])
  t.strictSame(draft.state.asked, [heard])
})

t.test('a picture waits too, and is never a repetition', async (t) => {
  const thread = createThread()
  for (let i = 0; i < 3; i += 1) {
    const { reason } = thread.apply(customerMessage({ kind: 'image', text: null, attachments: [PICTURE] }))
    t.equal(reason, null)
  }
  t.equal(thread.state().waiting.length, 3)
  t.strictSame(thread.state().asked, [])
})

t.test('a repeated text is recorded but not asked again', async (t) => {
  const thread = createThread()
  t.equal(thread.apply(customerMessage({ text: 'price?' })).reason, null)
  thread.wait(9 * SECOND)
  t.equal(thread.apply(customerMessage({ text: ' price?' })).reason, 'repeated_text')
  thread.wait(SECOND)
  t.equal(thread.apply(customerMessage({ text: 'price?' })).reason, null)
  t.hasStrict(thread.messages(), [{ status: 'received' }, { status: 'skipped' }, { status: 'received' }])
  t.strictSame(
    thread.state().waiting.map((each) => each.seq),
    [1, 3],
  )
  t.equal(thread.state().asked.length, 1, 'what is too old is forgotten with the next')
})

t.test('a repeated text is asked again when we said something in between', async (t) => {
  const thread = createThread(policy({ platform: 'facebook' }))
  thread.apply(customerMessage({ text: 'price?' }))
  thread.apply(echo({ appId: '100' }))
  t.equal(thread.apply(customerMessage({ text: 'price?' })).reason, null)
})

t.test('no more than ten asked texts are remembered', async (t) => {
  const thread = createThread()
  for (let i = 0; i < 15; i += 1) thread.apply(customerMessage({ text: `question ${i}` }))
  t.equal(thread.state().asked.length, 10)
  t.equal(thread.state().asked[0]?.text, 'question 5')
})

t.test('when a hundred messages wait, further ones are only recorded', async (t) => {
  const thread = createThread()
  for (let i = 0; i < 100; i += 1) thread.apply(customerMessage({ text: `question ${i}` }))
  t.equal(thread.apply(customerMessage({ text: 'one more' })).reason, 'too_many')
  t.equal(thread.state().waiting.length, 100)
  t.equal(thread.messages().length, 101)
})

t.test('a message in another app’s thread is recorded as standby, whatever else applies', async (t) => {
  const thread = createThread(policy({ mode: 'off' }))
  t.equal(thread.apply(customerMessage({ standby: true })).reason, 'standby')
  t.strictSame(thread.state().waiting, [])
})

t.test(
  'while a person has the conversation questions are recorded, and set aside in case he proves none',
  async (t) => {
    const thread = createThread()
    thread.apply(echo())
    t.equal(thread.apply(customerMessage({ text: 'and now?' })).reason, 'bot_paused')
    t.equal(thread.apply(customerMessage({ supported: false })).reason, 'bot_paused')
    t.equal(thread.apply(customerMessage({ standby: true })).reason, 'standby')
    t.hasStrict(thread.messages().slice(1), [
      { status: 'skipped', reason: 'bot_paused' },
      { status: 'skipped', reason: 'bot_paused' },
      { status: 'skipped', reason: 'standby' },
    ])
    t.strictSame(
      thread.state().setAside.map((each) => each.message.text),
      ['and now?'],
    )
  },
)

t.test('the next question after the end of a pause is asked', async (t) => {
  const thread = createThread()
  thread.apply(pictureEcho())
  thread.wait(6 * HOUR - 1)
  t.equal(thread.apply(customerMessage({ text: 'still there?' })).reason, 'bot_paused')
  thread.wait(1)
  t.equal(thread.apply(customerMessage({ text: 'hello?' })).reason, null)
  t.strictSame(
    thread.state().waiting.map((each) => each.text),
    ['hello?'],
  )
})

t.test('a closed conversation is reopened by the customer after its time, not before', async (t) => {
  const thread = createThread()
  thread.apply({ is: 'state', open: false })
  thread.wait(24 * HOUR - 1)
  t.equal(thread.apply(customerMessage()).reason, 'conversation_closed')
  t.equal(thread.state().closedAt, START)
  thread.wait(1)
  t.equal(thread.apply(customerMessage()).reason, null)
  t.equal(thread.state().closedAt, 0)
})

t.test('with REOPEN_AFTER 0 the next message reopens the conversation at once', async (t) => {
  const thread = createThread(policy({ reopenAfterMs: 0 }))
  thread.apply({ is: 'state', open: false })
  t.equal(thread.apply(customerMessage()).reason, null)
  t.equal(thread.state().closedAt, 0)
})

t.test('the time of a message that Meta may answer by itself is recorded', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ prompt: true, at: START - 2 * SECOND }))
  t.equal(thread.state().promptAt, START - 2 * SECOND)
  thread.apply(customerMessage({ text: 'just a text' }))
  t.equal(thread.state().promptAt, START - 2 * SECOND)
})

t.test('a prompt that comes late does not hide a newer one', async (t) => {
  const draft = draftOf(frozen(conversation()))
  notePrompt(given(draft, { now: START }), { at: START - SECOND })
  notePrompt(given(draft, { now: START }), { at: START - MINUTE })
  t.equal(draft.state.promptAt, START - SECOND)
})

t.test('a referral is a prompt and opens Meta’s window; what else Meta signals does neither', async (t) => {
  const draft = draftOf(frozen(conversation()))
  const before = draft.state
  hearSignal(given(draft, { now: START }), signal())
  t.equal(draft.state, before)
  hearSignal(given(draft, { now: START }), signal({ prompt: true }))
  t.hasStrict(draft.state, { promptAt: START, windowUntil: START + 24 * HOUR })
})

/** Each reason, and what makes it hold, in the order of the contract. */
interface Obstacle {
  readonly reason: string
  readonly says?: Partial<CustomerMessage>
  readonly rules?: Partial<Policy>
  readonly state?: Partial<Conversation>
}

const OBSTACLES: readonly Obstacle[] = [
  { reason: 'standby', says: { standby: true } },
  { reason: 'bot_off', rules: { mode: 'off' } },
  { reason: 'not_a_tester', rules: { mode: 'test', testers: new Set(['3']) } },
  { reason: 'conversation_closed', state: { closedAt: START } },
  {
    reason: 'bot_paused',
    state: { causes: [{ until: START + HOUR, reason: 'human_echo', at: START, seq: 1, note: null }] },
  },
  { reason: 'customer_request', rules: { handoffWords: ['hi there'] } },
  { reason: 'closed_hours', rules: { hours: hours({ bot: 'inside' }) } },
  { reason: 'no_assistant', rules: { hasAssistant: false } },
  { reason: 'unsupported', says: { supported: false } },
  { reason: 'repeated_text', state: { asked: [{ text: 'hi there', arrivedAt: START }] } },
  { reason: 'share_held', says: { text: null, kind: 'share', attachments: [POST] } },
]

/** What cannot be at the same time: a bot has one mode, and a post without a word says none. */
const APART: ReadonlySet<string> = new Set([
  'bot_off not_a_tester',
  'customer_request share_held',
  'repeated_text share_held',
])

OBSTACLES.forEach((first, index) => {
  for (const second of OBSTACLES.slice(index)) {
    if (APART.has(`${first.reason} ${second.reason}`)) continue
    const both = first === second ? first.reason : `${first.reason} and ${second.reason}`
    t.test(`for ${both} a message is not asked, and is told ${first.reason}`, async (t) => {
      const draft = draftOf(frozen(conversation({ ...second.state, ...first.state })))
      const said = customerMessage({ text: 'hi there', ...second.says, ...first.says })
      const status = first.reason === 'share_held' ? 'received' : 'skipped'
      const { message: heard } = hearCustomer(
        given(draft, { policy: policy({ ...second.rules, ...first.rules }), now: START }),
        said,
      )
      t.hasStrict(heard, { status, outcome: { reason: first.reason } })
      t.strictSame(draft.state.waiting, [])
      t.equal(draft.state.asking.share !== null, first.reason === 'share_held')
    })
  }
})

const HANDOFF = policy({ handoffWords: ['agent'], handoffText: 'A colleague will be with you.' })

/** Type, status and reason of each, the oldest first. */
const story = (thread: Thread): readonly string[] =>
  thread.messages().map(({ type, status, reason }) => `${type} ${status} ${reason}`)

const queued = (thread: Thread): readonly (string | null)[] =>
  thread.state().outbox.parts.map(({ message }) => message.text)

t.test('a customer who asks for a person pauses the bot, and is told so once', async (t) => {
  const thread = createThread(HANDOFF)
  thread.apply(customerMessage({ text: 'how much?' }))
  thread.apply(sharedPost())
  t.equal(thread.apply(customerMessage({ text: ' Agent!' })).reason, 'customer_request')
  t.strictSame(thread.pause(), { until: START + 6 * HOUR, reason: 'customer_request' })
  t.strictSame(story(thread), [
    'customer skipped bot_paused',
    'customer skipped bot_paused',
    'customer skipped customer_request',
    'AI queued null',
  ])
  t.equal(thread.apply(customerMessage({ text: 'agent' })).reason, 'bot_paused')
  t.strictSame(queued(thread), ['A colleague will be with you.'])
  const { leaving } = thread.apply(send(0))
  t.hasStrict(leaving, { part: { leaves: 'as_farewell' } })
})

t.test('the run under way ends when the customer asks for a person, and a held post is let go', async (t) => {
  const thread = createThread(HANDOFF)
  thread.apply(customerMessage({ text: 'how much?' }))
  thread.wait(2 * SECOND)
  thread.apply(wake())
  thread.apply(sharedPost())
  thread.apply(customerMessage({ text: 'agent' }))
  t.hasStrict(thread.state().asking, { run: null, share: null })
  const late = thread.apply(runEnd({ is: 'answer', text: 'too late', conversationId: null }))
  t.equal(late.outcome, 'refused')
  t.strictSame(story(thread).slice(0, 3), [
    'customer skipped bot_paused',
    'customer skipped bot_paused',
    'customer skipped customer_request',
  ])
})

t.test('the word pauses the bot without a word of ours where there is none, or nothing to send it with', async (t) => {
  for (const changes of [{ handoffText: null }, { canSend: false }]) {
    const thread = createThread({ ...HANDOFF, ...changes })
    thread.apply(customerMessage({ text: 'agent' }))
    t.equal(thread.pause()?.reason, 'customer_request')
    t.strictSame(story(thread), ['customer skipped customer_request'])
  }
})

t.test('a person who comes at once makes the farewell superfluous', async (t) => {
  const thread = createThread(HANDOFF)
  thread.apply(customerMessage({ text: 'agent' }))
  thread.apply(echo({ text: 'I am here' }))
  t.strictSame(story(thread).slice(0, 2), ['customer skipped customer_request', 'AI cancelled bot_paused'])
  t.strictSame(queued(thread), [])
})

t.test('after the pause the same word asks for a person again', async (t) => {
  const thread = createThread(HANDOFF)
  thread.apply(customerMessage({ text: 'agent' }))
  thread.wait(6 * HOUR)
  t.equal(thread.apply(customerMessage({ text: 'agent' })).reason, 'customer_request')
  t.equal(thread.pause()?.until, START + 12 * HOUR)
  t.strictSame(queued(thread), ['A colleague will be with you.', 'A colleague will be with you.'])
})

const AWAY = 'We are closed.'
const closed = (changes: Partial<Policy> = {}): Policy => policy({ hours: hours({ awayText: AWAY }), ...changes })

t.test('a shop says once in a closed stretch that it is closed, however often the customer writes', async (t) => {
  const thread = createThread(closed())
  thread.apply(customerMessage({ text: 'one' }))
  t.strictSame(queued(thread), [AWAY])
  thread.apply(customerMessage({ text: 'two' }))
  thread.wait(9 * HOUR - 1)
  thread.apply(customerMessage({ text: 'three' }))
  t.strictSame(queued(thread), [AWAY])
  thread.wait(1)
  thread.apply(customerMessage({ text: 'open' }))
  t.strictSame(queued(thread), [AWAY])
  thread.wait(8 * HOUR)
  thread.apply(customerMessage({ text: 'closed again' }))
  t.strictSame(queued(thread), [AWAY, AWAY])
  thread.wait(15 * HOUR)
  thread.apply(customerMessage({ text: 'in the same night' }))
  t.strictSame(queued(thread), [AWAY, AWAY])
})

t.test('a shop that never opens says so once, one that never closes not at all', async (t) => {
  const never = createThread(policy({ hours: hours({ open: {}, awayText: AWAY }) }))
  for (let i = 0; i < 3; i += 1) {
    never.apply(customerMessage({ text: `question ${i}` }))
    never.wait(30 * HOUR)
  }
  t.strictSame(queued(never), [AWAY])
  const all = [{ from: 0, to: 1440 }]
  const open = { mon: all, tue: all, wed: all, thu: all, fri: all, sat: all, sun: all }
  const always = createThread(policy({ hours: hours({ open, awayText: AWAY }) }))
  always.apply(customerMessage())
  t.strictSame(queued(always), [])
})

for (const [bot, reason, reasonWhenOpen] of [
  ['always', null, null],
  ['inside', 'closed_hours', null],
  ['outside', null, 'closed_hours'],
] as const) {
  t.test(`a bot that answers ${bot} says that the shop is closed, and asks or does not ask`, async (t) => {
    const thread = createThread(policy({ hours: hours({ awayText: AWAY, bot }) }))
    t.equal(thread.apply(customerMessage({ text: 'one' })).reason, reason)
    t.strictSame(queued(thread), [AWAY])
    thread.wait(9 * HOUR)
    t.equal(thread.apply(customerMessage({ text: 'two' })).reason, reasonWhenOpen)
    t.strictSame(queued(thread), [AWAY])
  })
}

for (const [what, rules, before] of [
  ['is off', { mode: 'off' }, null],
  ['is for testers only', { mode: 'test' }, null],
  ['is paused', {}, { is: 'bot', enabled: false, forMs: HOUR, note: null }],
  ['has its conversation closed', {}, { is: 'state', open: false }],
  ['cannot send', { canSend: false }, null],
  ['has nothing to say', { hours: hours() }, null],
] as const) {
  t.test(`a bot that ${what} does not say that the shop is closed`, async (t) => {
    const thread = createThread(closed(rules))
    if (before !== null) thread.apply(before)
    thread.apply(customerMessage())
    t.strictSame(queued(thread), [])
    t.equal(thread.state().asking.awayFor, 0, 'and may say it later')
  })
}

t.test('the away text is not sent while another app has the thread', async (t) => {
  const thread = createThread(closed())
  thread.apply(customerMessage({ standby: true }))
  t.strictSame(queued(thread), [])
  thread.apply(customerMessage({ text: 'and now?' }))
  t.strictSame(queued(thread), [AWAY])
})

t.test('a customer who asks for a person while the shop is closed is told both', async (t) => {
  const thread = createThread(closed({ handoffWords: ['agent'], handoffText: 'A colleague will be with you.' }))
  thread.apply(customerMessage({ text: 'agent' }))
  t.strictSame(queued(thread), [AWAY, 'A colleague will be with you.'])
  t.equal(thread.pause()?.reason, 'customer_request')
})

t.test('a person’s word makes it superfluous that the shop is closed', async (t) => {
  const thread = createThread(closed())
  thread.apply(customerMessage())
  thread.apply(echo({ text: 'I am here all the same' }))
  t.strictSame(queued(thread), [])
})

t.test('a question with its post counts as one more than a hundred, and loses nothing', async (t) => {
  const waiting = Array.from({ length: 99 }, (_, index) => message({ seq: index + 1, text: `question ${index}` }))
  const share = { message: message({ seq: 100, text: null, attachments: [POST] }), until: START + MINUTE }
  const state = conversation({ seq: 100, waiting, asking: { ...NOT_ASKING, share } })
  const draft = draftOf(frozen(state))
  hearCustomer(given(draft, { policy: policy(), now: START }), customerMessage({ text: 'how much?' }))
  t.strictSame(
    draft.state.waiting.map(({ seq }) => seq),
    Array.from({ length: 101 }, (_, index) => index + 1),
  )
  t.equal(
    hearCustomer(given(draft, { policy: policy(), now: START }), customerMessage({ text: 'more' })).message.outcome
      .reason,
    'too_many',
  )
})

t.test('attempts count for their question, and not for the next one after its deletion', async (t) => {
  for (const isWithPost of [false, true]) {
    const thread = createThread()
    thread.apply(customerMessage({ mid: 'c1', text: 'one' }))
    thread.wait(2 * SECOND)
    thread.apply(wake())
    thread.apply(runEnd({ is: 'failed', isWorthRetry: true }))
    t.equal(thread.state().asking.attempts, 1)
    thread.apply(deletion({ mid: 'c1' }))
    if (isWithPost) thread.apply(sharedPost())
    thread.apply(customerMessage({ text: 'two' }))
    t.equal(thread.state().asking.attempts, 0)
  }
})

t.test('a further message to a question that was asked in vain is part of it', async (t) => {
  const draft = draftOf(frozen(conversation({ waiting: [message()], asking: { ...NOT_ASKING, attempts: 1 } })))
  hearCustomer(given(draft, { policy: policy(), now: START }), customerMessage({ text: 'two' }))
  t.equal(draft.state.asking.attempts, 1)
})
