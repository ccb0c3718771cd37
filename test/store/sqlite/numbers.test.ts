import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createNumbers } from '../../../src/store/sqlite/numbers.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { migrate } from '../../../src/store/sqlite/schema.js'
import { newDirectory } from '../../fixtures/sqlite-store.js'

const START = Date.UTC(2026, 0, 1)

t.test('numbers only grow, over restarts, and when the clock is set back', async (t) => {
  const { DatabaseSync } = await loadSqlite()
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'x.db')
  let last = 0
  for (const time of [START, START, START - 100_000, START + 60_000]) {
    const database = new DatabaseSync(path)
    migrate(database, path)
    const numbers = createNumbers(database, () => time)
    t.ok(numbers.newest() >= last)
    for (let i = 0; i < 3; i++) {
      const next = numbers.next()
      t.ok(next > last && Number.isSafeInteger(next))
      last = next
    }
    t.equal(numbers.newest(), last)
    database.close()
  }
  t.ok(last > (START + 60_000) * 1_000)
})

t.test('a block that was undone is reserved again', async (t) => {
  const { DatabaseSync } = await loadSqlite()
  const database = new DatabaseSync(':memory:')
  migrate(database, 'memory')
  const numbers = createNumbers(database, () => START)
  const reserved = () =>
    Number(Object.values(database.prepare(`SELECT value FROM numbers WHERE name = 'sequence'`).get()!)[0])
  database.exec('BEGIN')
  const first = numbers.next()
  database.exec('ROLLBACK')
  numbers.undone()
  t.equal(reserved(), 0)
  t.equal(numbers.next(), first + 1)
  t.ok(reserved() > first)
  database.close()
})
