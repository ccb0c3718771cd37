import t from 'tap'
import { decide } from '../../../src/conversation/decide.js'
import {
  changesNothing,
  conversation,
  createThread,
  customerMessage,
  deletion,
  echo,
  edit,
  MINUTE,
  message,
  PICTURE,
  policy,
  reaction,
  read,
  report,
  SECOND,
  START,
  wake,
} from '../../fixtures/conversation.js'

t.test('an edited question is asked as it reads now', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', text: 'helo' }))
  thread.wait(MINUTE)
  const verdict = thread.apply(edit({ mid: 'c1', text: 'hello', at: START + SECOND }))
  t.hasStrict(verdict, { outcome: 'accepted', message: { seq: 1 } })
  t.hasStrict(thread.messages(), [{ text: 'hello', editedAt: START + SECOND, status: 'received' }])
  t.hasStrict(thread.state().waiting, [{ text: 'hello' }])
})

t.test('of two edits that arrive in the wrong order the later one counts', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', text: 'helo' }))
  thread.wait(MINUTE)
  thread.apply(edit({ mid: 'c1', text: 'hello!', at: START + 2 * SECOND }))
  thread.apply(edit({ mid: 'c1', text: 'hello', at: START + SECOND }))
  t.hasStrict(thread.messages(), [{ text: 'hello!', editedAt: START + 2 * SECOND }])
  t.hasStrict(thread.state().waiting, [{ text: 'hello!' }])
  thread.apply(edit({ mid: 'c1', text: 'hello!!', at: 0 }))
  t.hasStrict(thread.messages(), [{ text: 'hello!!' }], 'without a time it was made now')
})

t.test('so for edits that come before their message', async (t) => {
  for (const isLate of [false, true]) {
    const thread = createThread()
    thread.wait(MINUTE)
    thread.apply(edit({ mid: 'c1', text: 'hello!', at: START + 2 * SECOND }))
    if (!isLate) thread.apply(edit({ mid: 'c1', text: 'hello', at: START + SECOND }))
    thread.apply(customerMessage({ mid: 'c1', text: 'helo', at: START }))
    if (isLate) thread.apply(edit({ mid: 'c1', text: 'hello', at: START + SECOND }))
    t.hasStrict(thread.messages(), [{ text: 'hello!', editedAt: START + 2 * SECOND }])
    thread.apply(edit({ mid: 'c1', text: 'hello!!', at: START + 3 * SECOND }))
    t.hasStrict(thread.messages(), [{ text: 'hello!!', editedAt: START + 3 * SECOND }], 'made before the first arrived')
  }
})

t.test('one that was stored without the time of its making counts as made when it arrived', async (t) => {
  const state = conversation({ early: [{ mid: 'c1', at: START, text: 'hello!', madeAt: 0 }] })
  const unknown = { isSeen: false, isOurs: false, message: null }
  const { records } = decide(state, customerMessage({ mid: 'c1', text: 'helo' }), unknown, policy(), START + SECOND)
  t.hasStrict(records.at(-1), { text: 'hello!', outcome: { editedAt: START } })
})

t.test('what a question said before its edit may still be asked, and not what it says now', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', text: 'price of A?' }))
  thread.apply(edit({ mid: 'c1', text: 'price of B?' }))
  t.equal(thread.apply(customerMessage({ mid: 'c2', text: 'price of B?' })).reason, 'repeated_text')
  t.equal(thread.apply(customerMessage({ mid: 'c3', text: 'price of A?' })).reason, null)
  t.strictSame(
    thread.state().waiting.map(({ text }) => text),
    ['price of B?', 'price of A?'],
  )
})

t.test(
  'a picture with new words, and an edit of what is asked already, leave the memory of asked texts alone',
  async (t) => {
    const thread = createThread()
    thread.apply(customerMessage({ mid: 'c1', text: null, kind: 'image', attachments: [PICTURE] }))
    thread.apply(edit({ mid: 'c1', text: 'this one?' }))
    t.equal(thread.apply(customerMessage({ mid: 'c2', text: 'this one?' })).reason, null)
    thread.apply(customerMessage({ mid: 'c3', text: 'size?' }))
    thread.wait(5 * SECOND)
    thread.apply(wake())
    thread.apply(edit({ mid: 'c3', text: 'colour?' }))
    t.equal(thread.apply(customerMessage({ mid: 'c4', text: 'size?' })).reason, 'repeated_text')
  },
)

t.test('a deleted question is not asked, and nothing of it is kept', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', text: 'secret', attachments: [PICTURE], payload: 'P' }))
  thread.apply(customerMessage({ mid: 'c2', text: 'price?' }))
  thread.apply(deletion({ mid: 'c1' }))
  t.hasStrict(thread.messages()[0], {
    status: 'skipped',
    reason: null,
    text: null,
    payload: null,
    deletedAt: START,
  })
  t.strictSame(thread.messages()[0]?.attachments, [])
  t.strictSame(
    thread.state().waiting.map((each) => each.mid),
    ['c2'],
  )
  t.notMatch(JSON.stringify(thread.state()), /secret/)
})

t.test('a deleted message may be repeated at once', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', text: 'price?' }))
  thread.apply(deletion({ mid: 'c1' }))
  t.equal(thread.apply(customerMessage({ mid: 'c2', text: 'price?' })).reason, null)
})

t.test('deleting a repetition leaves the waiting message and the memory of it', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', text: 'price?' }))
  thread.apply(customerMessage({ mid: 'c2', text: 'price?' }))
  thread.apply(deletion({ mid: 'c2' }))
  t.equal(thread.state().waiting.length, 1)
  t.equal(thread.apply(customerMessage({ mid: 'c3', text: 'price?' })).reason, 'repeated_text')
})

t.test('a deleted picture leaves the memory of asked texts alone', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ text: 'price?' }))
  thread.apply(customerMessage({ mid: 'c2', text: null, kind: 'image', attachments: [PICTURE] }))
  thread.apply(deletion({ mid: 'c2' }))
  t.equal(thread.apply(customerMessage({ text: 'price?' })).reason, 'repeated_text')
})

t.test('a deleted message that was set aside does not come back with a pause undone', async (t) => {
  const thread = createThread()
  thread.apply(echo({ mid: 'e1' }))
  thread.apply(customerMessage({ mid: 'c1', text: 'secret' }))
  thread.apply(deletion({ mid: 'c1' }))
  thread.apply(report({ mid: 'e1' }))
  t.equal(thread.pause(), null)
  t.strictSame(thread.state().waiting, [])
  t.hasStrict(thread.messages()[1], { status: 'skipped', reason: 'bot_paused', text: null })
})

t.test('a deletion is not a message: it neither counts as one nor silences anybody', async (t) => {
  const thread = createThread()
  thread.apply(report({ mid: 'm1', text: 'oops' }))
  thread.apply(deletion({ mid: 'm1' }))
  t.equal(thread.state().seq, 1)
  t.equal(thread.pause(), null)
  t.hasStrict(thread.messages(), [{ status: 'sent', text: null }])
})

t.test('an edit that the deletion overtook does not bring the text back', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', text: 'secret' }))
  thread.apply(deletion({ mid: 'c1' }))
  thread.apply(edit({ mid: 'c1', text: 'more secret' }))
  t.hasStrict(thread.messages(), [{ text: null, editedAt: 0 }])
})

t.test('each side has one reaction, and takes it back', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1' }))
  thread.apply(reaction({ mid: 'c1', by: 'page', emoji: '👍' }))
  thread.apply(reaction({ mid: 'c1', by: 'customer', emoji: '❤' }))
  thread.apply(reaction({ mid: 'c1', by: 'page', emoji: '😂' }))
  t.strictSame(thread.messages()[0]?.reactions, [
    { by: 'customer', emoji: '❤' },
    { by: 'page', emoji: '😂' },
  ])
  thread.apply(reaction({ mid: 'c1', by: 'customer', emoji: null }))
  t.strictSame(thread.messages()[0]?.reactions, [{ by: 'page', emoji: '😂' }])
})

t.test('a message is read once', async (t) => {
  const thread = createThread()
  thread.apply(report())
  thread.wait(SECOND)
  thread.apply(read({ at: START + SECOND }))
  thread.wait(SECOND)
  thread.apply(read({ at: START + 2 * SECOND }))
  t.hasStrict(thread.messages(), [{ readAt: START + SECOND }])
})

t.test('a deletion that came before its message takes effect with it', async (t) => {
  const thread = createThread()
  t.hasStrict(thread.apply(deletion({ mid: 'c2' })), { outcome: 'accepted', message: null })
  thread.apply(customerMessage({ mid: 'c1', text: 'price?' }))
  thread.wait(50 * MINUTE)
  const verdict = thread.apply(customerMessage({ mid: 'c2', text: 'secret', attachments: [PICTURE] }))
  t.hasStrict(verdict, { outcome: 'accepted', message: { seq: 2, text: null, outcome: { deletedAt: START } } })
  t.hasStrict(thread.messages()[1], { status: 'skipped', reason: null, text: null, deletedAt: START })
  t.strictSame(
    thread.state().waiting.map((each) => each.mid),
    ['c1'],
  )
  t.strictSame(thread.state().early, [])
  t.notMatch(JSON.stringify(thread.state()), /secret/)
})

t.test('an edit that came before its message takes effect with it', async (t) => {
  const thread = createThread()
  thread.apply(edit({ mid: 'c1', text: 'hello', at: START }))
  thread.apply(edit({ mid: 'c1', text: 'hello?', at: START }))
  thread.apply(customerMessage({ mid: 'c1', text: 'helo' }))
  t.hasStrict(thread.messages(), [{ text: 'hello?', editedAt: START, status: 'received' }])
  t.hasStrict(thread.state(), { waiting: [{ text: 'hello?' }], early: [] })
})

t.test('so for a message of ours, which still is a person stepping in', async (t) => {
  const thread = createThread()
  thread.apply(deletion({ mid: 'e1' }))
  const verdict = thread.apply(echo({ mid: 'e1', text: 'hi' }))
  t.hasStrict(verdict, { author: 'human', message: { text: null, outcome: { deletedAt: START } } })
  t.hasStrict(thread.pause(), { reason: 'human_echo' })
})

t.test('an edit before its message does not bring a deleted text back', async (t) => {
  for (const order of [
    [deletion({ mid: 'c1' }), edit({ mid: 'c1', text: 'secret' })],
    [edit({ mid: 'c1', text: 'secret' }), deletion({ mid: 'c1' })],
  ]) {
    const thread = createThread()
    for (const event of order) thread.apply(event)
    t.notMatch(JSON.stringify(thread.state()), /secret/)
    thread.apply(customerMessage({ mid: 'c1', text: 'secret' }))
    t.hasStrict(thread.messages(), [{ text: null, editedAt: 0 }])
  }
})

t.test('a deletion or an edit waits an hour for its message', async (t) => {
  const thread = createThread()
  thread.apply(deletion({ mid: 'c1' }))
  thread.wait(60 * MINUTE)
  thread.apply(customerMessage({ mid: 'c1', text: 'hi' }))
  t.hasStrict(thread.messages(), [{ text: 'hi', deletedAt: 0 }])
  t.strictSame(thread.state().early, [])
})

for (const event of [edit({ mid: 'x', text: null }), reaction({ mid: 'x' }), read({ at: START }), read({ mid: 'x' })]) {
  t.test(`a change (${event.is}) to a message that nobody knows changes nothing`, async (t) => {
    const thread = createThread()
    const decision = thread.decision(event)
    t.ok(changesNothing(decision))
    t.hasStrict(decision.verdict, { outcome: 'accepted', message: null })
  })
}

t.test('what a voice message says is kept with it, in the history and where it is still to be asked', async (t) => {
  const thread = createThread()
  const voice = { kind: 'voice', url: 'https://cdn.example/1.mp4', title: null } as const
  thread.apply(customerMessage({ mid: 'c1', kind: 'voice', text: null, attachments: [voice] }))
  t.equal(thread.apply({ is: 'transcribed', seq: 1, text: 'how much?' }).outcome, 'accepted')
  t.hasStrict(thread.messages(), [{ text: null, transcription: 'how much?', attachments: [voice] }])
  t.hasStrict(thread.state().waiting, [{ outcome: { transcription: 'how much?' } }])
  thread.apply(deletion({ mid: 'c1' }))
  t.hasStrict(thread.messages(), [{ text: null, transcription: null, attachments: [] }])
  thread.apply(report({ text: 'ours' }))
  for (const seq of [1, 2, 9]) thread.apply({ is: 'transcribed', seq, text: 'too late' })
  t.hasStrict(thread.messages(), [{ transcription: null }, { transcription: null }])
})

t.test('what was heard is kept of a message that is open no more', async (t) => {
  const state = conversation({ seq: 1 })
  for (const [type, deletedAt, transcription] of [
    ['customer', 0, 'hi'],
    ['customer', START, undefined],
    ['support', 0, undefined],
  ] as const) {
    const known = { isSeen: false, isOurs: false, message: message({ type, deletedAt }) }
    const { records } = decide(state, { is: 'transcribed', seq: 1, text: 'hi' }, known, policy(), START)
    t.equal(records[0]?.outcome.transcription, transcription)
  }
})

t.test('an edit that says nothing leaves the text', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ mid: 'c1', text: 'hello' }))
  thread.apply(edit({ mid: 'c1', text: null, at: START }))
  t.hasStrict(thread.messages(), [{ text: 'hello', editedAt: START }])
})
