import t from 'tap'
import type { Find } from '../../../src/engine/ports.js'
import { knownOf } from '../../../src/store/sqlite/known.js'
import { createMessageReader, createMessageTable } from '../../../src/store/sqlite/message-table.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { migrate } from '../../../src/store/sqlite/schema.js'
import { createSeen } from '../../../src/store/sqlite/seen.js'
import { ID, message, START } from '../../fixtures/conversation.js'

const { DatabaseSync } = await loadSqlite()
const database = new DatabaseSync(':memory:')
migrate(database, 'memory')
const table = createMessageTable(database)
const seen = createSeen(database, () => START)
const theirs = message({ seq: 1, at: START, arrivedAt: START, mid: 'theirs' })
const ours = message({ seq: 2, at: START + 1, arrivedAt: START + 1, type: 'AI', mid: 'ours' })
for (const each of [theirs, ours]) table.add(ID, each, 'instagram')
seen.handle(ID, 'theirs')
seen.handle(ID, 'gone')
seen.own(ID, 'ours')
const known = (key: string | null, find: Find | null) =>
  knownOf({ seen, messages: createMessageReader(database) }, ID, { key, find })

t.test('an event is known by its key, with the message that it brought', async (t) => {
  for (const [key, isSeen, found] of [
    [null, false, null],
    ['new', false, null],
    ['theirs', true, theirs],
    ['gone', true, null],
  ] as const) {
    t.strictSame(known(key, null), { isSeen, isOurs: false, message: found }, String(key))
  }
})

t.test('a message is found by what an event says of it', async (t) => {
  for (const [find, isOurs, found] of [
    [{ is: 'ours', mid: 'ours' }, true, ours],
    [{ is: 'ours', mid: 'theirs' }, false, null],
    [{ is: 'mid', mid: 'theirs' }, false, theirs],
    [{ is: 'recent', mid: 'theirs' }, false, theirs],
    [{ is: 'recent', mid: 'new' }, false, null],
    [{ is: 'seq', seq: 2 }, false, ours],
    [{ is: 'read_up_to', at: START + 1 }, false, ours],
    [{ is: 'read_up_to', at: START }, false, null],
  ] as const) {
    t.strictSame(known(null, find), { isSeen: false, isOurs, message: found }, JSON.stringify(find))
  }
  t.strictSame(known('theirs', { is: 'mid', mid: 'ours' }), { isSeen: true, isOurs: true, message: ours })
})
