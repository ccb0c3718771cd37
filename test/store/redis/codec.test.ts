import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import type { Attachment, Message, Reaction } from '../../../src/conversation/message.js'
import { type Conversation, newConversation } from '../../../src/conversation/state.js'
import { decodeMessage, decodeState, encodeMessage, encodeState } from '../../../src/store/redis/codec.js'
import { ID, message, START } from '../../fixtures/conversation.js'

const KINDS = ['text', 'image', 'voice', 'video', 'file', 'share', 'sticker', 'story', 'postback', 'other'] as const
const time = fc.oneof(fc.constantFrom(0, START, FOREVER), fc.nat(2 ** 45))
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\ud800', '\u0000', '"\\\n\u2028', '👩‍👩‍👧 پست'),
)
/** As the program's own objects are. */
const record = <T>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(members, { noNullPrototype: true })
const orNull = (of: fc.Arbitrary<string>) => fc.option(of, { nil: null })

const attachment: fc.Arbitrary<Attachment> = record({
  kind: fc.constantFrom(...KINDS),
  url: orNull(fc.webUrl()),
  title: orNull(text),
})
const reaction: fc.Arbitrary<Reaction> = record({ by: fc.constantFrom('customer', 'page'), emoji: text })
const anyMessage: fc.Arbitrary<Message> = record({
  seq: fc.nat(2 ** 45),
  at: time,
  arrivedAt: time,
  type: fc.constantFrom('customer', 'support', 'AI', 'marketing', 'automation'),
  kind: fc.constantFrom(...KINDS),
  mid: orNull(text),
  text: orNull(text),
  attachments: fc.array(attachment, { maxLength: 3 }),
  payload: orNull(text),
  status: fc.constantFrom('received', 'processed', 'skipped', 'queued', 'sending', 'sent', 'cancelled', 'failed'),
  reason: fc.constantFrom(null, 'bot_paused', 'repeated_text', 'own_message'),
  evidence: fc.constantFrom(null, 'flag', 'message_id', 'none'),
  source: orNull(text),
  fromApp: fc.boolean(),
  replyTo: orNull(text),
  reactions: fc.array(reaction, { maxLength: 2 }),
  readAt: time,
  editedAt: time,
  deletedAt: time,
})
const dated = record({ message: anyMessage, at: time })
const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 3 })
const anyState: fc.Arbitrary<Conversation> = record({
  id: fc.constant(ID),
  createdAt: time,
  lastMessageAt: time,
  seq: fc.nat(2 ** 45),
  closedAt: time,
  resumedAt: time,
  promptAt: time,
  causes: few(
    record({
      until: time,
      reason: fc.constantFrom('human_echo', 'support_message', 'api', 'customer_request', 'assistant_failed'),
      at: time,
      seq: fc.nat(),
      note: orNull(text),
    }),
  ),
  flags: few(
    record({
      at: time,
      until: time,
      left: fc.nat(20),
      text: orNull(text),
      idempotencyKey: orNull(text),
      parameters: text,
    }),
  ),
  flagUses: few(time),
  sent: few(record({ message: anyMessage, until: time })),
  unclaimed: few(dated),
  waiting: few(anyMessage),
  setAside: few(dated),
  asked: few(record({ text, at: time })),
})

t.test('a message comes back as it was', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(fc.property(anyMessage, (before) => isDeepStrictEqual(decodeMessage(encodeMessage(before)), before))),
  )
})

t.test('a state comes back as it was', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(fc.property(anyState, (before) => isDeepStrictEqual(decodeState(ID, encodeState(before)), before))),
  )
})

t.test('every member of both is there', async (t) => {
  const keysOf = (of: object) => Object.keys(of).toSorted()
  const state = newConversation(ID, START)
  t.same(keysOf(decodeState(ID, encodeState(state))), keysOf(state))
  t.same(keysOf(decodeMessage(encodeMessage(message()))), keysOf(message()))
})

t.test('an idle conversation is short: no names, and nothing for what is not there', async (t) => {
  t.equal(encodeState(newConversation(ID, START)), '[1767225600000]')
  const flag = { at: START, until: START, left: 1, text: null, idempotencyKey: null, parameters: '[1,null,null,false]' }
  const flagged = encodeState({ ...newConversation(ID, START), flags: [flag] })
  t.ok(flagged.length < 110, flagged)
  const hi = encodeMessage(message({ mid: 'm', text: 'x', evidence: 'flag' }))
  t.ok(hi.length < 80, hi)
})

t.test('the scripts find a message’s number and the time it came at its beginning', async (t) => {
  t.match(encodeMessage(message({ seq: 12, at: 5, arrivedAt: START })), /^\[12,1767225600000,/)
})

t.test('what a later version added behind does not disturb this one', async (t) => {
  const state = { ...newConversation(ID, START), seq: 3, asked: [{ text: 'a', at: 1 }] }
  t.strictSame(decodeState(ID, encodeState(state).replace(/\]$/, ',["new"],1]')), state)
  const read = message({ deletedAt: 1 })
  t.strictSame(decodeMessage(encodeMessage(read).replace(/\]$/, ',"new"]')), read)
})

t.test('what is stored is read by every later version', async (t) => {
  t.strictSame(decodeState(ID, '[5]'), newConversation(ID, 5))
  t.strictSame(decodeState(ID, '[]'), newConversation(ID, 0))
  const stored =
    '[1767225600000,1767225600001,7,0,3,4,[[8640000000000000,"api",5,6,"note"],[9,"handover",5]],[[1,2,3,"t","k","[]"]],[8],' +
    '[[[1,20,"AI","text","m","hi","sent",null,8,"flag","W",1,"r","p",[{"kind":"image","url":"u","title":null}],' +
    '[{"by":"page","emoji":"x"}],9,10,11],13]],[[[2,30,"support","text",null,null,"sent"],-14]],' +
    '[],[],[["asked",15]]]'
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
    flagUses: [8],
    sent: [
      {
        message: {
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
        },
        until: 33,
      },
    ],
    unclaimed: [
      { message: message({ seq: 2, at: 30, arrivedAt: 30, type: 'support', text: null, status: 'sent' }), at: 16 },
    ],
    waiting: [],
    setAside: [],
    asked: [{ text: 'asked', at: 15 }],
  })
})
