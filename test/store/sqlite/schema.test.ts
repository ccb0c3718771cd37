import { rmSync } from 'node:fs'
import t from 'tap'
import { fileIn } from '../../../src/store/sqlite/open-database.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { migrate, SCHEMA_VERSION } from '../../../src/store/sqlite/schema.js'
import { readProjectFile } from '../../fixtures/project.js'
import { newDirectory, openSqlite } from '../../fixtures/sqlite-store.js'
import { idOf, said } from '../../fixtures/store-contract.js'

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
    [
      'announced',
      'channels',
      'conversations',
      'feed',
      'messages',
      'names',
      'notifications',
      'numbers',
      'seen',
      'tokens',
    ],
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

t.test('a file of each earlier version is opened, with all that is in it', async (t) => {
  const { DatabaseSync } = await loadSqlite()
  const now = await memory()
  migrate(now, 'x.db')
  const schema = (database: typeof now) =>
    database.prepare('SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name').all()
  for (let version = 1; version < SCHEMA_VERSION; version++) {
    const directory = newDirectory()
    t.teardown(() => rmSync(directory, { recursive: true }))
    const older = new DatabaseSync(fileIn(directory))
    older.exec(readProjectFile(`test/fixtures/sqlite-schema/${version}.sql`))
    older.close()
    for (const start of ['first', 'second']) {
      const { store, database, close } = await openSqlite({ directory })
      t.equal(versionOf(database.writer), SCHEMA_VERSION, `${version}, ${start} start`)
      t.strictSame(schema(database.writer), schema(now))
      const { state, version: at, known } = await store.loadFresh(idOf(2001), { key: 'mid-3', find: null })
      t.match(state, {
        causes: [{ until: Date.UTC(2026, 0, 1, 6, 0, 0, 7), reason: 'human_echo' }],
        profile: { name: 'Sara' },
      })
      t.match(known, { isSeen: true, message: { type: 'support' } })
      const history = await store.history(idOf(2001), { before: null, after: null, limit: 9, historyTtlMs: Date.now() })
      const texts = ['is it still there? سلام', 'It is.', 'I take over', 'text 4'].slice(0, history.length)
      t.same(
        history.map(({ text }) => text),
        texts,
      )
      t.equal((await store.readFeed('0'.repeat(16), null, 9)).entries.length, 3)
      t.equal(store.nextDue(), Date.UTC(2026, 0, 1, 0, 0, 1))
      t.equal((await store.channelFacts('17841400000000001')).lastInboundAt, Date.UTC(2026, 0, 1))
      t.same((await store.notifications.read(null, 9)).notifications, [])
      if (start === 'first')
        t.equal(await store.commit(idOf(2001), at, { ...said(store.now(), idOf(2001), 4), state }), 'committed')
      await close()
    }
  }
})

t.test('a file of a newer router or another program is refused', async (t) => {
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
