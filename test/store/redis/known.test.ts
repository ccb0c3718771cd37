import t from 'tap'
import type { Find } from '../../../src/engine/ports.js'
import { createKeys } from '../../../src/store/redis/keys.js'
import { createKnown, NOTHING_KNOWN } from '../../../src/store/redis/known.js'
import { handledHash, oursHash, periodAt, SEEN_PERIOD_MS } from '../../../src/store/redis/seen.js'
import { encodeMessage } from '../../../src/store/rows/message-row.js'
import { ID, message, START } from '../../fixtures/conversation.js'
import { openScripts } from '../../fixtures/redis-scripts.js'

const { commands, redis } = await openScripts()

const keys = createKeys('mr')
const messages = [
  message({ seq: 1, at: START, arrivedAt: START, type: 'AI', mid: 'one' }),
  message({ seq: 2, at: START + 1, arrivedAt: START + 1, type: 'customer', mid: 'two' }),
  message({ seq: 3, at: START + 2, arrivedAt: START + 2, type: 'support', mid: 'three' }),
]
await redis.rpush(keys.history(ID), ...messages.map(encodeMessage))
const mark = (hash: string) => redis.sadd(keys.seen(ID, periodAt(START)), hash)
await mark(handledHash('two'))
await mark(oursHash('one'))

let time = START
const knownOf = createKnown({ commands, keys, now: () => time })
const known = (key: string | null, find: Find | null) => knownOf(ID, { key, find })

t.test('an id that was handled or is ours is known, with its message', async (t) => {
  t.strictSame(await known(null, null), NOTHING_KNOWN)
  t.strictSame(await known('new', null), NOTHING_KNOWN)
  t.strictSame(await known('two', null), { isSeen: true, isOurs: false, message: messages[1] })
  t.strictSame(await known('new', { is: 'ours', mid: 'one' }), { isSeen: false, isOurs: true, message: messages[0] })
  t.strictSame(await known('new', { is: 'ours', mid: 'three' }), NOTHING_KNOWN, 'not ours: nothing is looked up')
  t.strictSame(await known('two', { is: 'ours', mid: 'three' }), { isSeen: true, isOurs: false, message: messages[2] })
})

t.test('the message that an event is about is found by its id, its number or its time', async (t) => {
  const about = async (find: Find) => (await known(null, find)).message
  t.strictSame(await about({ is: 'mid', mid: 'three' }), messages[2])
  t.equal(await about({ is: 'mid', mid: 'four' }), null)
  t.strictSame(await about({ is: 'recent', mid: 'two' }), messages[1])
  t.equal(await about({ is: 'recent', mid: 'three' }), null, 'no event of it was handled')
  t.strictSame(await about({ is: 'seq', seq: 2 }), messages[1])
  t.equal(await about({ is: 'seq', seq: 4 }), null)
  t.strictSame(await about({ is: 'read_up_to', at: START + 1 }), messages[0], 'the customer reads no message of theirs')
})

t.test('an id is remembered through the period after its own, and no longer', async (t) => {
  time = (periodAt(START) + 2) * SEEN_PERIOD_MS - 1
  t.equal((await known('two', null)).isSeen, true)
  time += 1
  t.strictSame(await known('two', null), NOTHING_KNOWN)
})
