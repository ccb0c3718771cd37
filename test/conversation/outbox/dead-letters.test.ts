import t from 'tap'
import { deadLetter, discard, redrive } from '../../../src/conversation/outbox/dead-letters.js'
import { DEAD_LETTER_LIFE_MS } from '../../../src/conversation/state/lifetimes.js'
import { type DeadLetter, NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { hasDeadLetters } from '../../../src/conversation/state/state.js'
import {
  changesNothing,
  conversation,
  createThread,
  draftOf,
  echo,
  flat,
  frozen,
  given,
  HOUR,
  MINUTE,
  message,
  outgoing,
  part,
  SECOND,
  START,
  send,
  sendResult,
  type Thread,
} from '../../fixtures/conversation.js'

const LETTER: DeadLetter = {
  seq: 2,
  reason: 'attempts_exhausted',
  code: '613',
  at: START,
  parts: [
    part({ message: message({ seq: 2, type: 'AI', status: 'failed', reason: 'attempts_exhausted' }), attempts: 5 }),
    part({ message: message({ seq: 3, type: 'AI', status: 'cancelled', reason: 'attempts_exhausted' }) }),
  ],
}
const OTHER: DeadLetter = { ...LETTER, seq: 7, parts: [part({ message: message({ seq: 7, type: 'AI' }) })] }

/** A message that Meta did not take. */
function refused(): Thread {
  const thread = createThread()
  thread.apply(outgoing())
  thread.apply(send(0))
  const end = { is: 'dead', reason: 'refused', code: '100' } as const
  thread.apply(sendResult(end))
  return thread
}

t.test('a dead letter is found by the part that was given up', async (t) => {
  const state = conversation({ outbox: { ...NO_OUTBOX, dead: [OTHER, LETTER] } })
  t.equal(deadLetter(state, 2), LETTER)
  t.equal(deadLetter(state, 3), null)
})

t.test('a redriven letter is queued behind other parts as new, whatever the bot may do', async (t) => {
  const queued = part({ message: message({ seq: 9, type: 'AI', status: 'queued' }) })
  const outbox = { ...NO_OUTBOX, parts: [queued], dead: [LETTER, OTHER] }
  const draft = draftOf(frozen(conversation({ outbox })))
  redrive(given(draft, { now: START + HOUR }), LETTER)
  t.strictSame(draft.state.outbox.dead, [OTHER])
  t.equal(draft.state.outbox.parts[0], queued)
  const anew = {
    leaves: 'always',
    attempts: 0,
    claim: null,
    isSecondTry: false,
    stage: { is: 'queued', notBefore: START + HOUR, slotAt: 0 },
  }
  t.hasStrict(draft.state.outbox.parts.slice(1), [
    { ...anew, message: { seq: 2, status: 'queued', outcome: { reason: null } } },
    { ...anew, message: { seq: 3, status: 'queued', outcome: { reason: null } } },
  ])
  t.hasStrict(draft.records.map(flat), [
    { seq: 2, status: 'queued', reason: null },
    { seq: 3, status: 'queued', reason: null },
  ])
})

t.test('a discarded letter is gone, and the history keeps its messages’ status', async (t) => {
  const draft = draftOf(frozen(conversation({ outbox: { ...NO_OUTBOX, dead: [LETTER, OTHER] } })))
  discard(draft, LETTER)
  t.strictSame(draft.state.outbox.dead, [OTHER])
  t.strictSame(draft.records, [])
})

t.test('a redrive ignores pauses, also one that comes after it', async (t) => {
  const thread = refused()
  thread.apply(echo({ text: 'from me' }))
  t.equal(thread.apply({ is: 'redrive', seq: 1 }).outcome, 'accepted')
  t.notOk(hasDeadLetters(thread.state()))
  thread.wait(SECOND)
  thread.apply(echo({ text: 'me again' }))
  t.hasStrict(thread.apply(send(0)).leaving, {
    part: { message: { seq: 1 }, attempts: 1 },
  })
})

t.test('an order for a letter that is not there is refused', async (t) => {
  for (const is of ['redrive', 'discard'] as const) {
    const thread = refused()
    const unknown = thread.decision({ is, seq: 2 })
    t.equal(unknown.verdict.outcome, 'refused')
    t.ok(changesNothing(unknown))
    t.equal(thread.apply({ is, seq: 1 }).outcome, 'accepted')
    t.equal(thread.apply({ is, seq: 1 }).outcome, 'refused', 'it was carried out already')
  }
})

t.test('a letter lies for thirty days', async (t) => {
  const thread = refused()
  thread.wait(DEAD_LETTER_LIFE_MS - 1)
  thread.apply(echo())
  t.ok(hasDeadLetters(thread.state()))
  thread.wait(MINUTE)
  thread.apply(echo())
  t.notOk(hasDeadLetters(thread.state()))
  t.hasStrict(thread.messages()[0], { status: 'failed', reason: 'refused' })
})
