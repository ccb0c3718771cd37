import t from 'tap'
import { lastWords, noticesOf } from '../../src/conversation/notices.js'
import type { Message } from '../../src/conversation/state/message.js'
import type { Conversation } from '../../src/conversation/state/state.js'
import { conversation, flagUse, message, START } from '../fixtures/conversation.js'

const CAUSE = { until: START, reason: 'api', at: START, seq: 0, note: null } as const
const of = (seq: number, text = 'hello'): Message => message({ seq, text })

/** Short: what it is, and of which message. */
function told(before: Partial<Conversation>, after: Partial<Conversation>, records: readonly Message[]) {
  const from = conversation({ seq: 2, ...before })
  return noticesOf(from, { ...from, ...after }, records).map((notice) =>
    notice.is === 'status' ? 'status' : `${notice.is} ${notice.message.seq} ${notice.message.text}`,
  )
}

t.test(
  'those who look on are told what was said, what is not what it was, and whether the bot may speak',
  async (t) => {
    for (const [what, before, after, records, expected] of [
      ['nothing happened', {}, {}, [], []],
      ['a mark', {}, { flagUses: [flagUse()] }, [], []],
      ['a message', {}, { seq: 3 }, [of(3)], ['said 3 hello']],
      ['the first message', { seq: 0 }, { seq: 1 }, [of(1)], ['said 1 hello']],
      ['an edit', {}, {}, [of(2, 'edited')], ['changed 2 edited']],
      [
        'both, in their order',
        {},
        { seq: 4 },
        [of(4), of(1), of(3)],
        ['changed 1 hello', 'said 3 hello', 'said 4 hello'],
      ],
      ['one that was written twice', {}, { seq: 3 }, [of(3), of(3, 'again')], ['said 3 again']],
      ['a pause', {}, { causes: [CAUSE] }, [], ['status']],
      ['a takeover', {}, { seq: 3, causes: [CAUSE] }, [of(3)], ['said 3 hello', 'status']],
      ['another pause', { causes: [CAUSE] }, { causes: [CAUSE] }, [], ['status']],
      ['a pause that goes on', { causes: [CAUSE] }, { seq: 3 }, [of(3)], ['said 3 hello']],
      ['closed', {}, { closedAt: START }, [], ['status']],
      ['opened', { closedAt: START }, { closedAt: 0 }, [], ['status']],
      ['closed again', { closedAt: START }, { closedAt: START + 1 }, [], []],
    ] as const) {
      t.same(told(before, after, records), expected, what)
    }
  },
)

t.test('the last version of a message that was written twice counts, in the order of messages', async (t) => {
  t.same(lastWords([]), [])
  const one = [of(2)]
  t.equal(lastWords(one), one)
  t.same(lastWords([of(3), of(2), of(3, 'last')]), [of(2), of(3, 'last')])
})
