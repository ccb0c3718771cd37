import t from 'tap'
import { FOREVER } from '../../src/conversation/channel.js'
import { decide } from '../../src/conversation/decide.js'
import { liveFlags } from '../../src/conversation/expected/flags.js'
import {
  changesNothing,
  conversation,
  createThread,
  customerMessage,
  deletion,
  echo,
  edit,
  HOUR,
  MINUTE,
  mark,
  message,
  outgoing,
  pictureEcho,
  policy,
  report,
  runEnd,
  SECOND,
  START,
  send,
  sendResult,
  signal,
  UNKNOWN,
  wake,
} from '../fixtures/conversation.js'

t.test('a marked answer is the bot’s: the flag is gone, the bot stays on', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  t.hasStrict(thread.apply(mark()), { flag: 'set', proceed: true })
  thread.wait(2 * SECOND)
  t.hasStrict(thread.apply(echo({ mid: 'e1' })), {
    outcome: 'accepted',
    reason: null,
    author: 'bot',
    evidence: 'flag',
    message: { type: 'AI' },
  })
  t.equal(thread.pause(), null)
  thread.wait(10 * SECOND)
  t.hasStrict(thread.apply(echo({ mid: 'e2' })), { author: 'human', evidence: 'none' })
})

t.test('a second echo within the tail is the bot’s, one after it is a person’s', async (t) => {
  const thread = createThread()
  thread.apply(mark())
  thread.apply(echo({ text: 'part 1' }))
  thread.wait(3 * SECOND)
  t.hasStrict(thread.apply(echo({ text: 'part 2' })), { author: 'bot', evidence: 'flag_tail' })
  t.equal(thread.pause(), null)
  thread.wait(1)
  t.hasStrict(thread.apply(echo({ text: 'me' })), { author: 'human', evidence: 'none' })
  t.strictSame(thread.pause(), { until: START + 3 * SECOND + 1 + 6 * HOUR, reason: 'human_echo' })
})

t.test('a mark whose answer never came does not pass the next person off as the bot', async (t) => {
  const thread = createThread()
  thread.apply(mark())
  thread.wait(5 * MINUTE)
  t.equal(thread.apply(echo()).author, 'human')
})

t.test('a mark with a count of 3 covers three echoes', async (t) => {
  const thread = createThread(policy({ flagTailMs: 0 }))
  thread.apply(mark({ count: 3 }))
  for (let i = 1; i <= 3; i += 1) {
    thread.wait(10 * SECOND)
    t.equal(thread.apply(echo({ text: `part ${i}` })).evidence, 'flag')
  }
  t.equal(thread.apply(echo({ text: 'me' })).author, 'human')
})

t.test('a mark for a text is not used up by another text', async (t) => {
  const thread = createThread()
  thread.apply(mark({ text: 'Your order is on its way.' }))
  t.equal(thread.apply(echo({ text: 'I will check.' })).author, 'human')
  t.equal(thread.apply(pictureEcho()).author, 'human')
  t.equal(thread.apply(echo({ text: 'Your order  is on its way.' })).evidence, 'flag')
})

t.test('a marked answer that is recognised by its text or its id leaves no flag behind', async (t) => {
  for (const mid of [null, 'm1']) {
    const thread = createThread()
    thread.apply(mark())
    thread.apply(report({ mid, text: 'answer' }))
    t.equal(thread.apply(echo({ mid: 'm1', text: 'answer' })).evidence, mid === null ? 'text' : 'message_id')
    t.hasStrict(thread.apply(echo({ mid: 'm2', text: 'me' })), { author: 'human', evidence: 'none' })
  }
})

t.test('a mark for a text whose answer was reported by its id raises no flag', async (t) => {
  const thread = createThread()
  thread.apply(mark({ text: 'answer' }))
  thread.apply(report({ mid: 'm1', text: null, kind: 'other' }))
  t.equal(thread.apply(echo({ mid: 'm1', text: 'answer' })).evidence, 'message_id')
  t.equal(thread.apply(echo({ mid: 'm2', text: 'answer' })).author, 'human')
})

t.test('an echo 400 s late is judged at its own time', async (t) => {
  const thread = createThread()
  thread.apply(mark())
  thread.wait(400 * SECOND)
  t.equal(thread.apply(echo({ at: START + 299 * SECOND })).evidence, 'flag')
  const other = createThread()
  other.apply(mark())
  other.wait(400 * SECOND)
  t.equal(other.apply(echo({ at: START + 300 * SECOND })).author, 'human')
})

t.test('an ad’s instant reply is nobody’s, and pauses nobody', async (t) => {
  for (const prompt of [customerMessage({ prompt: true, text: 'Tell me more' }), signal({ prompt: true })]) {
    const thread = createThread()
    thread.apply(prompt)
    thread.wait(4 * SECOND)
    t.hasStrict(thread.apply(echo()), { author: 'automation', evidence: 'auto_reply', message: { type: 'automation' } })
    t.equal(thread.pause(), null)
    thread.wait(2 * SECOND)
    t.equal(thread.apply(echo()).author, 'human')
  }
})

t.test('a signal that prompts nothing opens no window for instant replies', async (t) => {
  const thread = createThread()
  t.ok(changesNothing(thread.decision(signal())))
})

t.test('the same message five times has one effect', async (t) => {
  const thread = createThread()
  for (let i = 0; i < 5; i += 1) {
    const verdict = thread.apply(customerMessage({ mid: 'c1' }))
    t.hasStrict(verdict, { outcome: i === 0 ? 'accepted' : 'duplicate', author: 'customer', reason: null })
  }
  t.equal(thread.messages().length, 1)
  t.equal(thread.state().waiting.length, 1)
})

t.test('a bot’s echo that is delivered twice pauses nobody', async (t) => {
  const thread = createThread()
  thread.apply(mark())
  thread.apply(echo({ mid: 'e1' }))
  thread.wait(MINUTE)
  t.equal(thread.apply(echo({ mid: 'e1' })).outcome, 'duplicate')
  t.equal(thread.pause(), null)
})

t.test('a repeated event changes nothing, and its verdict has the known message', async (t) => {
  const seen = (known: ReturnType<typeof message> | null) => ({ isSeen: true, isOurs: false, message: known })
  const state = conversation({ flags: [] })
  const told = decide(state, echo(), seen(message({ type: 'support' })), policy(), START)
  t.ok(changesNothing(told))
  t.hasStrict(told.verdict, { outcome: 'duplicate', author: 'human', message: { type: 'support' } })
  t.equal(decide(state, customerMessage(), seen(null), policy(), START).verdict.author, 'customer')
  t.equal(decide(state, echo(), seen(null), policy(), START).verdict.author, null)
  t.equal(decide(state, deletion({ mid: 'c1' }), seen(null), policy(), START).verdict.outcome, 'duplicate')
  for (const [known, matched] of [
    [null, false],
    [message({ type: 'AI' }), false],
    [message({ type: 'AI', evidence: 'text' }), true],
  ] as const) {
    t.equal(decide(state, report(), seen(known), policy(), START).verdict.matched, matched)
  }
})

t.test('a mark tells a workflow whether to go on', async (t) => {
  const off = createThread(policy({ mode: 'off' }))
  t.hasStrict(off.apply(mark()), { flag: 'set', proceed: false })
  const test = createThread(policy({ mode: 'test' }))
  t.hasStrict(test.apply(mark()), { flag: 'set', proceed: false })
  const paused = createThread()
  paused.apply(echo())
  t.hasStrict(paused.apply(mark()), { flag: 'set', proceed: false })
  t.hasStrict(paused.apply(mark({ onlyIfOn: true })), { flag: 'withheld', proceed: false })
  const closed = createThread()
  closed.apply({ is: 'state', open: false })
  t.hasStrict(closed.apply(mark()), { flag: 'set', proceed: false })
})

t.test('a workflow that answers over a person without asking does not lengthen the pause', async (t) => {
  const thread = createThread()
  thread.apply(echo({ text: 'me' }))
  thread.wait(MINUTE)
  thread.apply(mark())
  thread.wait(10 * SECOND)
  t.equal(thread.apply(echo({ text: 'bot' })).evidence, 'flag')
  t.equal(thread.pause()?.until, START + 6 * HOUR)
  thread.apply(mark())
  thread.wait(15 * SECOND)
  t.equal(thread.apply(echo({ text: 'me again' })).author, 'human')
})

t.test('on Messenger the echo’s app decides its author', async (t) => {
  const thread = createThread(policy({ platform: 'facebook' }))
  thread.apply(mark())
  t.hasStrict(thread.apply(echo({ appId: '100' })), { author: 'bot', evidence: 'app_id' })
  t.equal(thread.pause(), null)
  t.hasStrict(thread.apply(echo()), { author: 'human', evidence: 'none' })
  t.not(thread.pause(), null)
})

t.test('a report makes its id known as ours, other events none', async (t) => {
  const thread = createThread()
  t.equal(thread.decision(report({ mid: 'm1' })).ownId, 'm1')
  t.equal(thread.decision(report()).ownId, null)
  t.equal(thread.decision(echo({ mid: 'e1' })).ownId, null)
})

t.test('an operator switches the bot off for a time and on again', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.apply({ is: 'bot', enabled: false, forMs: 2 * HOUR, note: 'lunch' })
  t.strictSame(thread.pause(), { until: START + 2 * HOUR, reason: 'api' })
  t.hasStrict(thread.state().causes, [{ note: 'lunch', seq: 0 }])
  t.hasStrict(thread.messages(), [{ status: 'skipped', reason: 'bot_paused' }])
  thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
  t.equal(thread.pause(), null)
  t.equal(thread.apply(customerMessage({ text: 'again' })).reason, null)
  thread.apply({ is: 'bot', enabled: false, forMs: FOREVER, note: null })
  t.strictSame(thread.pause(), { until: FOREVER, reason: 'api' })
})

t.test('closing drops waiting messages, and leaves the pause as it was', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.apply({ is: 'state', open: false })
  t.hasStrict(thread.messages(), [{ status: 'skipped', reason: 'conversation_closed' }])
  t.equal(thread.state().closedAt, START)
  thread.wait(MINUTE)
  thread.apply({ is: 'state', open: false })
  t.equal(thread.state().closedAt, START, 'closed is closed')
  thread.apply(echo())
  thread.apply({ is: 'state', open: true })
  t.equal(thread.state().closedAt, 0)
  t.not(thread.pause(), null)
  t.ok(changesNothing(thread.decision({ is: 'state', open: true })))
})

t.test('the state stays bounded under any flood of events', async (t) => {
  const thread = createThread()
  for (let i = 0; i < 300; i += 1) {
    thread.apply(customerMessage({ text: `question ${i}` }))
    thread.apply(mark({ idempotencyKey: `k${i}`, text: `text ${i}` }))
    thread.apply(report({ text: `report ${i}` }))
    thread.apply(echo({ mid: `e${i}`, text: `person ${i}` }))
  }
  const { waiting, setAside, flags, sent, unclaimed, causes, flagUses, asked } = thread.state()
  const lengths = [waiting, setAside, flags, sent, unclaimed, causes, flagUses, asked].map((list) => list.length)
  t.strictSame(lengths, [0, 100, 50, 50, 24, 8, 0, 0])
  t.ok(JSON.stringify(thread.state()).length < 150_000)
})

t.test('a verdict says nothing that its event does not', async (t) => {
  const thread = createThread()
  const { verdict, onTheWire } = thread.decision(signal())
  t.equal(onTheWire, 0)
  t.strictSame(verdict, {
    of: 'item',
    outcome: 'accepted',
    reason: null,
    author: null,
    evidence: null,
    message: null,
    combined: null,
  })
})

t.test('an event outside of the union is a fault', async (t) => {
  t.throws(
    () => decide(conversation(), { is: 'surprise' } as never, UNKNOWN, policy(), START),
    /not a member of the union/,
  )
})

t.test('closing drops the run and the queued parts, for good', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.wait(2 * SECOND)
  thread.apply(wake())
  thread.apply(outgoing())
  thread.apply({ is: 'state', open: false })
  t.hasStrict(thread.messages(), [
    { status: 'skipped', reason: 'conversation_closed' },
    { status: 'cancelled', reason: 'conversation_closed' },
  ])
  t.hasStrict(thread.state(), { asking: { run: null }, outbox: { parts: [], setAside: [] } })
})

t.test('a beat of a run that is not the conversation’s any more is refused', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.wait(2 * SECOND)
  thread.apply(wake())
  const names = { taskId: 't', conversationId: null, messageId: null, workflowRunId: null }
  t.equal(thread.apply({ is: 'run_beat', runId: 'run-1', names, said: null }).outcome, 'accepted')
  t.strictSame(thread.state().asking.run?.names, names)
  t.equal(thread.apply({ is: 'run_beat', runId: 'run-2', names, said: null }).outcome, 'refused')
})

t.test('a queue that is full refuses what it is given', async (t) => {
  const thread = createThread()
  for (let i = 0; i < 500; i += 1) thread.apply(outgoing())
  const decision = thread.decision(outgoing())
  t.hasStrict(decision.verdict, { of: 'outgoing', outcome: 'refused', because: 'too_many' })
  t.ok(changesNothing(decision))
})

t.test('the id that Meta gave a message of ours is known as ours from then on', async (t) => {
  const thread = createThread()
  thread.apply(outgoing())
  thread.apply(send(0))
  t.equal(thread.decision(sendResult({ is: 'sent', mid: 'm1' })).ownId, 'm1')
  t.equal(thread.decision(sendResult({ is: 'sent', mid: null })).ownId, null)
  t.equal(thread.decision(sendResult({ is: 'unknown' })).ownId, null)
})

for (const [what, how, newOwner, apps, isOurs] of [
  ['taken by another app', 'taken', '9', ['100'], false],
  ['passed to another app', 'passed', '9', ['100'], false],
  ['passed to us', 'passed', '100', ['100'], true],
  ['taken by us', 'taken', '100', ['100'], true],
  ['passed to nobody knows whom', 'passed', null, ['100'], true],
  ['taken by nobody knows whom', 'taken', null, ['100'], false],
  ['passed while nobody knows who we are', 'passed', '9', [], true],
  ['taken while nobody knows who we are', 'taken', '9', [], false],
] as const) {
  t.test(`a thread that is ${what} is ${isOurs ? 'ours again' : 'not ours'}`, async (t) => {
    const rules = policy({ ownApps: new Set(apps) })
    const handover = { is: 'handover', at: 0, how, newOwner } as const
    const free = createThread(rules)
    free.apply(customerMessage())
    t.equal(free.apply(handover).outcome, 'accepted')
    t.strictSame(free.pause(), isOurs ? null : { until: START + 6 * HOUR, reason: 'handover' })
    t.hasStrict(free.messages(), [isOurs ? { status: 'received' } : { status: 'skipped', reason: 'bot_paused' }])
    const paused = createThread(rules)
    paused.apply(echo())
    paused.apply(handover)
    t.equal(paused.pause() === null, isOurs)
  })
}

t.test(
  'when another app takes the thread the part on the wire is told, and waiting messages are dropped',
  async (t) => {
    const thread = createThread()
    thread.apply(outgoing({ text: 'one' }))
    thread.apply(outgoing({ text: 'two' }))
    thread.apply(outgoing({ type: 'support', text: 'from me' }))
    thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
    thread.apply(outgoing({ text: 'three' }))
    const before = thread.state().outbox.parts.length
    t.equal(before, 2)
    thread.apply({ is: 'handover', at: 0, how: 'taken', newOwner: '9' })
    t.strictSame(
      thread.state().outbox.parts.map(({ message }) => message.text),
      ['from me'],
    )
    const other = createThread()
    other.apply(outgoing({ text: 'one' }))
    other.apply(send(0))
    t.equal(other.decision({ is: 'handover', at: 0, how: 'taken', newOwner: '9' }).onTheWire, 1)
  },
)

t.test('an echo from before the thread was ours again does not take it', async (t) => {
  const thread = createThread()
  thread.apply({ is: 'handover', at: 0, how: 'taken', newOwner: '9' })
  thread.wait(MINUTE)
  thread.apply({ is: 'handover', at: 0, how: 'passed', newOwner: '100' })
  thread.apply(echo({ at: START + 30 * SECOND }))
  t.equal(thread.pause(), null)
})

t.test('a hand-back that Meta tells of late counts from when it was made', async (t) => {
  const passed = { is: 'handover', at: START, how: 'passed', newOwner: '100' } as const
  const thread = createThread()
  thread.wait(5 * SECOND)
  thread.apply(echo({ at: thread.now() }))
  thread.wait(5 * SECOND)
  thread.apply(passed)
  t.equal(thread.pause()?.reason, 'human_echo', 'who wrote since has the conversation')
  const other = createThread()
  other.wait(10 * SECOND)
  other.apply(passed)
  other.apply(echo({ at: START + 5 * SECOND }))
  t.equal(other.pause()?.reason, 'human_echo')
  const both = createThread()
  both.wait(10 * SECOND)
  both.apply({ is: 'handover', at: START - SECOND, how: 'taken', newOwner: '9' })
  both.apply(passed)
  t.equal(both.pause(), null, 'it was taken before')
})

t.test('the bot does not answer what it said to the account itself', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', text: 'how much?', isSelf: true }))
  thread.wait(2 * SECOND)
  t.equal(thread.apply(wake()).task?.is, 'ask')
  thread.apply(runEnd({ is: 'answer', text: 'Ten.', conversationId: null }))
  thread.apply(send(0))
  const { outcome, reason, author, evidence } = thread.apply(customerMessage({ mid: 'm1', text: 'Ten.', isSelf: true }))
  t.strictSame([outcome, reason, author, evidence], ['duplicate', 'own_message', 'bot', 'text'])
  t.equal(thread.messages().length, 2)
  t.strictSame(thread.state().waiting, [])
  t.equal(thread.apply(customerMessage({ mid: 'c2', text: 'and in blue?', isSelf: true })).author, 'customer')
  t.equal(thread.state().waiting.length, 1)
})

const SARA = { name: 'Sara', username: 'sara_1', picture: 'https://cdn.example/s.jpg' }

t.test('a customer’s profile is kept, and what is known outlives a look-up that fails', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  t.equal(thread.apply({ is: 'profile', found: null }).outcome, 'accepted')
  const unknown = { name: null, username: null, picture: null, at: START, isKnown: false }
  t.strictSame(thread.state().profile, unknown, 'asked for, and not to be asked for at once again')
  thread.wait(HOUR)
  thread.apply({ is: 'profile', found: SARA })
  t.strictSame(thread.state().profile, { ...SARA, at: START + HOUR, isKnown: true })
  thread.wait(HOUR)
  thread.apply({ is: 'profile', found: null })
  t.strictSame(thread.state().profile, { ...SARA, at: START + 2 * HOUR, isKnown: true })
  thread.apply({ is: 'profile', found: { name: null, username: 'sara_2', picture: null } })
  t.hasStrict(thread.state().profile, { name: null, username: 'sara_2', isKnown: true })
})

t.test('the profile of a conversation that was erased meanwhile is refused', async (t) => {
  const decision = createThread().decision({ is: 'profile', found: SARA })
  t.equal(decision.verdict.outcome, 'refused')
  t.ok(changesNothing(decision))
})

t.test('a takeover that Meta tells of after the hand-back it came before is no takeover', async (t) => {
  const thread = createThread()
  thread.wait(MINUTE)
  thread.apply({ is: 'handover', at: thread.now(), how: 'passed', newOwner: '100' })
  thread.apply({ is: 'handover', at: thread.now() - 20 * SECOND, how: 'taken', newOwner: '9' })
  t.equal(thread.pause(), null)
  thread.apply({ is: 'handover', at: thread.now(), how: 'taken', newOwner: '9' })
  t.equal(thread.pause()?.reason, 'handover')
})

t.test('a waiting question can be edited and deleted where no history is kept', async (t) => {
  const unknown = { isSeen: false, isOurs: false, message: null }
  const rules = policy({ historyTtlMs: 0 })
  const thread = createThread(rules)
  thread.apply(customerMessage({ mid: 'a', text: 'my card number' }))
  thread.apply(customerMessage({ mid: 'b', text: 'old' }))
  const edited = decide(thread.state(), edit({ mid: 'b', text: 'new' }), unknown, rules, thread.now())
  t.match(edited.state?.waiting, [{ text: 'my card number' }, { text: 'new' }])
  const removed = decide(edited.state!, deletion({ mid: 'a' }), unknown, rules, thread.now())
  t.match(removed.state?.waiting, [{ text: 'new' }])
  t.equal(removed.state?.waiting.length, 1)
  const other = decide(removed.state!, deletion({ mid: 'c' }), unknown, rules, thread.now())
  t.match(other, {
    state: { waiting: [{ text: 'new' }] },
    records: [],
    verdict: { outcome: 'accepted', message: null },
  })
  const held = createThread(rules)
  held.apply(
    customerMessage({ mid: 's', text: null, kind: 'share', attachments: [{ kind: 'share', url: null, title: 'x' }] }),
  )
  const gone = decide(held.state(), deletion({ mid: 's' }), unknown, rules, held.now())
  t.equal(gone.state?.asking.share, null)
  held.apply(customerMessage({ mid: 'q' }))
  held.wait(MINUTE)
  held.apply(wake())
  t.match(decide(held.state(), edit({ mid: 'q', text: 'new' }), unknown, rules, held.now()).verdict, {
    message: { mid: 'q' },
  })
})

/** The router sends the answer of a run that is under way. */
function asked(rules = policy()) {
  const thread = createThread(rules)
  thread.apply(customerMessage())
  thread.wait(2 * SECOND)
  thread.apply(wake())
  return thread
}

t.test('a plain mark while a run of ours is under way raises no flag: what comes is a person’s', async (t) => {
  const thread = asked()
  t.hasStrict(thread.apply(mark()), { flag: 'not_needed', proceed: true })
  t.strictSame(liveFlags(thread.state(), thread.now()), 0)
  t.hasStrict(thread.apply(echo({ text: 'let me see' })), { author: 'human', evidence: 'none' })
})

t.test('a general mark that says what it is for raises a flag', async (t) => {
  const thread = asked()
  t.hasStrict(thread.apply(mark({ count: 1 })), { flag: 'set' })
  t.hasStrict(thread.apply(mark({ text: 'a picture' })), { flag: 'set' })
  t.hasStrict(thread.apply(mark({ count: 0 })), { flag: 'withdrawn' })
  t.hasStrict(asked(policy({ assistantSends: true })).apply(mark()), { flag: 'set' }, 'it sends by itself')
  t.hasStrict(createThread().apply(mark()), { flag: 'set' }, 'no run is under way')
  t.hasStrict(createThread(policy({ hasAssistant: false })).apply(mark()), { flag: 'set' })
})

t.test('a mark of a run that is tried again in a moment raises no flag either', async (t) => {
  const thread = asked()
  thread.apply(runEnd({ is: 'unknown', code: 'timeout' }))
  t.hasStrict(thread.apply(mark()), { flag: 'not_needed' })
  thread.apply({ is: 'bot', enabled: false, forMs: HOUR, note: null })
  thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
  thread.wait(SECOND)
  t.hasStrict(thread.apply(mark()), { flag: 'set' }, 'nobody asks any more')
})

t.test('a run that a person cut off may still make its mark: it does not cover the person’s next word', async (t) => {
  const thread = asked()
  thread.apply(echo({ text: 'let me see' }))
  t.hasStrict(thread.apply(mark()), { flag: 'not_needed', proceed: false })
  t.hasStrict(thread.apply(mark({ onlyIfOn: true })), { flag: 'withheld', proceed: false })
  t.hasStrict(thread.apply(echo({ text: 'one moment' })), { author: 'human', evidence: 'none' })
  thread.wait(2 * MINUTE)
  t.hasStrict(thread.apply(mark()), { flag: 'set', proceed: false }, 'it is over by then')
})

t.test('after the hand-back a mark belongs to another program', async (t) => {
  const thread = asked()
  thread.apply(echo({ text: 'let me see' }))
  thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
  t.hasStrict(thread.apply(mark()), { flag: 'set', proceed: true })
})
