import t from 'tap'
import { conversationIdOf } from '../../../src/conversation/ids.js'
import type { Entry } from '../../../src/store/memory/entry.js'
import { NO_MESSAGES, NOTHING_EARLIER, putMessage } from '../../../src/store/memory/history.js'
import { knownOf } from '../../../src/store/memory/known.js'
import { createSeenTable, HANDLED, OURS } from '../../../src/store/memory/seen.js'
import { conversation, message, START } from '../../fixtures/conversation.js'

const ID = conversationIdOf('1', '2')
const THEIRS = message({ seq: 1, mid: 'theirs', at: START })
const BOTS = message({ seq: 2, mid: 'ours', type: 'AI', at: START + 1 })
const LATER = message({ seq: 3, mid: 'later', type: 'AI', at: START + 3 })

const entry: Entry = {
  slot: 0,
  id: ID,
  state: conversation(),
  messages: NO_MESSAGES,
  earlier: NOTHING_EARLIER,
  historyBytes: 0,
  queuedAt: 0,
  next: null,
}
for (const each of [THEIRS, BOTS, LATER]) putMessage(entry, each, each.seq - 1)
const seen = createSeenTable({ now: () => START, lifeMs: 1000, capacity: 10, seed: 1 })
seen.add(ID, 'theirs', HANDLED)
seen.add(ID, 'ours', OURS)

t.test('an event that was handled is known with its message', async (t) => {
  const handled = { isSeen: true, isOurs: false, message: THEIRS }
  t.strictSame(knownOf(seen, entry, ID, { key: 'theirs', find: null }), handled)
  t.strictSame(knownOf(seen, null, ID, { key: 'theirs', find: null }), { ...handled, message: null })
})

const NOTHING = { isSeen: false, isOurs: false, message: null }

t.test('nothing is known of a new message', async (t) => {
  t.strictSame(knownOf(seen, entry, ID, { key: null, find: null }), NOTHING)
  t.strictSame(knownOf(seen, entry, ID, { key: 'ours', find: null }), NOTHING, 'ours, and not handled yet')
})

t.test('an echo’s id is looked up where it is known as ours, or was handled', async (t) => {
  const found = (mid: string, key: string | null) => knownOf(seen, entry, ID, { key, find: { is: 'ours', mid } })
  t.strictSame(found('ours', null), { isSeen: false, isOurs: true, message: BOTS })
  t.strictSame(found('theirs', 'theirs'), { isSeen: true, isOurs: false, message: THEIRS })
  t.strictSame(found('later', null), NOTHING)
})

t.test('a reported id finds its message as long as the id is remembered', async (t) => {
  const found = (mid: string) => knownOf(seen, entry, ID, { key: null, find: { is: 'recent', mid } })
  t.strictSame(found('theirs'), { isSeen: false, isOurs: false, message: THEIRS })
  t.strictSame(found('ours'), { isSeen: false, isOurs: true, message: BOTS })
  t.strictSame(found('later'), NOTHING, 'it is in the history alone')
})

t.test('an event finds its message by its id or its number', async (t) => {
  const found = knownOf(seen, entry, ID, { key: null, find: { is: 'mid', mid: 'later' } })
  t.strictSame(found, { isSeen: false, isOurs: false, message: LATER })
})

t.test('a customer has read up to the newest message of ours at that time', async (t) => {
  const read = (at: number) => knownOf(seen, entry, ID, { key: null, find: { is: 'read_up_to', at } }).message
  t.strictSame(read(START + 2), BOTS)
  t.strictSame(read(START + 3), LATER)
  t.equal(read(START), null)
  const find = { is: 'read_up_to', at: START + 3 } as const
  t.strictSame(knownOf(seen, null, ID, { key: null, find }), NOTHING)
})
