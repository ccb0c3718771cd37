import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { markOf } from '../../../src/conversation/expected/our-mark.js'
import {
  createThread,
  customerMessage,
  deletion,
  echo,
  HOUR,
  MINUTE,
  mark,
  outgoing,
  PICTURE,
  pictureEcho,
  policy,
  report,
  SECOND,
  START,
  send,
  sendResult,
  type Thread,
  wake,
} from '../../fixtures/conversation.js'

t.test('a reported message is in the history at once', async (t) => {
  const thread = createThread()
  const verdict = thread.apply(report({ mid: 'm1', text: 'done', source: 'Workflow' }))
  t.hasStrict(verdict, { outcome: 'accepted', author: 'bot', message: { origin: { evidence: null } }, matched: false })
  t.hasStrict(thread.messages(), [
    { type: 'AI', mid: 'm1', text: 'done', status: 'sent', source: 'Workflow', fromApp: true, evidence: null },
  ])
})

for (const [how, sent, came, evidence] of [
  ['its id', report({ mid: 'm1', text: 'done' }), echo({ mid: 'm1', text: 'split off' }), 'message_id'],
  ['its text', report({ text: 'done, thank you' }), echo({ mid: 'm1', text: ' done,  thank you' }), 'text'],
  ['its kind', report({ text: null, kind: 'image', attachments: [PICTURE] }), pictureEcho({ mid: 'm1' }), 'text'],
] as const) {
  t.test(`the echo of a reported message is recognised by ${how} and confirms its record`, async (t) => {
    const thread = createThread()
    thread.apply(sent)
    thread.wait(2 * SECOND)
    const verdict = thread.apply(came)
    t.hasStrict(verdict, { outcome: 'duplicate', reason: 'own_message', author: 'bot', evidence, message: { seq: 1 } })
    t.hasStrict(thread.messages(), [{ mid: 'm1', text: sent.text, status: 'sent', evidence, fromApp: true }])
    t.equal(thread.messages().length, 1)
    t.equal(thread.pause(), null)
    t.strictSame(thread.state().sent, [])
  })
}

t.test('a message reported by its id alone is known in full when its echo comes', async (t) => {
  const thread = createThread()
  thread.apply(report({ mid: 'm1', text: null, kind: 'other' }))
  thread.apply(pictureEcho({ mid: 'm1' }))
  t.hasStrict(thread.messages(), [{ kind: 'image', text: null, attachments: [PICTURE], evidence: 'message_id' }])
})

t.test('the echo of a message of ours that has been forgotten adds nothing', async (t) => {
  const thread = createThread(policy({ platform: 'facebook' }))
  const verdict = thread.apply(echo({ metadata: 'message-router:support:x-41' }))
  t.hasStrict(verdict, { outcome: 'duplicate', reason: 'own_message', author: 'human', message: null })
  t.strictSame(thread.messages(), [])
  t.equal(thread.pause(), null)
})

t.test('a reported message that was deleted meanwhile stays empty', async (t) => {
  const thread = createThread()
  thread.apply(report({ mid: 'm1', text: 'oops' }))
  thread.apply(deletion({ mid: 'm1' }))
  thread.apply(echo({ mid: 'm1', text: 'oops' }))
  t.hasStrict(thread.messages(), [{ text: null, evidence: 'message_id' }])
})

t.test('a message reported by its id alone lets a person’s sign pass as a person’s', async (t) => {
  const thread = createThread()
  thread.apply(report({ mid: 'm1', text: null, kind: 'other' }))
  t.hasStrict(thread.apply(echo({ mid: 'e1', text: null, kind: 'other' })), { author: 'human', evidence: 'none' })
})

t.test('a text is recognised once, and within ECHO_TTL', async (t) => {
  const thread = createThread()
  thread.apply(report({ text: 'ok' }))
  t.equal(thread.apply(echo({ text: 'ok' })).evidence, 'text')
  t.equal(thread.apply(echo({ text: 'ok' })).author, 'human')
  thread.apply(report({ text: 'fine' }))
  thread.wait(60 * SECOND)
  t.equal(thread.apply(echo({ text: 'fine' })).author, 'human')
})

t.test('an echo 400 s late is recognised by the text expected at its own time', async (t) => {
  const thread = createThread()
  thread.apply(report({ text: 'ok' }))
  thread.wait(400 * SECOND)
  t.equal(thread.apply(echo({ text: 'ok', at: START + SECOND })).evidence, 'text')
})

t.test('a report after its echo claims it, by id or by text, and undoes the pause', async (t) => {
  for (const claim of [report({ mid: 'e1', text: null }), report({ text: ' hello', source: 'Node' })]) {
    const thread = createThread()
    thread.apply(echo({ mid: 'e1' }))
    t.not(thread.pause(), null)
    thread.wait(30 * SECOND)
    t.hasStrict(thread.apply(claim), {
      matched: true,
      author: 'bot',
      message: { origin: { evidence: claim.mid === null ? 'text' : 'message_id' } },
    })
    t.equal(thread.pause(), null)
    t.hasStrict(thread.messages(), [{ type: 'AI', mid: 'e1', text: 'hello', fromApp: true, source: claim.source }])
    t.equal(thread.messages().length, 1)
  }
})

t.test('a text is claimed within ECHO_TTL, an id as long as the history knows it', async (t) => {
  const thread = createThread()
  thread.apply(echo({ mid: 'e1' }))
  thread.wait(60 * SECOND)
  t.equal(thread.apply(report()).matched, false)
  t.not(thread.pause(), null)
  thread.wait(2 * HOUR)
  t.equal(thread.apply(report({ mid: 'e1', text: null })).matched, true)
  t.equal(thread.pause(), null)
})

t.test('a channel without a history still knows the ids of the last moments', async (t) => {
  const thread = createThread()
  const forgetful = { isSeen: false, isOurs: false, message: null }
  thread.apply(echo({ mid: 'e1' }))
  t.strictSame(thread.knownOf(echo({ mid: 'e1' })), { ...forgetful, isSeen: true })
  t.hasStrict(thread.state().unclaimed, [{ message: { mid: 'e1' } }])
  const { decide } = await import('../../../src/conversation/decide.js')
  const claimed = decide(thread.state(), report({ mid: 'e1', text: null }), forgetful, policy(), START)
  t.equal(claimed.verdict.matched, true)
  t.strictSame(claimed.state?.causes, [])
  const reported = decide(thread.state(), report({ mid: 'm2', text: 'other' }), forgetful, policy(), START)
  const again = decide(reported.state!, report({ mid: 'm2', text: 'other' }), forgetful, policy(), START)
  t.strictSame(again.records, [])
  t.hasStrict(again.verdict, { matched: false, message: { seq: 2 } })
})

t.test('a repeated report changes nothing', async (t) => {
  const thread = createThread()
  thread.apply(report({ mid: 'm1' }))
  const again = thread.decision(report({ mid: 'm1' }))
  t.strictSame([again.state, again.records.length, again.verdict.matched], [null, 0, false])
  thread.apply(echo({ mid: 'm1' }))
  const late = thread.decision(report({ mid: 'm1' }))
  t.strictSame([late.state, late.records.length, late.verdict.matched], [null, 0, true])
})

t.test('a report with the id of the customer’s message is mistaken about the id', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1' }))
  const { ownId, verdict } = thread.decision(report({ mid: 'c1' }))
  t.equal(ownId, null)
  t.hasStrict(verdict, { matched: false, message: { seq: 2, mid: null, text: 'hello' } })
})

t.test('of two echoes with one text the report claims the one attributed as it says', async (t) => {
  const thread = createThread()
  thread.apply(echo({ mid: 'e1', text: 'ok' }))
  thread.wait(10 * SECOND)
  thread.apply(mark())
  t.equal(thread.apply(echo({ mid: 'e2', text: 'ok' })).evidence, 'flag')
  t.hasStrict(thread.apply(report({ text: 'ok' })), { matched: true, message: { mid: 'e2' } })
  t.equal(thread.pause()?.until, START + 6 * HOUR, 'the person who said the same keeps his pause')
  t.hasStrict(thread.apply(report({ text: 'ok' })), { matched: true, message: { mid: 'e1' } })
  t.equal(thread.pause(), null)
})

t.test('only the last twenty-four unclaimed echoes can be claimed by their text', async (t) => {
  const thread = createThread()
  for (let i = 1; i <= 25; i += 1) thread.apply(echo({ text: `part ${i}` }))
  t.equal(thread.apply(report({ text: 'part 1' })).matched, false)
  t.equal(thread.apply(report({ text: 'part 2' })).matched, true)
})

t.test('a report that proves an echo a colleague’s keeps the pause, from the report on', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  thread.apply(echo({ mid: 'e1' }))
  thread.wait(SECOND)
  t.hasStrict(thread.apply(report({ mid: 'e1', type: 'support', source: 'Support' })), {
    matched: true,
    author: 'human',
  })
  t.strictSame(thread.pause(), { until: START + SECOND + 6 * HOUR, reason: 'support_message' })
  t.equal(thread.state().causes.length, 1)
  t.strictSame(thread.state().waiting, [])
})

t.test(
  'a question that a colleague’s message cancelled does not come back when a later, wrong pause is undone',
  async (t) => {
    const thread = createThread(policy({ pauseMs: 30 * SECOND }))
    thread.apply(customerMessage())
    thread.apply(echo({ mid: 'e1', text: 'from me' }))
    thread.wait(SECOND)
    thread.apply(report({ mid: 'e1', type: 'support' }))
    thread.wait(19 * SECOND)
    thread.apply(echo({ mid: 'e2', text: 'from the bot' }))
    thread.wait(15 * SECOND)
    t.equal(thread.apply(report({ mid: 'e2', text: 'from the bot' })).matched, true)
    t.equal(thread.pause(), null)
    t.strictSame(thread.state().waiting, [])
  },
)

t.test('a report that claims an echo from before the hand-back brings nothing back', async (t) => {
  const thread = createThread()
  thread.apply(echo({ mid: 'e1' }))
  thread.wait(MINUTE)
  thread.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
  thread.apply(report({ mid: 'e1', type: 'support' }))
  t.equal(thread.pause(), null)
})

t.test('a support message pauses when it is reported; its echo does not start that anew', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage())
  t.hasStrict(thread.apply(report({ type: 'support', text: 'I take over' })), { author: 'human' })
  t.strictSame(thread.pause(), { until: START + 6 * HOUR, reason: 'support_message' })
  t.strictSame(thread.state().waiting, [])
  thread.wait(10 * SECOND)
  t.hasStrict(thread.apply(echo({ text: 'I take over' })), { outcome: 'duplicate', author: 'human', evidence: 'text' })
  t.equal(thread.pause()?.until, START + 6 * HOUR)
})

t.test('after a report the customer may repeat a question', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ text: 'price?' }))
  thread.apply(report({ text: 'which one?' }))
  t.equal(thread.apply(customerMessage({ text: 'price?' })).reason, null)
})

t.test('a marketing message is the bot’s, before its echo and after', async (t) => {
  const thread = createThread()
  t.equal(thread.apply(report({ type: 'marketing', mid: 'm1' })).author, 'bot')
  t.equal(thread.apply(echo({ mid: 'm1' })).author, 'bot')
  thread.apply(echo({ mid: 'e2', text: 'sale' }))
  t.hasStrict(thread.apply(report({ type: 'marketing', text: 'sale' })), {
    matched: true,
    message: { type: 'marketing' },
  })
  t.equal(thread.pause(), null)
})

t.test('an instant reply that a program claims becomes its own', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ prompt: true }))
  t.equal(thread.apply(echo({ mid: 'e1' })).author, 'automation')
  t.hasStrict(thread.apply(report({ mid: 'e1' })), { matched: true, author: 'bot' })
})

t.test('a report does not shorten an operator’s pause', async (t) => {
  const thread = createThread()
  thread.apply({ is: 'bot', enabled: false, forMs: FOREVER, note: 'holidays' })
  thread.apply(echo({ mid: 'e1' }))
  thread.apply(report({ mid: 'e1' }))
  t.strictSame(thread.pause(), { until: FOREVER, reason: 'api' })
})

for (const [says, lose] of [
  ['is being sent', () => {}],
  [
    'may have arrived',
    (thread: Thread) => {
      thread.apply(sendResult({ is: 'unknown' }))
    },
  ],
  [
    'was given up',
    (thread: Thread) => {
      thread.apply(sendResult({ is: 'unknown' }))
      thread.wait(30 * SECOND)
      thread.apply(wake())
      t.equal(thread.state().outbox.dead.length, 1)
    },
  ],
] as const) {
  t.test(`the echo of a part that ${says} confirms it, and nothing is left to do`, async (t) => {
    for (const platform of ['instagram', 'facebook'] as const) {
      const thread = createThread(policy({ platform }))
      thread.apply(outgoing({ text: 'hello there' }))
      thread.apply(send(0))
      lose(thread)
      const came =
        platform === 'instagram'
          ? echo({ mid: 'm1', text: 'hello  there' })
          : echo({ mid: 'm1', text: 'changed', metadata: markOf({ type: 'AI', seq: 1, createdAt: START }) })
      const evidence = platform === 'instagram' ? 'text' : 'metadata'
      t.hasStrict(thread.apply(came), { outcome: 'duplicate', reason: 'own_message', author: 'bot', evidence })
      t.hasStrict(thread.messages(), [{ mid: 'm1', text: 'hello there', status: 'sent', reason: null, evidence }])
      t.hasStrict(thread.state().outbox, { parts: [], dead: [] })
      t.equal(thread.pause(), null)
      t.equal(thread.state().asking.restUntil > 0, true, 'the cooldown has begun')
    }
  })
}

t.test('an echo with another id is not that of an earlier message with the same words', async (t) => {
  const thread = createThread()
  const sendNext = (end: Parameters<typeof sendResult>[0], seq: number) => {
    thread.apply(outgoing({ text: 'hello there' }))
    thread.apply(send(0))
    thread.apply(sendResult(end, { seq }))
  }
  sendNext({ is: 'sent', mid: 'm1' }, 1)
  sendNext({ is: 'unknown' }, 2)
  t.hasStrict(thread.apply(echo({ mid: 'm2', text: 'hello there' })), { reason: 'own_message', evidence: 'text' })
  t.hasStrict(thread.apply(echo({ mid: 'm1', text: 'hello there' })), { reason: 'own_message', evidence: 'message_id' })
  t.hasStrict(thread.messages(), [
    { seq: 1, mid: 'm1', status: 'sent' },
    { seq: 2, mid: 'm2', status: 'sent' },
  ])
  t.strictSame(thread.state().outbox.parts, [])
})

t.test(
  'the mark of a conversation that was forgotten says whose message it was, and confirms none of the new one',
  async (t) => {
    const thread = createThread(policy({ platform: 'facebook' }))
    thread.apply(outgoing())
    const metadata = markOf({ type: 'support', seq: 1, createdAt: START - 1 })
    t.hasStrict(thread.apply(echo({ mid: 'm0', metadata })), { reason: 'own_message', author: 'human', message: null })
    t.hasStrict(thread.messages(), [{ status: 'queued', mid: null }])
    t.equal(thread.state().outbox.parts.length, 1)
  },
)

t.test('on Messenger an echo shows that a part waiting for its retry has arrived', async (t) => {
  const thread = createThread(policy({ platform: 'facebook' }))
  thread.apply(outgoing())
  thread.apply(send(0))
  thread.apply(sendResult({ is: 'later', code: '613', afterMs: 0 }))
  thread.apply(echo({ mid: 'm1', metadata: markOf({ type: 'AI', seq: 1, createdAt: START }) }))
  t.hasStrict(thread.messages(), [{ status: 'sent' }])
  t.strictSame(thread.state().outbox.parts, [])
})

t.test('a report with an id completes the one made before the send: one row, one expectation', async (t) => {
  for (const text of ['on its way', ' on its  way ', null]) {
    const thread = createThread()
    thread.apply(report({ text: 'on its way', source: 'Workflow' }))
    thread.wait(SECOND)
    t.hasStrict(thread.apply(report({ mid: 'm1', text })), { matched: false, message: { seq: 1, mid: 'm1' } })
    t.hasStrict(thread.messages(), [{ seq: 1, mid: 'm1', text: 'on its way', source: 'Workflow', evidence: null }])
    t.equal(thread.messages().length, 1)
    t.equal(thread.state().sent.length, 1)
    t.hasStrict(thread.apply(echo({ mid: 'm1', text: 'on its way' })), { author: 'bot', evidence: 'message_id' })
    t.hasStrict(thread.apply(echo({ mid: 'm2', text: 'on its way' })), { author: 'human', message: { seq: 2 } })
    t.hasStrict(thread.pause(), { reason: 'human_echo' })
  }
})

t.test('a report with an id and no text is about the last that was reported without one', async (t) => {
  const thread = createThread()
  thread.apply(report({ text: 'first' }))
  thread.apply(report({ text: 'second' }))
  thread.apply(report({ mid: 'm2', text: null }))
  t.hasStrict(thread.messages(), [
    { text: 'first', mid: null },
    { text: 'second', mid: 'm2' },
  ])
})

const NOT_COMPLETED: readonly (readonly [string, (thread: Thread) => void])[] = [
  ['is another’s', (thread) => thread.apply(report({ text: 'hello', type: 'marketing' }))],
  ['has its id', (thread) => thread.apply(report({ text: 'hello', mid: 'm0' }))],
  ['has been heard', (thread) => [report(), echo({ mid: 'e1' })].map((event) => thread.apply(event))],
  ['is expected no more', (thread) => [thread.apply(report()), thread.wait(MINUTE)]],
  ['says something else', (thread) => thread.apply(report({ text: 'else' }))],
]

for (const [what, before] of NOT_COMPLETED) {
  t.test(`a report that ${what} is not completed by a later one`, async (t) => {
    const thread = createThread()
    before(thread)
    thread.apply(report({ mid: 'm1' }))
    t.hasStrict(thread.messages().at(-1), { seq: 2, mid: 'm1', text: 'hello' })
  })
}

t.test('a report completes no message of ours that is still on its way', async (t) => {
  const thread = createThread()
  thread.apply(outgoing({ text: 'hello' }))
  thread.apply(send(0))
  thread.apply(report({ mid: 'm1', text: 'hello' }))
  t.hasStrict(thread.messages(), [
    { status: 'sending', mid: null },
    { status: 'sent', mid: 'm1' },
  ])
})

t.test('the report that completes another names who sent it, where the first did not', async (t) => {
  for (const [first, second, source] of [
    ['Workflow', 'Node', 'Workflow'],
    ['api', 'Node', 'Node'],
  ] as const) {
    const thread = createThread()
    thread.apply(report({ mid: null, text: 'done', source: first }))
    thread.apply(report({ mid: 'm1', text: 'done', source: second }))
    t.hasStrict(thread.messages(), [{ mid: 'm1', text: 'done', source }])
    t.equal(thread.messages().length, 1)
  }
})
