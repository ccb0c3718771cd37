import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { type Conversation, newConversation } from '../../../src/conversation/state/state.js'
import { createConversationTable, tidyTime } from '../../../src/store/sqlite/conversation-table.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { migrate } from '../../../src/store/sqlite/schema.js'
import fc from '../../fixtures/property.js'
import { change, idOf, numbered } from '../../fixtures/store-contract.js'
import { anyState } from '../rows/any-state.js'

const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000
const DAY = 24 * HOUR

async function opened(platform: string | null = 'instagram') {
  const { DatabaseSync } = await loadSqlite()
  const database = new DatabaseSync(':memory:')
  migrate(database, 'memory')
  const table = createConversationTable(
    database,
    () => START,
    () => platform,
  )
  let version = 0
  const put = (state: Conversation, changes: Partial<Parameters<typeof change>[0]> = {}) => {
    version += 1
    return table.put(table.look(state.id), { ...change(changes), state }, version)
  }
  const row = (id = idOf(1)) => database.prepare('SELECT * FROM conversations WHERE id = ?').get(id)
  return { ...table, put, row }
}

t.test('any state is read back unchanged', async (t) => {
  const { put, look, drop } = await opened()
  fc.assert(
    fc.property(anyState, (state) => {
      put(state)
      t.strictSame(look(state.id).state, state)
      drop(state.id)
      t.equal(look(state.id).state, null)
    }),
  )
})

t.test('the columns of a conversation are readable', async (t) => {
  const { put, row } = await opened()
  const id = idOf(1)
  const state: Conversation = { ...newConversation(id, START), seq: 1, lastMessageAt: START }
  put(state)
  t.match(row(), {
    id,
    page_id: '17841400000000001',
    user_id: '1',
    platform: 'instagram',
    state: 'open',
    bot_enabled: 1,
    paused_until: null,
    pause_reason: null,
    waiting: 0,
    dead_letters: 0,
    customer_name: null,
    created_at: '2026-01-01T00:00:00.000Z',
    last_message_at: '2026-01-01T00:00:00.000Z',
  })
  const cause = { until: START + HOUR, reason: 'api', at: START, seq: 0, note: 'lunch' } as const
  put({
    ...state,
    closedAt: START,
    causes: [cause],
    waiting: [numbered(START, 1)],
    outbox: { ...NO_OUTBOX, dead: [{ seq: 1, reason: 'refused', code: '', at: START, parts: [] }] },
    profile: { at: START, isKnown: true, name: 'Sara', username: 'sara_1', picture: null },
  })
  t.match(row(), {
    state: 'closed',
    bot_enabled: 0,
    paused_until: '2026-01-01T01:00:00.000Z',
    pause_reason: 'api',
    pause_note: 'lunch',
    waiting: 1,
    dead_letters: 1,
    customer_name: 'Sara',
    customer_username: 'sara_1',
  })
  put({ ...state, causes: [{ ...cause, until: FOREVER }] })
  t.match(row(), { bot_enabled: 0, paused_until: null, pause_reason: 'api' })
  put({ ...state, causes: [{ ...cause, until: START }] })
  t.match(row(), { bot_enabled: 1, paused_until: null, pause_reason: null })
})

t.test('a row has its keep time, and the time of its next check', async (t) => {
  const { put, row } = await opened(null)
  const silent = newConversation(idOf(1), START)
  put(silent, { historyTtlMs: 30 * DAY })
  t.match(row(), { place: null, keep_ms: START + HOUR, tidy_ms: START + HOUR, due_ms: null, platform: null })
  put({ ...silent, seq: 1 }, { historyTtlMs: DAY, dueAt: START + 7 })
  t.match(row(), { place: 2, keep_ms: START + 7 * DAY, history_ms: DAY, due_ms: START + 7 })
  put({ ...silent, seq: 1 }, { historyTtlMs: FOREVER, keepUntil: FOREVER })
  t.match(row(), { place: 2, version: 3, keep_ms: FOREVER, history_ms: FOREVER })
  for (const [keep, history, at] of [
    [FOREVER, FOREVER, 7 * DAY],
    [HOUR, DAY, HOUR],
    [DAY, HOUR, HOUR],
    [0, 0, 300_000],
  ] as const) {
    t.equal(tidyTime(START, START + keep, START + history) - START, at)
  }
})
