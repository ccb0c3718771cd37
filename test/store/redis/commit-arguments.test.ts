import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import type { Notice } from '../../../src/conversation/notices.js'
import type { Message } from '../../../src/conversation/state/message.js'
import { type DeadLetter, NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import type { Cause, Conversation } from '../../../src/conversation/state/state.js'
import type { Change } from '../../../src/engine/ports.js'
import { type Commit, commitArguments, listsTouched } from '../../../src/store/redis/commit-arguments.js'
import { COMMIT_FACTS } from '../../../src/store/redis/commit-script.js'
import { handledHash, oursHash } from '../../../src/store/redis/seen.js'
import type { Remembered } from '../../../src/store/redis/state-cache.js'
import { encodeMessage } from '../../../src/store/rows/message-row.js'
import { messageTexts, NO_TEXTS } from '../../../src/store/rows/message-texts.js'
import { encodeState } from '../../../src/store/rows/state-row.js'
import { closed, conversation, HOUR, ID, MINUTE, message, part, START } from '../../fixtures/conversation.js'
import { change } from '../../fixtures/store-contract.js'

const DAY = 24 * HOUR
/** Some minutes into an hour and some hours into a day. */
const NOW = START + 10 * HOUR + 5 * MINUTE
const PLACE = NOW * 1000
const NONE: Remembered = { state: null, version: null, texts: NO_TEXTS, dueAt: FOREVER, isDoubtful: false }
const DEAD: DeadLetter = { seq: 1, reason: 'refused', code: '100', at: NOW, parts: [closed()] }
const PAUSE: Cause = { until: NOW + HOUR, reason: 'api', at: NOW, seq: 0, note: null }

const based = (state: Partial<Conversation>, dueAt: number | null = FOREVER): Remembered => ({
  state: conversation(state),
  version: 'v'.repeat(20),
  texts: NO_TEXTS,
  dueAt,
  isDoubtful: false,
})

const records = (...seqs: readonly number[]) => seqs.map((seq) => message({ seq, text: `text ${seq}` }))

/** What the script gets, by name. */
function argumentsFor(
  before: Remembered,
  state: Partial<Conversation> | null,
  changes: Partial<Change> = {},
  more: Partial<Commit> = {},
) {
  const whole = state === null ? null : conversation(state)
  const next = whole && { state: whole, version: 'w'.repeat(20), texts: messageTexts(before, whole) }
  const { keepUntil = 0, historyTtlMs = 30 * DAY, ...rest } = changes
  return commitArguments({
    id: ID,
    based: before,
    next,
    change: change({ keepUntil, historyTtlMs, ...rest }),
    now: NOW,
    seenUntil: NOW + 2 * DAY,
    place: PLACE,
    live: 'mr:live',
    ...more,
  })
}

t.test('all arguments are texts', async (t) => {
  const args = commitArguments({
    id: ID,
    based: NONE,
    next: { state: conversation({ seq: 1 }), version: 'w'.repeat(20), texts: NO_TEXTS },
    change: change({ records: [message()], key: 'k', ownId: 'o', notOurs: 'n', dueAt: NOW }),
    now: NOW,
    seenUntil: 1,
    place: 1,
    live: 'mr:live',
  })
  const all = [...COMMIT_FACTS.map((name) => args[name]), args.value, ...args.more]
  t.same(
    all.filter((arg) => typeof arg !== 'string'),
    [],
  )
  t.equal(all.length, 22)
})

t.test('a commit’s arguments have its base version, its new value and its conditions', async (t) => {
  const state = conversation({ seq: 1 })
  t.match(argumentsFor(NONE, state, { key: 'k', ownId: 'o', notOurs: 'n' }), {
    based: '',
    value: `${'w'.repeat(20)}${encodeState(state)}`,
    id: ID,
    handled: handledHash('k'),
    notOurs: oursHash('n'),
    ownId: oursHash('o'),
    seenUntil: String(NOW + 2 * DAY),
  })
  t.match(argumentsFor(based({}), state), { based: 'v'.repeat(20), handled: '', notOurs: '', ownId: '' })
})

t.test('a commit without a state writes only the ids', async (t) => {
  t.same(argumentsFor(based({ seq: 1 }), null, { key: 'k', dueAt: NOW, records: [message()] }), {
    based: 'v'.repeat(20),
    value: '',
    expiresAt: '',
    id: ID,
    handled: handledHash('k'),
    notOurs: '',
    ownId: '',
    seenUntil: String(NOW + 2 * DAY),
    dueAt: '',
    place: '',
    moves: '',
    foundBy: '',
    historyExpiresAt: '',
    isSetAnew: '',
    tidyBefore: '',
    added: '',
    waiting: '',
    more: [],
    live: '',
    head: '',
    isStateTold: '',
    notified: '',
  })
})

t.test('a state lives as long as its history, a week at least, and until what it is kept for', async (t) => {
  for (const [what, state, changes, expires] of [
    ['history of a month', { seq: 1 }, {}, NOW + 30 * DAY],
    ['history of an hour', { seq: 1 }, { historyTtlMs: HOUR }, NOW + 7 * DAY],
    ['no history', { seq: 1 }, { historyTtlMs: 0 }, NOW + 7 * DAY],
    ['history for ever', { seq: 1 }, { historyTtlMs: FOREVER }, ''],
    ['a long pause', { seq: 1 }, { keepUntil: NOW + 90 * DAY }, NOW + 90 * DAY],
    ['a short pause', { seq: 1 }, { keepUntil: NOW + HOUR }, NOW + 30 * DAY],
    ['a pause without end', { seq: 1 }, { keepUntil: FOREVER }, ''],
    ['only a mark', {}, {}, NOW + HOUR],
    ['only a mark that lasts', {}, { keepUntil: NOW + 2 * HOUR }, NOW + 2 * HOUR],
    ['only a mark, history for ever', {}, { historyTtlMs: FOREVER }, NOW + HOUR],
    ['closed without a word', { closedAt: NOW }, {}, NOW + 30 * DAY],
    ['paused without a word', { causes: [PAUSE] }, { keepUntil: NOW + HOUR }, NOW + 30 * DAY],
    ['an odd end', { seq: 1 }, { keepUntil: NOW + 90 * DAY + 0.5 }, NOW + 90 * DAY + 1],
  ] as const) {
    t.equal(argumentsFor(NONE, state, changes).expiresAt, String(expires), what)
  }
})

t.test('the due index is touched only where the time changes', async (t) => {
  for (const [before, dueAt, due] of [
    [FOREVER, FOREVER, ''],
    [FOREVER, NOW, String(NOW)],
    [NOW, NOW, ''],
    [NOW, NOW + 1, String(NOW + 1)],
    [NOW, FOREVER, '0'],
    // What another process set there is not known here.
    [null, FOREVER, '0'],
    [null, NOW, String(NOW)],
  ] as const) {
    t.equal(argumentsFor(based({}, before), {}, { dueAt }).dueAt, due, `${before} to ${dueAt}`)
  }
})

t.test('the lists are touched where a conversation comes in, moves or goes', async (t) => {
  const place = String(PLACE)
  const outbox = { ...NO_OUTBOX, dead: [DEAD] }
  for (const [what, before, after, told, moves, found] of [
    ['a mark for a stranger', null, {}, '', '', ''],
    ['the first message', null, { seq: 1 }, place, '', '+'],
    ['the first message after a mark', {}, { seq: 1 }, place, '', '+'],
    ['the next message', { seq: 1 }, { seq: 2 }, place, '', ''],
    ['a mark', { seq: 1 }, { seq: 1 }, '', '', ''],
    ['the first message pauses', null, { seq: 1, causes: [PAUSE] }, place, '', '+'],
    ['a pause', { seq: 1 }, { seq: 1, causes: [PAUSE] }, place, 'moved here', ''],
    ['a message pauses', { seq: 1 }, { seq: 2, causes: [PAUSE] }, place, 'moved', ''],
    ['a message while paused', { seq: 1, causes: [PAUSE] }, { seq: 2, causes: [PAUSE] }, place, '', ''],
    ['a mark while paused', { seq: 1, causes: [PAUSE] }, { seq: 1, causes: [PAUSE] }, '', '', ''],
    ['the end of a pause', { seq: 1, causes: [PAUSE] }, { seq: 1 }, place, 'moved here', ''],
    ['a pause in silence', null, { causes: [PAUSE] }, place, '', '+'],
    ['the end of a pause in silence', { causes: [PAUSE] }, {}, '0', 'moved', '-'],
    ['a part dies', { seq: 1 }, { seq: 1, outbox }, place, 'moved here', ''],
    ['another one dies', { seq: 1, outbox }, { seq: 1, outbox: { ...outbox, dead: [DEAD, DEAD] } }, '', '', ''],
    ['what waits to leave is not dead', { seq: 1 }, { seq: 1, outbox: { ...NO_OUTBOX, parts: [part()] } }, '', '', ''],
    ['a question waits', { seq: 1 }, { seq: 2, waiting: records(2) }, place, 'moved', ''],
  ] as const) {
    const args = argumentsFor(before === null ? NONE : based(before), after)
    t.match(args, { place: told, moves, foundBy: found }, what)
  }
})

t.test('the lists are the one that it is in from now on and the one that it was in', async (t) => {
  const paused = conversation({ seq: 1, causes: [PAUSE] })
  const closed = conversation({ seq: 1, closedAt: 5 })
  for (const [before, after, lists] of [
    [null, null, [0, 0]],
    [null, paused, [1, 0]],
    [paused, null, [1, 1]],
    [paused, closed, [2, 1]],
    [closed, conversation({}), [2, 2]],
  ] as const) {
    t.same(listsTouched(before, after), lists)
  }
})

t.test(
  'what a conversation is found by is told when it comes in, and when its customer is called otherwise',
  async (t) => {
    const profile = { at: 5, isKnown: true, name: 'Ada King', username: 'countess', picture: null }
    const found = '+countess\nada king\nking'
    t.equal(argumentsFor(NONE, { seq: 1, profile }).foundBy, found)
    t.equal(argumentsFor(based({ seq: 1 }), { seq: 1, profile }).foundBy, found)
    t.equal(argumentsFor(based({ seq: 1, profile }), { seq: 2, profile }).foundBy, '')
    t.equal(argumentsFor(based({}), { profile }).foundBy, '', 'nobody looks for whom nobody heard')
  },
)

t.test('new messages are appended in their order, older ones replaced by their number', async (t) => {
  const [first, third, fourth] = records(1, 3, 4)
  const args = argumentsFor(based({ seq: 2 }), { seq: 4 }, { records: [fourth!, first!, third!] })
  t.equal(args.added, '2')
  t.same(args.more, [encodeMessage(third!), encodeMessage(fourth!), '1', encodeMessage(first!)])
  const changed = argumentsFor(based({ seq: 2 }), { seq: 2 }, { records: records(2) })
  t.match(changed, { added: '', more: ['2', encodeMessage(records(2)[0]!)] })
  t.match(argumentsFor(NONE, { seq: 1 }, { records: records(1) }), { added: '1', more: { length: 1 } })
})

t.test('the last version of a message that was written twice is stored', async (t) => {
  const again = message({ seq: 1, text: 'again' })
  const args = argumentsFor(NONE, { seq: 2 }, { records: [...records(1, 2), again] })
  t.same(args.more, [encodeMessage(again), encodeMessage(records(2)[0]!)])
})

t.test('a channel that keeps no history has none written, and what is there dropped', async (t) => {
  for (const state of [{ seq: 3 }, { seq: 2 }]) {
    const args = argumentsFor(based({ seq: 2 }), state, { records: records(1, 3), historyTtlMs: 0 })
    t.match(args, { added: '', more: [], historyExpiresAt: '0', isSetAnew: '', tidyBefore: '' })
  }
})

t.test('a history’s end is told with every message, and set anew in the first of each hour', async (t) => {
  const of = (lastMessageAt: number, historyTtlMs: number, withMessage = true) =>
    argumentsFor(
      based({ seq: 1, lastMessageAt }),
      { seq: withMessage ? 2 : 1 },
      { historyTtlMs, records: withMessage ? records(2) : records(1) },
    )
  for (const [what, args, historyExpires, isSetAnew] of [
    ['within the hour', of(NOW - 4 * MINUTE, 30 * DAY), NOW + 30 * DAY + HOUR, ''],
    ['the first of the hour', of(NOW - 6 * MINUTE, 30 * DAY), NOW + 30 * DAY + HOUR, '1'],
    ['the first of all', argumentsFor(NONE, { seq: 1 }, { records: records(1) }), NOW + 30 * DAY + HOUR, '1'],
    ['a history of hours', of(NOW - 4 * MINUTE, 2 * HOUR), NOW + 3 * HOUR, '1'],
    ['a history for ever', of(NOW - 6 * MINUTE, FOREVER), FOREVER, '1'],
    ['no new message', of(NOW - 6 * MINUTE, 30 * DAY, false), NOW + 30 * DAY + HOUR, ''],
  ] as const) {
    t.match(args, { historyExpiresAt: String(historyExpires), isSetAnew }, what)
  }
})

t.test(
  'a history is tidied with the first message of a day, with every hundredth, and always if it is short',
  async (t) => {
    const tidy = (lastMessageAt: number, seq: number, historyTtlMs: number) => {
      const before = based({ seq: seq - 1, lastMessageAt })
      return argumentsFor(before, { seq }, { historyTtlMs, records: records(seq) }).tidyBefore
    }
    t.equal(tidy(NOW - 9 * HOUR, 7, 30 * DAY), '')
    t.equal(tidy(NOW - 11 * HOUR, 7, 30 * DAY), String(NOW - 30 * DAY))
    t.equal(tidy(NOW - 1, 300, 30 * DAY), String(NOW - 30 * DAY))
    t.equal(tidy(NOW - 1, 7, 2 * HOUR), String(NOW - 2 * HOUR))
    t.equal(tidy(NOW - 11 * HOUR, 7, FOREVER), '0', 'for its length alone')
    t.equal(argumentsFor(NONE, { seq: 1 }, { records: records(1) }).tidyBefore, '')
    t.equal(argumentsFor(based({ seq: 100 }), { seq: 100 }).tidyBefore, '')
  },
)

const noticed = (...messages: readonly Message[]): readonly Notice[] =>
  messages.map((each) => ({ is: 'said', message: each }))

t.test('subscribers are notified of new messages and of changes', async (t) => {
  const [third] = records(3)
  const state = { seq: 3, profile: { at: 5, isKnown: true, name: 'Ana', username: null, picture: null } }
  const of = (notices: readonly Notice[]) => argumentsFor(based({ seq: 2 }), state, { records: [third!], notices })
  t.match(of([]), { live: '', head: '', isStateTold: '' })
  const head = JSON.stringify([ID, START, [5, 1, 'Ana', null, null]])
  t.match(of(noticed(third!)), { live: 'mr:live', head, isStateTold: '' })
  t.match(of([...noticed(third!), { is: 'status' }]), { live: 'mr:live', head, isStateTold: '1' })
  t.match(argumentsFor(NONE, {}, { notices: [{ is: 'status' }] }), {
    head: JSON.stringify([ID, START]),
    isStateTold: '1',
  })
})

t.test('subscribers are notified even where no history is kept', async (t) => {
  const all = records(1, 3)
  const args = argumentsFor(based({ seq: 2 }), { seq: 3 }, { records: all, notices: noticed(...all), historyTtlMs: 0 })
  t.match(args, { added: '1', historyExpiresAt: '0', isSetAnew: '', tidyBefore: '', live: 'mr:live' })
  t.same(args.more, [encodeMessage(all[1]!), '1', encodeMessage(all[0]!)])
})

t.test('notifications precede the messages, each with its subject', async (t) => {
  const notifications = [{ id: 'a', target: 'global', at: 5, body: '{"type":"x"}' }]
  const args = argumentsFor(NONE, { seq: 1 }, { records: [message()], notifications })
  t.equal(args.notified, '1')
  t.same(args.more, [`n["${ID}","global","a",5]\n{"type":"x"}`, encodeMessage(message())])
})
