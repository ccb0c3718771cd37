import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { decide } from '../../../src/conversation/decide.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { NOT_ASKING } from '../../../src/conversation/state/state.js'
import { dropQuestions, handBack, silenceBot, takesOver } from '../../../src/conversation/takeover/takeover.js'
import {
  conversation,
  createThread,
  customerMessage,
  deletion,
  draftOf,
  echo,
  flat,
  frozen,
  given,
  HOUR,
  MINUTE,
  mark,
  message,
  outgoing,
  part,
  pictureEcho,
  policy,
  report,
  run,
  runEnd,
  SECOND,
  START,
  send,
  sendResult,
  type Thread,
  wake,
} from '../../fixtures/conversation.js'

const PERSON = { reason: 'human_echo', forMs: 6 * HOUR, seq: 3, note: null } as const

t.test('a takeover pauses the bot and sets aside what waited', async (t) => {
  const draft = draftOf(frozen(conversation({ waiting: [message({ seq: 1 }), message({ seq: 2 })] })))
  silenceBot(given(draft, { policy: policy(), now: START }), PERSON)
  t.strictSame(draft.state.causes, [{ until: START + 6 * HOUR, reason: 'human_echo', at: START, seq: 3, note: null }])
  t.strictSame(draft.state.waiting, [])
  t.strictSame(
    draft.state.setAside.map((each) => [each.message.seq, each.message.status, each.at]),
    [
      [1, 'skipped', START],
      [2, 'skipped', START],
    ],
  )
  t.hasStrict(draft.records.map(flat), [{ reason: 'bot_paused' }, { reason: 'bot_paused' }])
})

t.test('a pause of no length is none', async (t) => {
  const state = frozen(conversation({ waiting: [message()] }))
  const draft = draftOf(state)
  silenceBot(given(draft, { policy: policy(), now: START }), { ...PERSON, forMs: 0 })
  t.equal(draft.state, state)
})

t.test('a pause may last until somebody ends it', async (t) => {
  const thread = createThread(policy({ pauseMs: FOREVER }))
  thread.apply(echo())
  t.strictSame(thread.pause(), { until: FOREVER, reason: 'human_echo' })
})

t.test('a person’s picture silences the bot, to a customer never seen before too, for 6 h to the ms', async (t) => {
  const thread = createThread()
  const verdict = thread.apply(pictureEcho())
  t.hasStrict(verdict, { outcome: 'accepted', author: 'human', evidence: 'none', message: { type: 'support' } })
  t.strictSame(thread.pause(), { until: START + 6 * HOUR, reason: 'human_echo' })
  thread.wait(6 * HOUR - 1)
  t.not(thread.pause(), null)
  thread.wait(1)
  t.equal(thread.pause(), null)
})

t.test('each further message of a person starts the pause anew', async (t) => {
  const thread = createThread()
  thread.apply(echo())
  thread.wait(HOUR)
  thread.apply(echo())
  t.equal(thread.pause()?.until, START + 7 * HOUR)
})

t.test('an echo more than two seconds older than the hand-back was overtaken by it', async (t) => {
  const draft = draftOf(frozen(conversation({ resumedAt: START })))
  t.equal(takesOver(draft, START - 2 * SECOND), true)
  t.equal(takesOver(draft, START - 2 * SECOND - 1), false)
  t.equal(takesOver(draft, START - HOUR), false, 'however late it comes')
  t.equal(takesOver(draft, 0), true, 'without a time of its own it counts as new')
})

t.test('an echo that was written before the hand-back is recorded as a person’s and pauses nobody', async (t) => {
  const thread = createThread()
  thread.apply(echo())
  thread.wait(MINUTE)
  thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
  thread.wait(SECOND)
  t.hasStrict(thread.apply(echo({ at: START + 50 * SECOND })), { author: 'human', message: { type: 'support' } })
  t.equal(thread.pause(), null)
  thread.apply(echo({ at: START + 59 * SECOND }))
  t.not(thread.pause(), null)
})

t.test('a hand-back ends every pause, and what was said meanwhile stays unasked', async (t) => {
  const draft = draftOf(frozen(conversation({ waiting: [message({ seq: 1 })] })))
  silenceBot(given(draft, { policy: policy(), now: START }), PERSON)
  silenceBot(given(draft, { policy: policy(), now: START }), { ...PERSON, reason: 'api', seq: 0, forMs: FOREVER })
  handBack(draft, START + SECOND)
  const { causes, setAside, waiting, resumedAt } = draft.state
  t.strictSame([causes, setAside, waiting, resumedAt], [[], [], [], START + SECOND])
})

t.test('a wrong pause undone gives back what it dropped and what was said meanwhile', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ text: 'one' }))
  thread.apply(echo({ text: 'answer', mid: 'e1' }))
  thread.wait(20 * SECOND)
  thread.apply(customerMessage({ text: 'two' }))
  thread.wait(SECOND)
  t.equal(thread.apply(report({ text: 'answer', mid: 'e1' })).matched, true)
  t.equal(thread.pause(), null)
  t.strictSame(
    thread.state().waiting.map((each) => [each.text, each.status, each.outcome.reason]),
    [
      ['one', 'received', null],
      ['two', 'received', null],
    ],
  )
  t.strictSame(thread.state().setAside, [])
  t.hasStrict(thread.messages(), [{ status: 'received' }, { type: 'AI' }, { status: 'received' }])
})

t.test('a question that was cancelled a minute ago stays cancelled', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ text: 'one' }))
  thread.apply(echo({ mid: 'e1' }))
  thread.wait(SECOND)
  thread.apply(customerMessage({ text: 'two' }))
  thread.wait(59 * SECOND)
  thread.apply(report({ mid: 'e1' }))
  t.equal(thread.pause(), null)
  t.strictSame(
    thread.state().waiting.map((each) => each.text),
    ['two'],
  )
  t.hasStrict(thread.messages()[0], { status: 'skipped', reason: 'bot_paused' })
})

t.test('a pause is not undone when a person spoke since', async (t) => {
  const thread = createThread()
  thread.apply(echo({ text: 'from the bot', mid: 'e1' }))
  thread.apply(customerMessage({ text: 'and?' }))
  thread.wait(5 * SECOND)
  thread.apply(echo({ text: 'from me', mid: 'e2' }))
  thread.apply(report({ text: 'from the bot', mid: 'e1' }))
  t.strictSame(thread.pause(), { until: START + 5 * SECOND + 6 * HOUR, reason: 'human_echo' })
  t.strictSame(thread.state().waiting, [])
})

t.test('everything is restored when each of two takeovers proves wrong', async (t) => {
  const thread = createThread()
  thread.apply(echo({ text: 'part 1', mid: 'e1' }))
  thread.apply(customerMessage({ text: 'and?' }))
  thread.apply(echo({ text: 'part 2', mid: 'e2' }))
  thread.apply(report({ text: 'part 1', mid: 'e1' }))
  t.strictSame(thread.state().waiting, [])
  thread.apply(report({ text: 'part 2', mid: 'e2' }))
  t.equal(thread.pause(), null)
  t.strictSame(
    thread.state().waiting.map((each) => each.text),
    ['and?'],
  )
})

t.test('a question that was set aside for a real person does not come back when a later pause is undone', async (t) => {
  const thread = createThread(policy({ pauseMs: 30 * SECOND }))
  thread.apply(customerMessage())
  thread.apply(echo({ mid: 'e1', text: 'from the bot' }))
  thread.wait(SECOND)
  thread.apply(echo({ mid: 'e2', text: 'from me' }))
  thread.apply(report({ mid: 'e1', text: 'from the bot' }))
  thread.wait(20 * SECOND)
  thread.apply(echo({ mid: 'e3', text: 'from the bot again' }))
  thread.wait(15 * SECOND)
  thread.apply(report({ mid: 'e3', text: 'from the bot again' }))
  t.equal(thread.pause(), null)
  t.strictSame(thread.state().waiting, [])
})

t.test('a person who spoke before keeps his pause, to his own end', async (t) => {
  const thread = createThread()
  thread.apply(echo({ mid: 'e1', text: 'from me' }))
  thread.wait(HOUR)
  thread.apply(echo({ mid: 'e2', text: 'from the bot' }))
  thread.apply(report({ mid: 'e2', text: 'from the bot' }))
  t.strictSame(thread.pause(), { until: START + 6 * HOUR, reason: 'human_echo' })
})

t.test('undoing a takeover brings nothing back in a closed conversation', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.apply(echo({ mid: 'e1' }))
  thread.apply({ is: 'state', open: false })
  thread.apply(report({ mid: 'e1' }))
  t.equal(thread.pause(), null)
  t.strictSame(thread.state().waiting, [])
})

t.test('undoing a takeover brings nothing back after the conversation was closed and opened again', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.apply(echo({ mid: 'e1' }))
  thread.apply({ is: 'state', open: false })
  thread.apply({ is: 'state', open: true })
  thread.apply(report({ mid: 'e1' }))
  t.equal(thread.pause(), null)
  t.strictSame(thread.state().waiting, [])
})

t.test('a pause that was handed back is not undone a second time', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.apply(echo({ mid: 'e1' }))
  thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
  t.equal(thread.apply(report({ mid: 'e1' })).matched, true)
  t.strictSame(thread.state().waiting, [])
  t.hasStrict(thread.messages()[0], { status: 'skipped', reason: 'bot_paused' })
})

t.test('waiting questions and the run under way are cancelled together, with the reason', async (t) => {
  const taken = run({ messages: [message({ seq: 1 }), message({ seq: 2, deletedAt: START })] })
  const asking = { ...NOT_ASKING, run: taken, attempts: 2, assistantId: 'd-1', restUntil: START + 5 }
  const draft = draftOf(frozen(conversation({ waiting: [message({ seq: 3 })], asking })))
  const dropped = dropQuestions(given(draft, { policy: policy(), now: START }), 'conversation_closed')
  t.hasStrict(dropped.map(flat), [
    { seq: 1, status: 'skipped', reason: 'conversation_closed' },
    { seq: 3, status: 'skipped', reason: 'conversation_closed' },
  ])
  t.strictSame(draft.records, dropped)
  t.strictSame(draft.state.waiting, [])
  t.strictSame(draft.state.asking, { ...asking, run: null, attempts: 0, cutOffUntil: START + 2 * MINUTE })
})

t.test('a takeover resets the attempts and the wait for the assistant', async (t) => {
  for (const changes of [{ attempts: 1 }, { heldSince: START }]) {
    const draft = draftOf(frozen(conversation({ waiting: [message()], asking: { ...NOT_ASKING, ...changes } })))
    dropQuestions(given(draft, { policy: policy(), now: START }), 'bot_paused')
    t.strictSame(draft.state.asking, NOT_ASKING)
  }
  const idle = draftOf(frozen(conversation()))
  dropQuestions(given(idle, { policy: policy(), now: START }), 'bot_paused')
  t.equal(idle.state.asking, NOT_ASKING)
})

t.test('a person ends the run that is under way: its answer is refused, its marks end soon', async (t) => {
  const thread = createThread(policy({ platform: 'facebook' }))
  thread.apply(customerMessage())
  thread.wait(2 * SECOND)
  thread.apply(wake())
  thread.apply(mark({ count: 1 }))
  thread.wait(SECOND)
  thread.apply(echo({ text: 'from me' }))
  t.equal(thread.state().asking.run, null)
  t.hasStrict(thread.messages()[0], { status: 'skipped', reason: 'bot_paused' })
  t.equal(thread.state().flags[0]?.until, thread.now() + 3 * SECOND)
  t.equal(thread.apply(runEnd({ is: 'answer', text: 'too late', conversationId: null })).outcome, 'refused')
  t.equal(thread.messages().length, 2)
})

t.test('the question comes back when the pause proves wrong, and is asked anew', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', text: 'one' }))
  thread.apply(customerMessage({ mid: 'c2', text: 'two' }))
  thread.wait(2 * SECOND)
  thread.apply(wake())
  thread.apply(deletion({ mid: 'c2' }))
  thread.apply(customerMessage({ text: 'three' }))
  thread.apply(echo({ mid: 'e1', text: 'from the bot' }))
  thread.wait(SECOND)
  thread.apply(report({ mid: 'e1', text: 'from the bot' }))
  t.hasStrict(thread.state().waiting, [{ text: 'one', status: 'received' }, { text: 'three' }])
  t.equal(thread.state().waiting.length, 2)
  thread.wait(2 * SECOND)
  t.hasStrict(thread.apply(wake({ runId: 'run-2' })).task, { is: 'ask', run: { id: 'run-2' } })
  t.equal(thread.state().asking.attempts, 1)
})

t.test('a question is not restored where the assistant sends by itself: it may be answered', async (t) => {
  const thread = createThread(policy({ assistantSends: true }))
  thread.apply(customerMessage({ text: 'one' }))
  thread.wait(2 * SECOND)
  thread.apply(wake())
  thread.apply(customerMessage({ text: 'two' }))
  thread.apply(echo({ mid: 'e1', text: 'from the bot' }))
  thread.apply(report({ mid: 'e1', text: 'from the bot' }))
  t.strictSame(
    thread.state().waiting.map((each) => each.text),
    ['two'],
  )
})

t.test('a person drops the parts that have not left, and a wrong pause gives them back in their order', async (t) => {
  const thread = createThread()
  thread.apply(outgoing({ text: 'one' }))
  thread.apply(outgoing({ text: 'two' }))
  t.equal(thread.decision(echo({ mid: 'e1', text: 'from another program' })).onTheWire, 0)
  thread.apply(echo({ mid: 'e1', text: 'from another program' }))
  t.hasStrict(thread.messages(), [{ status: 'cancelled', reason: 'bot_paused' }, { status: 'cancelled' }])
  t.strictSame(thread.state().outbox.parts, [])
  thread.wait(59 * SECOND)
  thread.apply(report({ mid: 'e1', text: 'from another program' }))
  t.hasStrict(thread.state().outbox.parts, [{ message: { seq: 1 } }, { message: { seq: 2 } }])
  t.hasStrict(thread.messages(), [
    { status: 'queued', reason: null },
    { status: 'queued', reason: null },
  ])
})

t.test('undoing a takeover after a minute brings no part back', async (t) => {
  const thread = createThread()
  thread.apply(outgoing())
  thread.apply(echo({ mid: 'e1', text: 'from another program' }))
  thread.wait(MINUTE)
  thread.apply(report({ mid: 'e1', text: 'from another program' }))
  t.equal(thread.pause(), null)
  t.strictSame(thread.state().outbox.parts, [])
})

t.test('undoing a takeover after a hand-back brings no part back', async (t) => {
  const thread = createThread()
  thread.apply(outgoing())
  thread.apply(echo({ mid: 'e1', text: 'from another program' }))
  thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
  thread.apply(echo({ mid: 'e2', text: 'from another program again' }))
  thread.apply(report({ mid: 'e2', text: 'from another program again' }))
  t.strictSame(thread.state().outbox.parts, [])
})

t.test('only the bot’s own message on the wire counts as too late for a takeover', async (t) => {
  const sending = message({ type: 'AI', status: 'sending' })
  for (const [leaves, count] of [
    ['while_on', 1],
    ['always', 0],
  ] as const) {
    const parts = [part({ message: sending, leaves })]
    const draft = draftOf(frozen(conversation({ outbox: { ...NO_OUTBOX, parts } })))
    silenceBot(given(draft, { policy: policy(), now: START }), PERSON)
    t.equal(draft.onTheWire, count)
    t.equal(draft.state.outbox.parts.length, 1)
  }
})

const RESUME = policy({ resumeWords: ['🤖', 'bot on'] })

for (const [what, event] of [
  ['in Meta’s app', echo({ mid: 'e1', text: '🤖' })],
  ['in capitals and with a full stop', echo({ mid: 'e1', text: 'Bot on.' })],
  ['through another program', report({ type: 'support', text: '🤖' })],
  ['through us', outgoing({ type: 'support', text: '🤖' })],
] as const) {
  t.test(`a person who says the word ${what} hands the conversation back`, async (t) => {
    const thread = createThread(RESUME)
    thread.apply(echo({ text: 'from me' }))
    thread.apply(customerMessage({ text: 'to a person' }))
    thread.wait(MINUTE)
    t.equal(thread.apply(event).outcome, 'accepted')
    t.equal(thread.pause(), null)
    t.equal(thread.messages().at(-1)?.type, 'support')
    t.equal(thread.state().resumedAt, thread.now())
    t.strictSame(thread.state().waiting, [], 'what the person was asked is not asked of the bot')
    t.equal(thread.apply(customerMessage({ text: 'to the bot' })).reason, null)
  })
}

t.test('the word ends an operator’s pause and the customer’s own request too', async (t) => {
  const thread = createThread({ ...RESUME, handoffWords: ['agent'] })
  thread.apply(customerMessage({ text: 'agent' }))
  thread.apply({ is: 'bot', enabled: false, forMs: FOREVER, note: null })
  thread.apply(echo({ text: '🤖' }))
  t.equal(thread.pause(), null)
})

t.test('the word among others, or from the bot, hands nothing back', async (t) => {
  const thread = createThread(RESUME)
  thread.apply(echo({ text: 'from me' }))
  thread.apply(echo({ text: 'this is no 🤖' }))
  t.not(thread.pause(), null)
  thread.apply(report({ type: 'AI', text: '🤖' }))
  thread.apply(mark())
  thread.apply(echo({ text: 'bot on' }))
  t.not(thread.pause(), null)
})

t.test('a message that a person queued through us before the sign is sent, and the sign with it', async (t) => {
  const thread = createThread(RESUME)
  thread.apply(outgoing({ type: 'support', text: 'from me' }))
  thread.apply(outgoing({ type: 'support', text: '🤖' }))
  t.equal(thread.pause(), null)
  t.strictSame(
    thread.state().outbox.parts.map(({ message }) => message.text),
    ['from me', '🤖'],
  )
  thread.apply(send(0))
  thread.apply(sendResult({ is: 'sent', mid: 'm1' }))
  t.equal(thread.apply(echo({ mid: 'm1', text: 'from me' })).evidence, 'message_id')
  t.equal(thread.pause(), null, 'its echo is no further word')
})

t.test('an echo that was overtaken by the word does not take the conversation again', async (t) => {
  const thread = createThread(RESUME)
  thread.wait(MINUTE)
  thread.apply(echo({ text: '🤖', at: thread.now() }))
  thread.apply(echo({ text: 'before it', at: thread.now() - 2 * SECOND - 1 }))
  t.equal(thread.pause(), null)
  thread.apply(echo({ text: 'with it', at: thread.now() - 2 * SECOND }))
  t.not(thread.pause(), null)
})

t.test('a word that comes late counts from when it was said: who spoke after it has the conversation', async (t) => {
  const thread = createThread(RESUME)
  thread.apply(echo({ text: 'from me', at: START }))
  thread.wait(30 * SECOND)
  thread.apply(echo({ text: '🤖', at: START + 10 * SECOND }))
  t.equal(thread.pause(), null)
  t.equal(thread.state().resumedAt, START + 10 * SECOND)
  thread.apply(echo({ text: 'one more thing', at: START + 15 * SECOND }))
  t.equal(thread.pause()?.reason, 'human_echo')
})

t.test('a word that comes late ends no pause that began after it was said', async (t) => {
  const thread = createThread(RESUME)
  thread.apply(echo({ text: 'from me', at: START }))
  thread.wait(15 * SECOND)
  thread.apply(echo({ text: 'one more thing', at: thread.now() }))
  thread.apply(echo({ text: '🤖', at: START + 10 * SECOND }))
  t.strictSame(thread.pause(), { until: START + 15 * SECOND + 6 * HOUR, reason: 'human_echo' })
  t.equal(thread.state().causes.length, 1, 'the pause from before it is over')
  t.equal(thread.apply(customerMessage()).reason, 'bot_paused')
  const operator = createThread(RESUME)
  operator.wait(15 * SECOND)
  operator.apply({ is: 'bot', enabled: false, forMs: FOREVER, note: null })
  operator.apply(echo({ text: '🤖', at: START + 10 * SECOND }))
  t.equal(operator.pause()?.reason, 'api')
})

t.test('a word ends the pause by what was said before it, though that arrived in between', async (t) => {
  const thread = createThread(RESUME)
  thread.wait(15 * SECOND)
  thread.apply(echo({ text: 'from me', at: START + 9 * SECOND }))
  thread.apply(echo({ text: '🤖', at: START + 10 * SECOND }))
  t.equal(thread.pause(), null)
})

t.test('where Meta’s clock is ahead, a pause began when its message arrived', async (t) => {
  for (const end of [
    (thread: Thread) => thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null }),
    (thread: Thread) => thread.apply(echo({ text: '🤖', at: thread.now() + MINUTE })),
    (thread: Thread) => thread.apply({ is: 'handover', at: thread.now() + MINUTE, how: 'passed', newOwner: null }),
  ]) {
    const thread = createThread(RESUME)
    thread.apply(echo({ text: 'from me', at: START + MINUTE }))
    t.equal(thread.pause()?.reason, 'human_echo')
    thread.wait(SECOND)
    end(thread)
    t.equal(thread.pause(), null)
  }
})

t.test('an operator ends also a pause that another replica’s clock dates later', async (t) => {
  const causes = [{ until: START + HOUR, reason: 'human_echo', at: START + SECOND, seq: 1, note: null }] as const
  const switched = { is: 'bot', enabled: true, forMs: 0, note: null } as const
  const unknown = { isSeen: false, isOurs: false, message: null }
  const { state } = decide(frozen(conversation({ causes })), switched, unknown, policy(), START)
  t.strictSame([state?.causes, state?.resumedAt], [[], START])
})

t.test('a word that was overtaken by a later hand-back sets nothing back', async (t) => {
  const thread = createThread(RESUME)
  thread.apply(echo({ text: 'from me' }))
  thread.wait(MINUTE)
  thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
  thread.apply(echo({ text: '🤖', at: START + 59 * SECOND }))
  t.equal(thread.state().resumedAt, START + MINUTE)
  thread.apply({ is: 'bot', enabled: false, forMs: HOUR, note: null })
  thread.apply(echo({ text: '🤖', at: START + 30 * SECOND }))
  t.equal(thread.pause()?.reason, 'api', 'said long before it')
})

t.test('a word that a report claims for a person hands back once more', async (t) => {
  const thread = createThread(RESUME)
  thread.apply(mark())
  thread.apply(echo({ mid: 'e1', text: '🤖' }))
  thread.apply({ is: 'bot', enabled: false, forMs: HOUR, note: null })
  thread.apply(report({ mid: 'e1', type: 'support', text: '🤖' }))
  t.equal(thread.pause(), null)
})

t.test('a message that a pause kept from being asked is no repetition afterwards', async (t) => {
  const thread = createThread(policy({ repeatWindowMs: HOUR }))
  thread.apply(customerMessage({ mid: 'a', text: 'ok' }))
  thread.apply({ is: 'bot', enabled: false, forMs: 10 * SECOND, note: null })
  thread.wait(10 * SECOND)
  t.equal(thread.apply(customerMessage({ mid: 'b', text: 'ok' })).reason, null)
})
