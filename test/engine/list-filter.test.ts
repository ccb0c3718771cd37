import t from 'tap'
import { NO_OUTBOX } from '../../src/conversation/state/outbox-state.js'
import type { Conversation } from '../../src/conversation/state/state.js'
import {
  beginningOf,
  LIST_COUNT,
  LONGEST_TERM,
  listNumber,
  listsBeforeResume,
  listsThat,
  NO_FILTER,
  namesOf,
  passes,
  searchKey,
} from '../../src/engine/list-filter.js'
import { conversation, HOUR, ID, message, START } from '../fixtures/conversation.js'

const PAUSE = { until: START + HOUR, reason: 'api', at: START, seq: 0, note: null } as const

const of = (name: string | null, username: string | null = null) => ({
  at: START,
  isKnown: true,
  name,
  username,
  picture: null,
})

t.test('a search term is compared without case, surrounding spaces or an @', async (t) => {
  for (const [typed, key] of [
    ['  Ada  KING ', 'ada king'],
    ['@ada', 'ada'],
    ['', null],
    [' ', null],
    ['@', null],
    ['x'.repeat(100), 'x'.repeat(LONGEST_TERM)],
  ] as const) {
    t.equal(searchKey(typed), key, typed)
  }
})

t.test('a name is found by the beginning of each of its first five words, a username by its own', async (t) => {
  t.same(namesOf(of('Ada King', 'Countess.1')), ['countess.1', 'ada king', 'king'])
  t.same(namesOf(of('a b c d e f')), ['a b c d e f', 'b c d e f', 'c d e f', 'd e f', 'e f'])
  t.same(namesOf(of('ada', 'ADA')), ['ada'])
  t.same(namesOf(of(null)), [])
  t.same(namesOf(of(' ', '')), [])
  t.same(namesOf(of('x'.repeat(100))), ['x'.repeat(LONGEST_TERM)])
})

t.test('a conversation passes where all that is asked for holds', async (t) => {
  const state = (changes: Partial<Conversation> = {}) => conversation({ seq: 1, ...changes })
  for (const [changes, filter, expected] of [
    [{}, {}, true],
    [{ seq: 0 }, {}, false],
    [{}, { bot: 'on' }, true],
    [{ causes: [PAUSE] }, { bot: 'on' }, false],
    [{ causes: [PAUSE] }, { bot: 'paused' }, true],
    [{ causes: [{ ...PAUSE, until: START }] }, { bot: 'paused' }, false],
    [{ closedAt: 1 }, { state: 'open' }, false],
    [{ closedAt: 1 }, { state: 'closed', bot: 'on' }, true],
    [{ waiting: [message()] }, { waiting: true }, true],
    [{ waiting: [message()] }, { waiting: false }, false],
    [{}, { dead: true }, false],
    [{}, { dead: false }, true],
    [{}, { page: ID.split('-')[0]! }, true],
    [{}, { page: ID.slice(0, 3) }, false],
    [{}, { q: ID.split('-')[1]!.slice(0, 2) }, true],
    [{}, { q: ID }, true],
    [{}, { q: 'ada' }, false],
    [{ profile: of('Ada') }, { q: 'ad' }, true],
    [{ profile: of('Ada') }, { q: 'ad', bot: 'paused' }, false],
    [{ profile: { ...of('Ada'), isKnown: false } }, { q: 'ad' }, false],
  ] as const) {
    t.equal(passes(state(changes), { ...NO_FILTER, ...filter }, START), expected, JSON.stringify([changes, filter]))
  }
})

t.test('a filter names the lists whose conversations pass it, and no others', async (t) => {
  t.same(
    listsThat(NO_FILTER),
    Array.from({ length: LIST_COUNT }, (_, number) => number),
  )
  t.same(listsThat({ ...NO_FILTER, bot: 'paused', state: 'open', waiting: true, dead: true }), [13])
  t.equal(listNumber(conversation({ seq: 0 })), null)
  t.equal(listNumber(conversation({ seq: 1 })), 0)
  t.equal(listNumber(conversation({ seq: 1, closedAt: 1, waiting: [message()] })), 6)
  const dead = [{ seq: 1, reason: 'refused', code: '100', at: START, parts: [] }] as const
  t.equal(listNumber(conversation({ seq: 1, causes: [PAUSE], outbox: { ...NO_OUTBOX, dead } })), 9)
  t.same(listsThat({ ...NO_FILTER, state: 'closed', waiting: true }), [6, 7, 14, 15])
})

t.test('a conversation whose pause has ended is also looked for in the lists of paused ones', async (t) => {
  t.same(listsBeforeResume({ ...NO_FILTER, bot: 'on', state: 'closed', dead: false }), [3, 7])
  t.same(listsBeforeResume({ ...NO_FILTER, bot: 'paused' }), [])
  t.same(listsBeforeResume(NO_FILTER), [])
})

t.test('a search goes before a page: it names fewer', async (t) => {
  t.equal(beginningOf({ page: null, q: null }), null)
  t.equal(beginningOf({ page: '1', q: null }), '1-')
  t.equal(beginningOf({ page: '1', q: 'ada' }), 'ada')
})
