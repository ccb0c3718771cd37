import t from 'tap'
import { changed, originOf, outcomeOf } from '../../../src/conversation/state/changed.js'
import { NO_ORIGIN, NO_OUTCOME, NO_REACTIONS } from '../../../src/conversation/state/message.js'
import { flat, type MessageFields, message, PICTURE, START } from '../../fixtures/conversation.js'

/** Each with a value that no plain message has. */
const CHANGES: Partial<MessageFields> = {
  type: 'AI',
  kind: 'image',
  mid: 'm',
  text: 'bye',
  attachments: [PICTURE],
  status: 'sent',
  evidence: 'flag',
  source: 'api',
  fromApp: true,
  answerId: 'a',
  payload: 'p',
  replyTo: 'r',
  traceparent: 't',
  reason: 'own_message',
  answerUnsent: true,
  shareSeq: 2,
  transcription: 'hm',
  reactions: [{ by: 'page', emoji: '❤' }],
  readAt: 3,
  editedAt: 4,
  deletedAt: 5,
  feedback: { rating: 'positive', comment: null, at: 6 },
}

t.test('each field is changed in its group, alone and together, and changed back', async (t) => {
  const plain = message()
  for (const [field, value] of Object.entries(CHANGES)) {
    const other = changed(plain, { [field]: value })
    t.strictSame(flat(other), { ...flat(plain), origin: other.origin, outcome: other.outcome, [field]: value })
    t.strictSame(changed(other, { [field]: flat(plain)[field as keyof MessageFields] }), plain)
  }
  const all = changed(plain, CHANGES)
  t.match(flat(all), CHANGES)
  t.strictSame(changed(all, {}), all)
  t.strictSame([all.seq, all.at, all.arrivedAt], [1, START, START])
})

t.test('a group that is empty, or empty again, is the shared one', async (t) => {
  const skipped = changed(message({ evidence: 'flag' }), { status: 'skipped', reason: 'bot_paused' })
  const back = changed(skipped, { status: 'received', reason: null, evidence: null })
  t.equal(back.outcome, NO_OUTCOME)
  t.equal(back.origin, NO_ORIGIN)
  t.equal(originOf(null, null, false, null, null, null, null), NO_ORIGIN)
  t.equal(outcomeOf(null, false, 0, null, NO_REACTIONS, 0, 0, 0, null), NO_OUTCOME)
  t.equal(outcomeOf(null, false, 0, null, [], 0, 0, 0, null), NO_OUTCOME)
})

t.test('the properties are in one order, whatever was changed', async (t) => {
  const keys = (of: object) => Object.keys(of)
  const plain = message()
  const all = changed(plain, CHANGES)
  t.strictSame(keys(all), keys(plain))
  t.strictSame([keys(all.origin), keys(all.outcome)], [keys(NO_ORIGIN), keys(NO_OUTCOME)])
})
