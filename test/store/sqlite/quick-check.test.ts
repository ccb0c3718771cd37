import { openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { quickCheck } from '../../../src/store/sqlite/quick-check.js'
import { newDirectory } from '../../fixtures/sqlite-store.js'

t.test('a good file has no problem, and what is wrong with another one is told', async (t) => {
  const { DatabaseSync } = await loadSqlite()
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'x.db')
  const good = new DatabaseSync(path)
  good.exec('CREATE TABLE a (x INTEGER PRIMARY KEY, y TEXT)')
  for (let i = 0; i < 500; i++) good.exec(`INSERT INTO a VALUES (${i}, 'a text that fills pages')`)
  t.equal(quickCheck(good), null)
  good.close()
  // Where the first cell of a page's table begins.
  writeSync(openSync(path, 'r+'), Buffer.from([0xff, 0xff]), 0, 2, 3 * 4096 + 8)
  const bad = new DatabaseSync(path)
  t.match(quickCheck(bad), /Tree|page|cell/i)
  bad.close()
})
