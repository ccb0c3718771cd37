import t from 'tap'
import { attachmentAnswer, textAnswer } from '../../../src/conversation/answer/answer.js'
import type { Policy } from '../../../src/conversation/channel.js'
import {
  dropParts,
  mayLeave,
  partLeft,
  patchOutbox,
  putPartsBack,
  queue,
  record,
  setPartsAside,
} from '../../../src/conversation/outbox/outbox.js'
import type { Draft } from '../../../src/conversation/state/draft.js'
import {
  type Leaves,
  NO_OUTBOX,
  type OpenPart,
  type Outbox,
  type Part,
  queuedPart,
} from '../../../src/conversation/state/outbox-state.js'
import type { Cause, Conversation, PauseReason } from '../../../src/conversation/state/state.js'
import {
  conversation,
  draftOf,
  flat,
  frozen,
  given,
  HOUR,
  MINUTE,
  message,
  PICTURE,
  part,
  policy,
  SECOND,
  START,
} from '../../fixtures/conversation.js'

const RULES = policy()
const LONG = `${'a'.repeat(900)}\n\n${'b'.repeat(900)}`

function cause(reason: PauseReason): Cause {
  return { until: START + HOUR, reason, at: START, seq: 1, note: null }
}

function numbered(seq: number, changes: Parameters<typeof part>[0] = {}): OpenPart {
  return part({ message: message({ seq, type: 'AI', status: 'queued' }), group: seq, ...changes })
}

function sending(seq: number): OpenPart {
  return numbered(seq, { message: message({ seq, type: 'AI', status: 'sending' }) })
}

function draftWith(outbox: Partial<Outbox>, changes: Partial<Conversation> = {}): Draft {
  return draftOf(frozen(conversation({ ...changes, outbox: { ...NO_OUTBOX, ...outbox } })))
}

function seqs(parts: readonly Part[]): readonly number[] {
  return parts.map((each) => each.message.seq)
}

t.test('a long text waits in as many parts as the platform needs, all of one message', async (t) => {
  const draft = draftOf(frozen(conversation({ seq: 3, outbox: { ...NO_OUTBOX, parts: [numbered(3)] } })))
  const first = queue(given(draft, { policy: RULES, now: START + 5 }), {
    type: 'AI',
    answer: textAnswer(LONG),
    leaves: 'while_on',
    tag: 'T',
  })
  t.hasStrict(flat(first), {
    seq: 4,
    type: 'AI',
    status: 'queued',
    text: 'a'.repeat(900),
    fromApp: true,
    at: START + 5,
  })
  t.strictSame(seqs(draft.state.outbox.parts), [3, 4, 5])
  const common = {
    group: 4,
    leaves: 'while_on',
    tag: 'T',
    attempts: 0,
    claim: null,
    isSecondTry: false,
    stage: { is: 'queued', notBefore: START + 5, slotAt: 0 },
  }
  t.hasStrict(draft.state.outbox.parts.slice(1), [common, { ...common, message: { text: 'b'.repeat(900) } }])
  t.equal(draft.records.length, 2)
})

t.test('on Messenger the same text is one part', async (t) => {
  const draft = draftOf(frozen(conversation()))
  queue(given(draft, { policy: policy({ platform: 'facebook' }), now: START }), {
    type: 'AI',
    answer: textAnswer(LONG),
    leaves: 'always',
  })
  t.hasStrict(draft.state.outbox.parts, [{ tag: null, leaves: 'always' }])
  t.equal(draft.state.outbox.parts.length, 1)
})

for (const [says, answer, content] of [
  ['an attachment', attachmentAnswer(PICTURE), { text: null, kind: 'image' }],
  ['a text of nothing visible', textAnswer('  '), { text: '  ', kind: 'text', attachments: [] }],
] as const) {
  t.test(`${says} is one message`, async (t) => {
    const draft = draftOf(frozen(conversation()))
    const as = { status: 'cancelled', reason: 'bot_paused' } as const
    const recorded = record(
      given(draft, { policy: RULES, now: START }),
      { type: 'marketing', leaves: 'while_on', answer },
      as,
    )
    t.hasStrict(
      recorded.map((each) => flat(each.message)),
      [{ type: 'marketing', ...as, ...content }],
    )
    t.equal(recorded.length, 1)
    t.strictSame(
      draft.records,
      recorded.map((each) => each.message),
    )
    t.strictSame(draft.state.outbox.parts, [])
  })
}

/** What each kind of part does in each kind of silence. */
for (const [says, state, rules, leaving] of [
  ['a bot that may speak', {}, {}, ['while_on', 'as_farewell', 'always']],
  ['a person', { causes: [cause('human_echo')] }, {}, ['always']],
  ['an operator', { causes: [cause('api')] }, {}, ['always']],
  ['its own failure', { causes: [cause('assistant_failed')] }, {}, ['as_farewell', 'always']],
  ['the customer’s wish', { causes: [cause('customer_request')] }, {}, ['as_farewell', 'always']],
  ['its own failure and a person', { causes: [cause('assistant_failed'), cause('support_message')] }, {}, ['always']],
  ['a closed conversation', { closedAt: START }, {}, ['always']],
  ['a bot that is off', {}, { mode: 'off' }, ['as_farewell', 'always']],
] as readonly (readonly [string, Partial<Conversation>, Partial<Policy>, readonly Leaves[]])[]) {
  t.test(`whether a part leaves during a pause is for ${says} to decide`, async (t) => {
    const all: readonly Leaves[] = ['while_on', 'as_farewell', 'always']
    const may = all.filter((leaves) => mayLeave(conversation(state), part({ leaves }), policy(rules), START))
    t.strictSame(may, leaving)
  })
}

t.test('a way of leaving outside of the union is a fault', async (t) => {
  const strange = part({ leaves: 'surprise' as never })
  t.throws(() => mayLeave(conversation(), strange, RULES, START), /not a member of the union/)
})

t.test('parts that may not be sent any more are cancelled with a reason, one on the wire stays', async (t) => {
  const parts = [sending(1), numbered(2), numbered(3, { leaves: 'always' }), numbered(4, { leaves: 'as_farewell' })]
  const draft = draftWith({ parts }, { causes: [cause('human_echo')] })
  t.strictSame(seqs(dropParts(given(draft, { policy: RULES, now: START }))), [2, 4])
  t.strictSame(seqs(draft.state.outbox.parts), [1, 3])
  t.hasStrict(draft.records.map(flat), [
    { seq: 2, status: 'cancelled', reason: 'bot_paused' },
    { seq: 4, status: 'cancelled', reason: 'bot_paused' },
  ])
})

t.test('dropping parts changes nothing when all may leave', async (t) => {
  const draft = draftWith({ parts: [numbered(1)] })
  const before = draft.state
  t.strictSame(dropParts(given(draft, { policy: RULES, now: START })), [])
  t.equal(draft.state, before)
})

t.test('parts set aside less than a minute ago are put back in their order', async (t) => {
  const draft = draftWith({ parts: [numbered(4)] })
  setPartsAside(given(draft, { now: START }), [numbered(1)])
  setPartsAside(given(draft, { now: START + SECOND }), [numbered(3, { slotAt: START }), numbered(5)])
  putPartsBack(given(draft, { now: START + MINUTE }))
  t.strictSame(seqs(draft.state.outbox.parts), [3, 4, 5])
  t.hasStrict(draft.state.outbox.parts[0], { stage: { is: 'queued', notBefore: START + MINUTE, slotAt: 0 } })
  t.strictSame(draft.state.outbox.setAside, [])
  t.hasStrict(draft.records.map(flat), [
    { seq: 3, status: 'queued', reason: null },
    { seq: 5, status: 'queued', reason: null },
  ])
})

t.test('a part that is put back does not overtake the one on the wire', async (t) => {
  const draft = draftWith({ parts: [sending(7), numbered(8)], setAside: [{ part: numbered(2), at: START }] })
  putPartsBack(given(draft, { now: START }))
  t.strictSame(seqs(draft.state.outbox.parts), [7, 2, 8])
})

t.test('without parts set aside nothing is put back', async (t) => {
  const draft = draftWith({ parts: [numbered(1)] })
  const before = draft.state
  setPartsAside(given(draft, { now: START }), [])
  putPartsBack(given(draft, { now: START }))
  t.equal(draft.state, before)
})

t.test('five hundred parts are kept aside at the most, the newest', async (t) => {
  const draft = draftWith({})
  setPartsAside(
    given(draft, { now: START }),
    Array.from({ length: 501 }, (_, index) => numbered(index + 1)),
  )
  t.equal(draft.state.outbox.setAside.length, 500)
  t.equal(draft.state.outbox.setAside[0]?.part.message.seq, 2)
})

t.test('a part that is queued anew needs a new place in the rate, and keeps the number of its attempts', async (t) => {
  const lost = numbered(1, {
    message: message({ status: 'unknown', reason: 'unknown_outcome' }),
    attempts: 2,
    slotAt: START,
  })
  t.hasStrict(queuedPart(lost, START + 5), {
    message: { status: 'queued', outcome: { reason: null } },
    stage: { is: 'queued', notBefore: START + 5, slotAt: 0 },
    attempts: 2,
  })
})

t.test('the cooldown begins when the last part has left, and never ends earlier for it', async (t) => {
  const busy = draftWith({ parts: [numbered(1)] })
  partLeft(given(busy, { policy: RULES, now: START }))
  t.equal(busy.state.asking.restUntil, 0)
  const done = draftWith({})
  partLeft(given(done, { policy: RULES, now: START }))
  t.equal(done.state.asking.restUntil, START + 3 * SECOND)
  partLeft(given(done, { policy: RULES, now: START - SECOND }))
  t.equal(done.state.asking.restUntil, START + 3 * SECOND)
})

t.test('a change of the outbox leaves the rest of it alone', async (t) => {
  const draft = draftWith({ parts: [numbered(1)] })
  patchOutbox(draft, { posts: [] })
  t.strictSame(seqs(draft.state.outbox.parts), [1])
})
