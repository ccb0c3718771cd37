import t from 'tap'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { migrate, SCHEMA_VERSION } from '../../../src/store/sqlite/schema.js'

async function memory() {
  const { DatabaseSync } = await loadSqlite()
  return new DatabaseSync(':memory:')
}

const versionOf = (database: Awaited<ReturnType<typeof memory>>) =>
  Object.values(database.prepare('PRAGMA user_version').get()!)[0]

t.test('an empty file gets all tables, and a file that has them is left alone', async (t) => {
  const database = await memory()
  for (let i = 0; i < 2; i++) {
    migrate(database, 'x.db')
    t.equal(versionOf(database), SCHEMA_VERSION)
  }
  const names = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).all()
  t.same(
    names.map((row) => (row as { name: string }).name),
    ['announced', 'channels', 'conversations', 'feed', 'messages', 'names', 'notifications', 'numbers', 'seen'],
  )
})

t.test('an older file becomes a newer one step by step, or stays as it was', async (t) => {
  const database = await memory()
  migrate(database, 'x.db', ['CREATE TABLE a (x)'])
  t.throws(() => migrate(database, 'x.db', ['', 'CREATE TABLE b (x)', 'CREATE TABLE a (x)']), /already exists/)
  t.equal(versionOf(database), 1)
  t.notOk(database.isTransaction)
  t.throws(() => database.prepare('SELECT * FROM b'), /no such table/)
  migrate(database, 'x.db', ['', 'CREATE TABLE b (x)', 'INSERT INTO b VALUES (7)'])
  t.equal(versionOf(database), 3)
  t.match(database.prepare('SELECT x FROM b').all(), [{ x: 7 }])
})

t.test('what a newer router or another program wrote is refused', async (t) => {
  const newer = await memory()
  migrate(newer, 'x.db')
  newer.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
  t.throws(() => migrate(newer, 'x.db'), {
    code: 'store_unavailable',
    message: /x\.db has schema version \d+, written by a newer message router.*restore a backup/,
  })
  const other = await memory()
  other.exec('CREATE TABLE invoices (x)')
  t.throws(() => migrate(other, 'x.db'), { code: 'store_unavailable', message: /of another program/ })
})
