import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
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

t.test('what a task needed is let go', async (t) => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const { DatabaseSync } = await loadSqlite()
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'x.db')
  new DatabaseSync(path).close()
  const side = createSide(path)
  const bytesAfter = async (tasks: number): Promise<number> => {
    for (let i = 0; i < tasks; i++) await side.checkpoint()
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = await bytesAfter(1_000)
  const kept = (await bytesAfter(5_000)) - before
  t.ok(kept < 1_000_000, `${kept} bytes`)
  await side.close()
})

t.test('a thread that has ended is followed by another', async (t) => {
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  const side = createSide(join(directory, 'late', 'x.db'))
  await t.rejects(side.checkpoint(), /could not be moved/)
  mkdirSync(join(directory, 'late'))
  t.equal(await side.check(), null)
  await side.close()
})
