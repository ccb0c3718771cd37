import t from 'tap'
import { loadSqlite } from '../../../src/store/sqlite/package.js'

t.test('the package is there, with an SQLite that is free of the known fault of the log', async (t) => {
  const { DatabaseSync } = await loadSqlite()
  const database = new DatabaseSync(':memory:')
  const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string }
  const [major, minor] = version.split('.').map(Number)
  t.ok(major === 3 && minor! >= 52, version)
  database.close()
})

t.test('without the package the error says what to do', async (t) => {
  const load = () => Promise.reject(new Error('Cannot find package'))
  await t.rejects(loadSqlite(load), { code: 'store_unavailable', message: /not installed.*npm install.*REDIS_URL/ })
})
