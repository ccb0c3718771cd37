import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { createSide } from '../../../src/store/sqlite/side.js'
import { newDirectory } from '../../fixtures/sqlite-store.js'

t.test('the log is moved into the file and the file looked through, beside this thread', async (t) => {
  const { DatabaseSync } = await loadSqlite()
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'x.db')
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE a (x)')
  const side = createSide(path)
  const [pages, problem, again] = await Promise.all([side.checkpoint(), side.check(), side.checkpoint()])
  t.ok(pages > 0)
  t.equal(problem, null)
  t.equal(again, pages)
  await side.close()
  database.close()
})

t.test('a thread that cannot work says so, and nobody waits for it', async (t) => {
  const side = createSide(join(newDirectory(), 'no', 'such', 'file.db'))
  await t.rejects(side.checkpoint(), /could not be moved into the file: .*unable to open/)
  t.match(await side.check(), /unable to open database file/)
  await side.close()
})

t.test('a side thread that never had a task has nothing to close', async () => {
  await createSide('x.db').close()
})
