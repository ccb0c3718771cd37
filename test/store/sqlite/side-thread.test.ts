import { once } from 'node:events'
import { rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { newDirectory } from '../../fixtures/sqlite-store.js'

t.test('each task has its answer, also where the file is damaged', async (t) => {
  const { DatabaseSync } = await loadSqlite()
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'x.db')
  const database = new DatabaseSync(path)
  database.exec(`CREATE TABLE a (x); INSERT INTO a VALUES (hex(zeroblob(20000)))`)
  database.close()
  const url = new URL('../../../src/store/sqlite/side-thread.js', import.meta.url)
  const worker = new Worker(url, { workerData: { path }, execArgv: [] })
  const ask = async (is: string): Promise<unknown> => {
    worker.postMessage({ is })
    return (await once(worker, 'message'))[0]
  }
  t.same(await ask('check'), { pages: 0, problem: null })
  t.match(await ask('checkpoint'), { pages: Number, problem: null })
  truncateSync(path, 4096 * 3)
  t.match(await ask('check'), { problem: /./ })
  worker.postMessage({ is: 'close' })
  t.same(await once(worker, 'exit'), [0])
})
