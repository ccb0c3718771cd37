import t from 'tap'
import { openDatabase } from '../../../src/store/sqlite/open-database.js'
import type { Database } from '../../../src/store/sqlite/package.js'
import { createSqliteStore } from '../../../src/store/sqlite/store.js'
import { onFile } from '../../fixtures/any-store.js'

/** Every statement of the store, as SQLite plans it: nothing looks through a table that grows. */

function recorded(database: Database, statements: Set<string>): Database {
  return new Proxy(database, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      if (name !== 'prepare') return value.bind(target)
      return (sql: string) => {
        statements.add(sql)
        return target.prepare(sql)
      }
    },
  })
}

/** Full scans that stay small, and why. */
const SMALL = [
  // Read once at the start: a row for each channel.
  /^SCAN channels$/,
  // An index that only those with dead letters are in.
  /^SCAN conversations USING INDEX conversations_with_dead_letters$/,
  // Counted once in 500 additions, and never more than 100,000.
  /^SCAN notifications USING COVERING INDEX notifications_by_subject$/,
  // A list that the statement was given, a row that it makes up, and what a limited subquery found.
  /^SCAN (json_each|CONSTANT ROW|\(subquery-\d\))/,
]
/** From the oldest on, so many at the most; and what is counted once at the start, some tens of milliseconds at its cap. */
const OLDEST = /FROM feed$|FROM \(SELECT id(, at_ms)? FROM (feed|notifications) ORDER BY id LIMIT \?\)/

t.test('no statement looks through a table that grows', async (t) => {
  const opened = await openDatabase(onFile(t).DATA_DIR, 'normal')
  const statements = new Set<string>()
  const store = createSqliteStore({
    opened: { ...opened, writer: recorded(opened.writer, statements), reader: recorded(opened.reader, statements) },
    now: Date.now,
    feedLifeMs: 1,
    mostFeedEntries: 1,
    platformOf: () => null,
    committed() {},
    failed(error) {
      throw error
    },
  })
  t.teardown(() => store.close())
  const queries = [...statements].filter((sql) => /^\s*(SELECT|INSERT|UPDATE|DELETE)/.test(sql))
  t.ok(queries.length > 40)
  for (const sql of queries) {
    const plan = opened.reader.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { readonly detail: string }[]
    const scans = plan
      .map(({ detail }) => detail)
      .filter((detail) => detail.startsWith('SCAN') && !SMALL.some((small) => small.test(detail)))
      .filter((detail) => !(OLDEST.test(sql) && /^SCAN (feed|notifications)$/.test(detail)))
    t.same(scans, [], sql)
  }
})
