import t from 'tap'
import type { Message } from '../../../src/conversation/state/message.js'
import { missingIn } from '../../../src/engine/backfill/missing-messages.js'
import type { ThreadMessage } from '../../../src/engine/providers.js'
import { MINUTE, message, PICTURE, SECOND, START } from '../../fixtures/conversation.js'

const WORDS = ['🤖']
const NOON = START + 12 * 60 * MINUTE

function said(mid: string, changes: Partial<ThreadMessage> = {}): ThreadMessage {
  const plain = { at: NOON, isOurs: false, kind: 'text', text: mid, attachments: [] } as const
  return { mid, ...plain, storyMention: false, supported: true, ...changes }
}

const ours = (mid: string, changes: Partial<ThreadMessage> = {}) => said(mid, { isOurs: true, ...changes })
const sent = (changes: Parameters<typeof message>[0] = {}) =>
  message({ type: 'AI', status: 'sent', at: NOON, ...changes })
const mids = (thread: readonly ThreadMessage[], history: readonly Message[] = [], since = START) =>
  missingIn(thread, history, since, WORDS).map(({ mid }) => mid)

t.test('a missing message becomes an event of the backfill, with Meta’s time and content', async (t) => {
  const picture = said('a', { kind: 'image', text: null, attachments: [PICTURE] })
  t.match(missingIn([picture, ours('b', { at: NOON + 1, storyMention: true })], [], START, WORDS), [
    { is: 'message', mid: 'a', at: NOON, kind: 'image', attachments: [PICTURE], via: 'backfill', isAnswered: true },
    { is: 'echo', mid: 'b', at: NOON + 1, text: 'b', storyMention: true, via: 'backfill' },
  ])
})

t.test('only what was said in the period is missing', async (t) => {
  t.same(mids([said('a', { at: NOON - 1 }), said('b')], [], NOON), ['b'])
})

t.test('what the history has by its id is not missing', async (t) => {
  t.same(mids([said('a'), said('b')], [message({ mid: 'a', text: 'something else', at: START })]), ['b'])
})

for (const [what, there, here, isKnown] of [
  ['of the same side, time and text', said('x', { text: 'a  b' }), message({ mid: 'y', text: ' a b', at: NOON }), true],
  ['of two seconds before', said('x'), message({ text: 'x', at: NOON + 2 * SECOND }), true],
  ['of another time', said('x'), message({ text: 'x', at: NOON + 2 * SECOND + 1 }), false],
  ['of the other side', ours('x'), message({ text: 'x', at: NOON }), false],
  ['of another text', said('x'), message({ text: 'y', at: NOON }), false],
  [
    'of the same kind without a text',
    said('x', { text: null, kind: 'image', attachments: [PICTURE] }),
    message({ text: null, kind: 'image', attachments: [PICTURE], at: NOON }),
    true,
  ],
  [
    'of another kind without anything',
    said('x', { text: null, kind: 'other' }),
    message({ text: null, kind: 'sticker', at: NOON }),
    false,
  ],
  [
    'without anything, of the same kind',
    said('x', { text: null, kind: 'other' }),
    message({ text: null, kind: 'other', at: NOON }),
    true,
  ],
  ['that we queued a while before', ours('x'), sent({ text: 'x', at: NOON - 10 * MINUTE, fromApp: true }), true],
  ['that somebody else sent before', ours('x'), sent({ text: 'x', at: NOON - 10 * MINUTE }), false],
  ['that we queued after it', ours('x'), sent({ text: 'x', at: NOON + 10 * SECOND, fromApp: true }), false],
  ['that may not have arrived', ours('x'), sent({ text: 'x', status: 'unknown', fromApp: true }), false],
] as const) {
  t.test(`a message ${what} ${isKnown ? 'is' : 'is not'} one of the history`, async (t) => {
    t.same(mids([there], [here]), isKnown ? [] : ['x'])
  })
}

t.test('a message of the history stands for one of the thread, first for that with its id', async (t) => {
  const thread = [said('a', { text: 'yes' }), said('b', { text: 'yes' })]
  t.same(mids(thread, [message({ mid: 'b', text: 'yes', at: NOON })]), ['a'])
  t.same(mids(thread, [message({ mid: null, text: 'yes', at: NOON })]), ['b'])
})

t.test('a message is answered when anybody of ours wrote after it', async (t) => {
  const isAnswered = (thread: readonly ThreadMessage[], history: readonly Message[] = []) =>
    missingIn(thread, history, START, WORDS).flatMap((event) => (event.is === 'message' ? [event.isAnswered] : []))
  t.same(isAnswered([said('a'), ours('b'), said('c')]), [true, false])
  t.same(isAnswered([said('a'), ours('🤖')]), [false], 'but handed back')
  t.same(isAnswered([said('a')], [sent({ text: '🤖', type: 'support', at: NOON + MINUTE })]), [false])
  t.same(isAnswered([said('a'), ours('b')], [sent({ mid: 'b' })]), [true], 'also where that is known')
  t.same(isAnswered([said('a'), ours('b')], [sent({ mid: 'b', type: 'automation' })]), [false], 'but not Meta itself')
  t.same(isAnswered([said('a')], [sent({ at: NOON + SECOND })]), [true], 'or the thread does not show it yet')
  t.same(isAnswered([said('a')], [sent({ at: NOON + SECOND - 1 })]), [false], 'Meta cuts its times to seconds')
  t.same(isAnswered([said('a')], [sent({ at: NOON + MINUTE, status: 'failed' })]), [false])
  t.same(isAnswered([said('a')], [message({ at: NOON + MINUTE })]), [false])
})
