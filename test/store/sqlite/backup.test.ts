import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { backup } from '../../../src/store/sqlite/backup.js'
import { fileIn } from '../../../src/store/sqlite/open-database.js'
import { newDirectory, openSqlite } from '../../fixtures/sqlite-store.js'
import { idOf, said } from '../../fixtures/store-contract.js'

t.test('a backup holds what was committed, and can be started from', async (t) => {
  const { store, directory, close } = await openSqlite()
  const target = join(directory, 'copy.db')
  for (let user = 1; user <= 50; user++) await store.commit(idOf(user), null, said(store.now(), idOf(user), 9, 9))
  await store.erase(idOf(7))
  const size = await backup(directory, target)
  t.equal(readFileSync(target).length, size)
  t.notOk(existsSync(`${target}.partial`))
  await store.commit(idOf(51), null, said(store.now(), idOf(51), 1))
  const other = newDirectory()
  copyFileSync(target, fileIn(other))
  const restored = await openSqlite({ directory: other })
  t.strictSame(await restored.store.read(idOf(9)), await store.read(idOf(9)))
  t.equal(await restored.store.read(idOf(7)), null)
  t.equal(await restored.store.read(idOf(51)), null)
  await restored.close()
  rmSync(other, { recursive: true })
  await close()
})

t.test('a backup overwrites nothing, and leaves nothing half done', async (t) => {
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  await t.rejects(backup(directory, join(directory, 'copy.db')), { message: /^There is no store in DATA_DIR/ })
  await (await openSqlite({ directory })).close()
  const taken = join(directory, 'taken')
  writeFileSync(taken, 'mine')
  await t.rejects(backup(directory, taken), { message: /exists already/ })
  t.equal(readFileSync(taken, 'utf8'), 'mine')
  mkdirSync(join(directory, 'x.db.partial'))
  await t.rejects(backup(directory, join(directory, 'no', 'such', 'x.db')), { code: 'store_unavailable' })
  t.notOk(existsSync(join(directory, 'no')))
})
