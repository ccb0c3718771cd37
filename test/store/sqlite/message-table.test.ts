import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { createMessageReader, createMessageTable } from '../../../src/store/sqlite/message-table.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { migrate } from '../../../src/store/sqlite/schema.js'
import fc, { RUNS } from '../../fixtures/property.js'
import { idOf, numbered } from '../../fixtures/store-contract.js'
import { anyMessage } from '../rows/any-state.js'

const START = Date.UTC(2026, 0, 1)
const ID = idOf(1)

async function opened() {
  const { DatabaseSync } = await loadSqlite()
  const database = new DatabaseSync(':memory:')
  migrate(database, 'memory')
  const rows = () => database.prepare('SELECT * FROM messages ORDER BY seq').all()
  return { ...createMessageTable(database), ...createMessageReader(database), rows }
}

t.test('any message is read back unchanged, and found by its id', async (t) => {
  const table = await opened()
  fc.assert(
    fc.property(anyMessage, (message) => {
      table.drop(ID)
      table.add(ID, message, null)
      t.strictSame(table.page(ID, { before: null, after: null, limit: 1 }, 0), [message])
      if (message.mid !== null) t.strictSame(table.withMid(ID, message.mid), message)
    }),
    { numRuns: Math.min(RUNS, 2_000) },
  )
})

t.test('the columns of a message are readable', async (t) => {
  const table = await opened()
  table.add(ID, numbered(START, 1, { type: 'AI', status: 'sent', evidence: 'flag' }), 'instagram')
  table.add(ID, numbered(START, 2, { source: 'campaign', text: 'a\0b', reason: 'bot_paused' }), 'instagram')
  t.match(table.rows(), [
    {
      conversation_id: ID,
      seq: 1,
      external_message_id: 'mid-1',
      type: 'AI',
      message_type: 'text',
      content: 'text 1',
      status: 'sent',
      reason: null,
      evidence: 'flag',
      source: 'instagram',
      created_at: '2025-12-31T23:59:00.001Z',
    },
    { content: 'ab', source: 'campaign', reason: 'bot_paused' },
  ])
  table.change(ID, numbered(START, 1, { text: null }), 'instagram')
  table.change(ID, numbered(START, 3), 'instagram')
  t.match(table.rows(), [{ seq: 1, content: null, type: 'customer' }, { seq: 2 }])
})

t.test('a long history is cut to the newest five thousand', async (t) => {
  const table = await opened()
  for (let seq = 1; seq <= 5_100; seq++) {
    table.add(ID, numbered(START, seq), null)
    table.trim(ID, seq)
  }
  t.equal(table.rows().length, 5_000)
  t.equal(table.page(ID, { before: null, after: 0, limit: 1 }, 0)[0]?.seq, 101)
})

t.test('messages from before a time are dropped in steps, and no others', async (t) => {
  const table = await opened()
  t.equal(table.oldestArrival(ID), null)
  for (let seq = 1; seq <= 5; seq++) table.add(ID, numbered(START, seq, { arrivedAt: START + seq }), null)
  t.equal(table.dropBefore(ID, START + 4, 2), 2)
  t.equal(table.oldestArrival(ID), START + 3)
  t.equal(table.dropBefore(ID, START + 4, 2), 1)
  t.equal(table.dropBefore(ID, START + 4, 2), 0)
  t.equal(table.oldestArrival(ID), START + 4)
  t.equal(table.readUpTo(ID, FOREVER), null)
})
