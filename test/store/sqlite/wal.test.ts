import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { fileIn } from '../../../src/store/sqlite/open-database.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { until } from '../../fixtures/shop.js'
import { openSqlite } from '../../fixtures/sqlite-store.js'
import { change, idOf, numbered, said } from '../../fixtures/store-contract.js'

const walSize = (directory: string) => statSync(`${fileIn(directory)}-wal`).size

/** A number in the head of the log that changes each time it begins anew. */
function walSalt(directory: string): number {
  const file = openSync(`${fileIn(directory)}-wal`, 'r')
  const head = Buffer.alloc(24)
  readSync(file, head, 0, head.length, 0)
  closeSync(file)
  return head.readUInt32BE(16)
}

t.test('no text of an erased customer is in the file or its log', async (t) => {
  const { store, directory, close } = await openSqlite()
  t.teardown(close)
  const secret = 'the-words-of-the-customer'
  const all = () => [fileIn(directory), `${fileIn(directory)}-wal`].map((path) => readFileSync(path, 'latin1')).join()
  for (let round = 0; round < 5; round++) {
    // Pages split and are filled again: that is where copies could be left behind.
    for (let user = 0; user < 60; user++) {
      const { version, state } = await store.loadFresh(idOf(user), { key: null, find: null })
      const seq = (state?.seq ?? 0) + 4
      const text = user === 30 ? `${secret} ${round} `.repeat(20) : `what others say, ${round} `.repeat(user)
      const records = [3, 2, 1, 0].map((back) => numbered(store.now(), seq - back, { text: `${text}${back}` }))
      const notices = records.map((message) => ({ is: 'said', message }) as const)
      const waiting = user === 30 ? records : []
      const { state: next } = said(store.now(), idOf(user), seq)
      const asked = change({ state: { ...next!, waiting }, records, notices, key: `${seq}` })
      t.equal(await store.commit(idOf(user), version, asked), 'committed')
    }
  }
  t.ok(all().includes(secret))
  await store.erase(idOf(30))
  t.notOk(all().includes(secret))
})

t.test('a reader that looks on holds up nobody, and what is erased goes from the log once it has ended', async (t) => {
  const { store, directory, close } = await openSqlite()
  t.teardown(close)
  const { DatabaseSync } = await loadSqlite()
  await store.commit(idOf(1), null, said(store.now(), idOf(1), 1))
  const reader = new DatabaseSync(fileIn(directory), { readOnly: true })
  reader.exec('BEGIN')
  t.match(reader.prepare('SELECT count(*) AS many FROM messages').get(), { many: 1 })
  await store.erase(idOf(1))
  t.equal(await store.read(idOf(1)), null)
  t.match(reader.prepare('SELECT count(*) AS many FROM messages').get(), { many: 1 })
  t.ok(walSize(directory) > 0)
  reader.exec('COMMIT')
  reader.close()
  await until(() => {
    store.tick()
    return walSize(directory) === 0
  })
})

t.test('the log begins anew when it has grown', async (t) => {
  const { store, directory, close } = await openSqlite()
  t.teardown(close)
  const text = 'long '.repeat(1_000)
  await store.commit(idOf(0), null, said(store.now(), idOf(0), 1))
  const before = walSalt(directory)
  // It takes some 100 MB, and more the longer the side thread waits for a busy processor; with that thread alone 500 MB.
  for (let seq = 2; walSize(directory) < 300e6 && walSalt(directory) === before; seq++) {
    const id = idOf(seq % 40)
    const { version } = await store.loadFresh(id, { key: null, find: null })
    const records = [numbered(store.now(), seq, { text: `${text}${seq}` })]
    await store.commit(id, version, { ...said(store.now(), id, seq), records })
    // No rest: the side thread alone would be done in one.
    await turn()
  }
  t.not(walSalt(directory), before, `${walSize(directory)} bytes`)
})
