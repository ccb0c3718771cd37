import t from 'tap'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { migrate } from '../../../src/store/sqlite/schema.js'
import { createSeen } from '../../../src/store/sqlite/seen.js'

const HOUR = 3_600_000

async function opened() {
  const { DatabaseSync } = await loadSqlite()
  const database = new DatabaseSync(':memory:')
  migrate(database, 'memory')
  let time = Date.UTC(2026, 0, 1)
  const seen = createSeen(database, () => time)
  const count = () => Number(Object.values(database.prepare('SELECT count(*) FROM seen').get()!)[0])
  return { ...seen, count, pass: (ms: number) => (time += ms) }
}

t.test('an id is remembered for 48 hours wherever in a period it came, and forgotten after twice that', async (t) => {
  for (const offset of [0, 1, 24, 47]) {
    const { handle, own, isHandled, isOurs, pass, tidy, count } = await opened()
    pass(offset * HOUR)
    t.equal(handle('1-2', 'a'), true)
    own('1-2', 'b')
    pass(48 * HOUR)
    t.equal(isHandled('1-2', 'a'), true)
    t.equal(isOurs('1-2', 'b'), true)
    t.equal(handle('1-2', 'a'), false)
    tidy()
    t.equal(count(), 2)
    pass(48 * HOUR)
    t.equal(isHandled('1-2', 'a'), false)
    tidy()
    t.equal(count(), 0)
    t.equal(handle('1-2', 'a'), true)
  }
})

t.test('the table of seen ids is tidied in small steps', async (t) => {
  const { handle, pass, tidy, count } = await opened()
  for (let i = 0; i < 1_100; i++) handle('1-2', `${i}`)
  pass(100 * HOUR)
  const counts = [1, 2, 3].map(() => {
    tidy()
    return count()
  })
  t.same(counts, [600, 100, 0])
})
