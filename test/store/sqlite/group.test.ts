import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { createGroup } from '../../../src/store/sqlite/group.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'

async function opened() {
  const { DatabaseSync } = await loadSqlite()
  const database = new DatabaseSync(':memory:')
  database.exec(
    'CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x REFERENCES a (x) DEFERRABLE INITIALLY DEFERRED)',
  )
  database.exec('PRAGMA foreign_keys = ON')
  const told: string[] = []
  const group = createGroup({
    database,
    committed: () => told.push('committed'),
    failed(error) {
      told.push('failed')
      return new Error(`told: ${(error as Error).message}`)
    },
  })
  const put = (x: number) => group.write(() => database.exec(`INSERT INTO a VALUES (${x})`))
  const count = () => database.prepare('SELECT count(*) AS many FROM a').get()
  return { database, group, told, put, count }
}

t.test('writes of one turn are committed together, and reported in order', async (t) => {
  const { database, group, told, put } = await opened()
  t.equal(group.settled(), null)
  const first = put(1)
  group.afterwards(() => told.push('one'))
  const second = put(2)
  group.afterwards(() => told.push('two'))
  t.ok(database.isTransaction)
  t.equal(first.settled, second.settled)
  t.equal(group.settled(), first.settled)
  await first.settled
  t.same(told, ['committed', 'one', 'two'])
  t.notOk(database.isTransaction)
  await put(3).settled
  t.same(told, ['committed', 'one', 'two', 'committed'])
})

t.test('while each turn brings more it stays open, yet not for ever', async (t) => {
  const { told, put } = await opened()
  const turns: boolean[] = []
  for (let x = 1; x <= 8; x++) {
    turns.push(told.length === 0)
    put(x)
    await nextTurn()
  }
  t.ok(turns.slice(0, 3).every(Boolean))
  t.notOk(turns.at(-1), 'committed although more came in each turn')
})

t.test('a failure undoes the whole group, and the next one is another', async (t) => {
  const { group, told, put, count } = await opened()
  const first = put(1)
  group.afterwards(() => told.push('never'))
  t.throws(() => put(1), /^told: UNIQUE/)
  await t.rejects(first.settled, /^told: UNIQUE/)
  t.match(count(), { many: 0 })
  await put(1).settled
  t.same(told, ['failed', 'committed'])
  t.match(count(), { many: 1 })
})

t.test('a commit that fails undoes the whole group', async (t) => {
  const { database, group, put, count } = await opened()
  const first = put(1)
  const second = group.write(() => database.exec('INSERT INTO b VALUES (7)'))
  await t.rejects(first.settled, /^told: FOREIGN KEY/)
  await t.rejects(second.settled, /^told: FOREIGN KEY/)
  t.notOk(database.isTransaction)
  t.match(count(), { many: 0 })
})

t.test('a group can be ended at once', async (t) => {
  const { group, told, put, count } = await opened()
  group.flush()
  t.same(told, [])
  put(1)
  group.flush()
  t.same(told, ['committed'])
  put(2)
  for (let turn = 0; turn < 3; turn++) await nextTurn()
  t.same(told, ['committed', 'committed'])
  t.match(count(), { many: 2 })
})
