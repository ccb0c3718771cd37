import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lockDirectory } from '../../../src/store/sqlite/lock.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { newDirectory } from '../../fixtures/sqlite-store.js'

t.test('a directory has one owner at a time', async (t) => {
  const sqlite = await loadSqlite()
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  const lock = lockDirectory(sqlite, directory)
  t.throws(() => lockDirectory(sqlite, directory), {
    code: 'store_unavailable',
    message: /is in use by another message router.*REDIS_URL/,
  })
  lock.release()
  lockDirectory(sqlite, directory).release()
  writeFileSync(join(directory, 'message-router.lock'), 'something else')
  t.throws(() => lockDirectory(sqlite, directory), /not a database/)
})
