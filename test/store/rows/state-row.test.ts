import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import {
  type Conversation,
  NO_INTRO,
  NO_NAMES,
  NOT_ASKING,
  newConversation,
} from '../../../src/conversation/state/state.js'
import { decodeState, encodeState } from '../../../src/store/rows/state-row.js'
import { closed, ID, message, part, run, START } from '../../fixtures/conversation.js'
import fc from '../../fixtures/property.js'
import { anyState } from './any-state.js'

t.test('a state comes back as it was', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(fc.property(anyState, (before) => isDeepStrictEqual(decodeState(ID, encodeState(before)), before))),
  )
})

t.test('every member is there', async (t) => {
  const keysOf = (of: object) => Object.keys(of).toSorted()
  const state = newConversation(ID, START)
  t.same(keysOf(decodeState(ID, encodeState(state))), keysOf(state))
  t.same(keysOf(decodeState(ID, encodeState(state)).asking), keysOf(NOT_ASKING))
})

t.test('an idle conversation is short: no names, and nothing for what is not there', async (t) => {
  t.equal(encodeState(newConversation(ID, START)), '[1767225600000]')
  const flag = { at: START, until: START, left: 1, text: null, idempotencyKey: null, parameters: '[1,null,null,false]' }
  const flagged = encodeState({ ...newConversation(ID, START), flags: [flag] })
  t.ok(flagged.length < 110, flagged)
})

t.test('each member of what is asked and sent is kept where it is the only one', async (t) => {
  const idle = newConversation(ID, START)
  const states: Partial<Conversation>[] = [
    { customerAt: START },
    { windowUntil: START },
    { setAside: [{ message: message(), at: message().arrivedAt }] },
    { setAside: [{ message: message(), at: message().arrivedAt + 5 }] },
    { early: [{ mid: 'm', at: START, text: null, madeAt: 0 }] },
    { early: [{ mid: 'm', at: START, text: '', madeAt: START }] },
    { intro: { seq: 3, hasLeft: false, personSeq: 0 } },
    { intro: { seq: 3, hasLeft: true, personSeq: 5 } },
    { asking: { ...NOT_ASKING, assistantId: 'c' } },
    { asking: { ...NOT_ASKING, attempts: 1 } },
    { asking: { ...NOT_ASKING, restUntil: START + 0.5 } },
    { asking: { ...NOT_ASKING, heldSince: START } },
    { asking: { ...NOT_ASKING, run: run() } },
    { asking: { ...NOT_ASKING, run: run({ names: { ...NO_NAMES, taskId: 't' } }) } },
    { outbox: { ...NO_OUTBOX, parts: [part()] } },
    { outbox: { ...NO_OUTBOX, setAside: [{ part: closed(), at: START }] } },
    { outbox: { ...NO_OUTBOX, dead: [{ seq: 1, reason: 'refused', code: '1', at: START, parts: [] }] } },
    { outbox: { ...NO_OUTBOX, posts: [{ key: 'k', body: 'b', at: START, seq: 1, reason: null }] } },
  ]
  for (const changes of states) {
    const state = { ...idle, ...changes }
    t.strictSame(decodeState(ID, encodeState(state)), state, JSON.stringify(changes))
  }
})

t.test('all that ask nothing and send nothing share that', async (t) => {
  for (const row of [
    '[5]',
    '[5,0,1,0,0,0,[],[],[],[],[],[],[],[],7]',
    '[5,0,1,0,0,0,[],[],[],[],[],[],[],[],7,null]',
  ]) {
    t.equal(decodeState(ID, row).outbox, NO_OUTBOX, row)
  }
  t.equal(decodeState(ID, '[5]').asking, NOT_ASKING)
  // As they were written before anything was asked or sent.
  const before = decodeState(ID, '[5,6,1,0,0,0,[],[],[],[],[],[],[],[["hi",6]]]')
  t.equal(before.asking, NOT_ASKING)
  t.equal(before.outbox, NO_OUTBOX)
  t.equal(before.customerAt, 0)
  t.strictSame(before.asked, [{ text: 'hi', arrivedAt: 6 }])
  const once = { ...newConversation(ID, 5), asking: { ...NOT_ASKING, assistantId: 'c' } }
  t.equal(decodeState(ID, encodeState(once)).outbox, NO_OUTBOX)
})

t.test('a state row with fields of a later version can be read', async (t) => {
  const state = { ...newConversation(ID, START), seq: 3, asked: [{ text: 'a', arrivedAt: 1 }] }
  t.strictSame(
    decodeState(ID, encodeState(state).replace(/\]$/, ',0,null,0,0,null,0,[],null,0,0,null,0,[],0,null,[],["new"],1]')),
    state,
  )
  const full = { ...state, outbox: { ...NO_OUTBOX, parts: [part()] } }
  t.strictSame(decodeState(ID, encodeState(full).replace(/\]$/, ',null,0,0,null,0,[],0,null,[],["new"],1]')), full)
})

t.test('a stored state row is read by every later version', async (t) => {
  t.strictSame(decodeState(ID, '[5]'), newConversation(ID, 5))
  t.strictSame(decodeState(ID, '[]'), newConversation(ID, 0))
  const stored =
    '[1767225600000,1767225600001,7,0,3,4,[[8640000000000000,"api",5,6,"note"],[9,"handover",5]],[[1,2,3,"t","k","[]"]],[8],' +
    '[[[1,20,"AI","text","m","hi","sent",null,8,"flag","W",1,"r","p",[{"kind":"image","url":"u","title":null}],' +
    '[{"by":"page","emoji":"x"}],9,10,11],13]],[[[2,30,"support","text",null,null,"sent"],-14]],' +
    '[],[],[["asked",15]],16,"c",1,17,["r",18,19,[[3,40,"customer","text","q","?","received"]],"t"],20,' +
    '[[[[4,50,"AI","text",null,"so","queued"],4,"while_on",51]],[],[],[["key","digest",52,4]]]]'
  t.strictSame(decodeState(ID, stored), {
    id: ID,
    createdAt: 1767225600000,
    lastMessageAt: 1767225600001,
    seq: 7,
    closedAt: 0,
    resumedAt: 3,
    promptAt: 4,
    causes: [
      { until: FOREVER, reason: 'api', at: 5, seq: 6, note: 'note' },
      { until: 9, reason: 'handover', at: 5, seq: 0, note: null },
    ],
    flags: [{ at: 1, until: 2, left: 3, text: 't', idempotencyKey: 'k', parameters: '[]' }],
    flagUses: [{ at: 8, seq: 0, raisedAt: 8, isTail: false, isDisputable: false }],
    spoken: [],
    sent: [
      {
        message: message({
          seq: 1,
          at: 12,
          arrivedAt: 20,
          type: 'AI',
          kind: 'text',
          mid: 'm',
          text: 'hi',
          attachments: [{ kind: 'image', url: 'u', title: null }],
          payload: 'p',
          status: 'sent',
          reason: null,
          evidence: 'flag',
          source: 'W',
          fromApp: true,
          replyTo: 'r',
          reactions: [{ by: 'page', emoji: 'x' }],
          readAt: 9,
          editedAt: 10,
          deletedAt: 11,
          shareSeq: 0,
          traceparent: null,
          answerId: null,
          feedback: null,
          answerUnsent: false,
          transcription: null,
        }),
        until: 33,
      },
    ],
    unclaimed: [
      { message: message({ seq: 2, at: 30, arrivedAt: 30, type: 'support', text: null, status: 'sent' }), at: 16 },
    ],
    waiting: [],
    setAside: [],
    asked: [{ text: 'asked', arrivedAt: 15 }],
    customerAt: 16,
    windowUntil: 0,
    intro: NO_INTRO,
    early: [],
    asking: {
      assistantId: 'c',
      attempts: 1,
      restUntil: 17,
      run: {
        id: 'r',
        startedAt: 18,
        leaseUntil: 19,
        messages: [message({ seq: 3, at: 40, arrivedAt: 40, mid: 'q', text: '?' })],
        names: { ...NO_NAMES, taskId: 't' },
      },
      heldSince: 20,
      share: null,
      awayFor: 0,
      answeredUpTo: 0,
      cutOffUntil: 0,
    },
    outbox: {
      parts: [
        part({
          message: message({ seq: 4, at: 50, arrivedAt: 50, type: 'AI', text: 'so', status: 'queued' }),
          group: 4,
          at: 51,
        }),
      ],
      setAside: [],
      dead: [],
      posts: [{ key: 'key', body: 'digest', at: 52, seq: 4, reason: null }],
    },
    profile: { name: null, username: null, picture: null, at: 0, isKnown: false },
  })
})
