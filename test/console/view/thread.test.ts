import t from 'tap'
import {
  happeningOf,
  type Item,
  isSameLife,
  itemsOf,
  MOST_SHOWN,
  NO_THREAD,
  opened,
  PAGE_SIZE,
  type Thread,
  timeOf,
  withLive,
  withNewer,
  withOlder,
} from '../../../src/console/view/thread.js'
import { AT, aConversation, aMessage, iso, paused } from '../../fixtures/console.js'

const stretch = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => aMessage(from + i))
const ends = ({ messages }: Thread) => [messages[0]?.seq, messages.at(-1)?.seq]
const isSameDay = (a: number, b: number): boolean => iso(a - AT).slice(0, 10) === iso(b - AT).slice(0, 10)
const told = (items: readonly Item[]) =>
  items.map((item) => (item.is === 'message' ? item.message.seq : item.is === 'line' ? item.words : 'day'))

t.test('a thread grows upwards and downwards, and stays bounded', async (t) => {
  let thread = opened(stretch(451, 500))
  t.match(thread, { reachesStart: false, reachesEnd: true })
  t.match(opened(stretch(1, 3)), { reachesStart: true, reachesEnd: true })
  for (let before = 451; before > 1; before -= PAGE_SIZE)
    thread = withOlder(thread, stretch(before - PAGE_SIZE, before - 1))
  t.same(ends(thread), [1, MOST_SHOWN])
  t.match(thread, { reachesStart: false, reachesEnd: false }, 'a whole page may not be the last')
  thread = withOlder(thread, [])
  t.ok(thread.reachesStart)
  for (let after = MOST_SHOWN; after < 500; after += PAGE_SIZE)
    thread = withNewer(thread, stretch(after + 1, after + PAGE_SIZE))
  t.same(ends(thread), [201, 500])
  t.match(thread, { reachesStart: false, reachesEnd: false })
  t.match(withNewer(thread, []), { reachesEnd: true })
  t.same(ends(withOlder(thread, stretch(190, 210))), [190, 489], 'nothing twice')
  t.same(ends(withNewer(opened(stretch(1, 2)), stretch(2, 4))), [1, 4])
  t.ok(withNewer(opened(stretch(1, 2)), stretch(2, 4)).reachesStart)
  t.same(ends(withOlder(NO_THREAD, stretch(1, 2))), [1, 2])
  t.same(ends(withNewer(NO_THREAD, stretch(1, 2))), [1, 2])
})

t.test('live messages are added or replaced, never doubled, and leave no gap', async (t) => {
  const thread = opened(stretch(5, 7))
  const edited = withLive(thread, [aMessage(6, { content: 'edited' }), aMessage(8), aMessage(2)])
  t.same(
    edited.messages.map(({ content }) => content),
    ['text 5', 'edited', 'text 7', 'text 8'],
  )
  const gap = withLive(thread, [aMessage(9)])
  t.same(ends(gap), [5, 7])
  t.notOk(gap.reachesEnd, 'the eighth has to be loaded first')
  t.same(ends(withLive(gap, [aMessage(8)])), [5, 7])
  t.same(ends(withLive({ ...NO_THREAD, reachesEnd: true }, [aMessage(1), aMessage(2)])), [1, 2])
  t.same(ends(withLive(NO_THREAD, [aMessage(1)])), [undefined, undefined])
  const full = withLive(opened(stretch(1, MOST_SHOWN)), [aMessage(MOST_SHOWN + 1)])
  t.same(ends(full), [2, MOST_SHOWN + 1])
  t.notOk(full.reachesStart)
})

t.test('a conversation that began anew is another one', async (t) => {
  const thread = opened(stretch(9, 11))
  t.ok(isSameLife(thread, aMessage(12)))
  t.notOk(isSameLife(thread, { ...aMessage(1), id: '1-2-xyz-1' }))
  t.ok(isSameLife(NO_THREAD, aMessage(1)))
})

t.test('a change of status is told in words', async (t) => {
  const on = aConversation('1-2')
  const off = aConversation('1-2', paused('api', 'the boss answers'))
  const closed = aConversation('1-2', { state: 'closed' })
  t.match(happeningOf(on, off, 1), { is: 'paused', words: 'Bot paused: paused by hand (the boss answers)' })
  t.match(happeningOf(off, on, 1), { is: 'resumed' })
  t.match(happeningOf(on, closed, 1), { is: 'closed' })
  t.match(happeningOf(closed, on, 1), { is: 'opened' })
  t.match(happeningOf(null, off, 1), { is: 'paused' })
  t.equal(happeningOf(null, on, 1), null)
  t.equal(happeningOf(on, on, 1), null)
})

t.test('the history tells of takeovers and of the bot’s return', async (t) => {
  const person = aMessage(2, { type: 'support', status: 'sent' })
  const skipped = aMessage(3, { status: 'skipped', reason: 'bot_paused' })
  const thread = opened([aMessage(1), person, skipped, aMessage(4), aMessage(5, { type: 'AI', status: 'sent' })])
  const took = 'A person took over: the bot is silent'
  const back = 'The bot has the conversation again'
  t.same(told(itemsOf(thread, [], isSameDay)), ['day', 1, 2, took, 3, back, 4, 5])
  const failed = opened([
    { ...person, status: 'failed' },
    { ...person, seq: 3, status: 'cancelled' },
  ])
  t.same(told(itemsOf(failed, [], isSameDay)), ['day', 2, 3])
  const answered = opened([
    person,
    aMessage(3, { type: 'AI', status: 'cancelled' }),
    aMessage(4, { type: 'AI', status: 'sent' }),
  ])
  t.same(told(itemsOf(answered, [], isSameDay)), ['day', 2, took, 3, back, 4])
})

t.test('a live status change stands in its place, and is shown once', async (t) => {
  const person = aMessage(2, { type: 'support', status: 'sent' })
  const at = (minute: number) => AT + minute * 60_000 + 1
  const thread = opened([aMessage(1), person, aMessage(5)])
  const happenings = [
    { at: at(3), is: 'resumed', words: 'Handed back' },
    { at: at(2), is: 'paused', words: 'Bot paused: a person wrote in the app' },
    { at: at(6), is: 'resumed', words: 'Handed back' },
    { at: at(7), is: 'paused', words: 'Bot paused: paused by hand' },
    { at: at(8), is: 'paused', words: 'Bot paused: paused by hand (longer)' },
    { at: at(9), is: 'closed', words: 'Closed' },
    { at: AT - 1, is: 'closed', words: 'before all that is shown' },
  ] as const
  t.same(told(itemsOf(thread, happenings, isSameDay)), [
    'day',
    1,
    2,
    'A person took over: the bot is silent',
    'Handed back',
    5,
    'Bot paused: paused by hand',
    'Bot paused: paused by hand (longer)',
    'Closed',
  ])
  t.same(told(itemsOf({ ...thread, reachesEnd: false }, happenings, isSameDay)).at(-1), 5, 'the end is elsewhere')
})

t.test('a thread has day separators and blocks of one author', async (t) => {
  const hours = (seq: number, hour: number, more = {}) => aMessage(seq, { created_at: iso(hour * 3_600_000), ...more })
  const soon = hours(3, 30.01)
  const items = itemsOf(
    opened([hours(1, 0), hours(2, 30), soon, hours(4, 31), hours(5, 31, { type: 'AI' })]),
    [],
    isSameDay,
  )
  t.same(told(items), ['day', 1, 'day', 2, 3, 4, 5])
  t.same(
    items.flatMap((item) => (item.is === 'message' ? item.isFirst : [])),
    [true, true, false, true, true],
  )
  t.same([timeOf(undefined), timeOf({ created_at: null })], [0, 0])
})
