import t from 'tap'
import { append, type NewMessage, rewrite, timeOf } from '../../../src/conversation/state/draft.js'
import { type DeadLetter, NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { NOT_ASKING } from '../../../src/conversation/state/state.js'
import {
  conversation,
  customerMessage,
  draftOf,
  echo,
  flat,
  frozen,
  given,
  HOUR,
  message,
  PICTURE,
  part,
  report,
  run,
  START,
} from '../../fixtures/conversation.js'

const AS: NewMessage = {
  type: 'customer',
  status: 'received',
  reason: null,
  evidence: null,
  source: null,
  fromApp: false,
}

t.test('a message goes to the end of the history, with everything that was said', async (t) => {
  const draft = draftOf(frozen(conversation({ seq: 4 })))
  const said = customerMessage({ mid: 'm1', at: 0, text: 'this?', attachments: [PICTURE], payload: 'P', replyTo: 'm0' })
  const appended = append(given(draft, { now: START + 5 }), said, AS)
  t.strictSame(
    appended,
    message({
      seq: 5,
      at: START + 5,
      arrivedAt: START + 5,
      mid: 'm1',
      text: 'this?',
      attachments: [PICTURE],
      payload: 'P',
      replyTo: 'm0',
    }),
  )
  t.strictSame(draft.records, [appended])
  t.hasStrict(draft.state, { seq: 5, lastMessageAt: START + 5 })
})

t.test('a report has neither a payload nor anything that it replies to', async (t) => {
  const draft = draftOf(frozen(conversation()))
  const reported = append(given(draft, { now: START }), report({ mid: 'm1', text: 'done' }), {
    ...AS,
    type: 'AI',
    status: 'sent',
    source: 'Node',
    fromApp: true,
  })
  t.hasStrict(flat(reported), { payload: null, replyTo: null, mid: 'm1', text: 'done', source: 'Node', fromApp: true })
})

t.test('a message that comes late does not set the time of the last one back', async (t) => {
  const draft = draftOf(frozen(conversation({ lastMessageAt: START + 10 })))
  append(given(draft, { now: START + 5 }), echo(), { ...AS, type: 'support', status: 'sent' })
  t.equal(draft.state.lastMessageAt, START + 10)
})

t.test('a changed message changes wherever open work holds it', async (t) => {
  const old = message({ seq: 2 })
  const other = message({ seq: 1 })
  const changed = message({ seq: 2, text: 'edited' })
  const draft = draftOf(
    frozen(
      conversation({
        seq: 2,
        waiting: [other, old],
        unclaimed: [{ message: old, at: START }],
        setAside: [
          { message: other, at: START },
          { message: old, at: START },
        ],
        sent: [{ message: old, until: START + 1 }],
      }),
    ),
  )
  rewrite(draft, changed)
  t.strictSame(draft.records, [changed])
  t.strictSame(draft.state.waiting, [other, changed])
  t.strictSame(draft.state.unclaimed, [{ message: changed, at: START }])
  t.strictSame(draft.state.setAside, [
    { message: other, at: START },
    { message: changed, at: START },
  ])
  t.strictSame(draft.state.sent, [{ message: changed, until: START + 1 }])
})

t.test('a changed message that no open work holds changes the history alone', async (t) => {
  const state = frozen(conversation({ seq: 2, waiting: [message({ seq: 1 })] }))
  const draft = draftOf(state)
  rewrite(draft, message({ seq: 2, text: 'edited' }))
  t.strictSame(draft.state, state)
  t.equal(draft.state.waiting, state.waiting)
  t.equal(draft.records.length, 1)
})

t.test('a message is said when Meta says so, but never in the future', async (t) => {
  t.equal(timeOf({ at: START - HOUR }, START), START - HOUR)
  t.equal(timeOf({ at: START + 1 }, START), START)
  t.equal(timeOf({ at: 0 }, START), START)
})

t.test('a customer’s message moves the time of the last word on to its arrival; nobody else’s does', async (t) => {
  const draft = draftOf(frozen(conversation({ customerAt: START + 5 })))
  append(given(draft, { now: START + 10 }), customerMessage({ at: START + 3 }), AS)
  t.equal(draft.state.customerAt, START + 10)
  append(given(draft, { now: START + 20 }), echo({ at: START + 9 }), { ...AS, type: 'support', status: 'sent' })
  append(given(draft, { now: START + 20 }), report(), { ...AS, type: 'AI', status: 'sent' })
  t.equal(draft.state.customerAt, START + 10)
})

t.test('a changed message changes where it is held for its question', async (t) => {
  const held = { message: message({ seq: 2 }), until: START + HOUR }
  const draft = draftOf(frozen(conversation({ asking: { ...NOT_ASKING, share: held, run: run() } })))
  rewrite(draft, message({ seq: 2, text: 'edited' }))
  t.hasStrict(draft.state.asking, { share: { message: { text: 'edited' }, until: START + HOUR }, run: run() })
})

t.test('a changed message changes in the question that is being asked', async (t) => {
  const others = run({ messages: [message({ seq: 1 }), message({ seq: 2 })] })
  const state = frozen(conversation({ asking: { ...NOT_ASKING, run: others } }))
  const draft = draftOf(state)
  rewrite(draft, message({ seq: 2, text: 'edited' }))
  t.hasStrict(draft.state.asking.run?.messages, [{ text: 'hi' }, { text: 'edited' }])
  const unasked = draftOf(state)
  rewrite(unasked, message({ seq: 3, text: 'edited' }))
  t.equal(unasked.state.asking, state.asking)
})

t.test('a changed message changes in the outbox and in dead letters', async (t) => {
  const first = part({ message: message({ seq: 1, type: 'AI' }) })
  const second = part({ message: message({ seq: 2, type: 'AI' }) })
  const letter: DeadLetter = { seq: 2, reason: 'refused', code: '100', at: START, parts: [second] }
  const outbox = { ...NO_OUTBOX, parts: [first], dead: [letter] }
  const draft = draftOf(frozen(conversation({ outbox })))
  rewrite(draft, message({ seq: 1, type: 'AI', text: 'one' }))
  rewrite(draft, message({ seq: 2, type: 'AI', text: 'two' }))
  t.hasStrict(draft.state.outbox, {
    parts: [{ message: { text: 'one' } }],
    dead: [{ parts: [{ message: { text: 'two' } }] }],
  })
})

t.test('a change of a message that no open work holds is a change all the same: it must be committed', async (t) => {
  const before = frozen(conversation({ seq: 4 }))
  const draft = draftOf(before)
  rewrite(draft, message({ seq: 2, text: 'edited' }))
  t.not(draft.state, before)
  t.same(draft.state, before)
  t.match(draft.records, [{ seq: 2, text: 'edited' }])
})
