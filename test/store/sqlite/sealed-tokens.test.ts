import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { backup } from '../../../src/store/sqlite/backup.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { newDirectory, openSqlite } from '../../fixtures/sqlite-store.js'

t.test('a sealed token is in the file at once, outlasts the process, and is in a backup', async (t) => {
  const { DatabaseSync } = await loadSqlite()
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  const rows = (path: string) => {
    const file = new DatabaseSync(path, { readOnly: true })
    const found = file.prepare('SELECT channel_id, sealed FROM tokens').all()
    file.close()
    return found
  }
  const first = await openSqlite({ directory })
  const replacing = first.store.tokens.replace('1', null, 'sealed')
  t.equal(await first.store.tokens.read('1'), null, 'what may still be rolled back is not read')
  t.equal(await replacing, true)
  t.match(rows(first.database.path), [{ channel_id: '1', sealed: 'sealed' }])
  await backup(directory, join(directory, 'copy.db'))
  t.match(rows(join(directory, 'copy.db')), [{ channel_id: '1', sealed: 'sealed' }])
  await first.close()
  const second = await openSqlite({ directory })
  t.equal(await second.store.tokens.read('1'), 'sealed')
  await second.close()
})

t.test('a token that cannot be written is told of, and not taken for written', async (t) => {
  const { store, database, failures, close } = await openSqlite()
  t.teardown(close)
  database.writer.exec('PRAGMA query_only = ON')
  await t.rejects(Promise.resolve(store.tokens.replace('1', null, 'sealed')), { code: 'store_unavailable' })
  t.equal(failures.length, 1)
  database.writer.exec('PRAGMA query_only = OFF')
  t.equal(await store.tokens.read('1'), null)
  t.equal(await store.tokens.replace('1', null, 'sealed'), true)
})
