import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fileIn, openDatabase } from '../../../src/store/sqlite/open-database.js'
import { newDirectory, openSqlite } from '../../fixtures/sqlite-store.js'
import { idOf, said } from '../../fixtures/store-contract.js'

/** The first byte of a page says what kind of page it is. */
function flipPage(path: string, page: number): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.from([0x55]), 0, 1, 4096 * page)
  closeSync(file)
}

t.test('the directory is made, and nothing but the file and the lock is left at the end', async (t) => {
  const root = newDirectory()
  t.teardown(() => rmSync(root, { recursive: true }))
  const directory = join(root, 'a', 'b')
  const opened = await openDatabase(directory, 'normal')
  t.equal(opened.path, fileIn(directory))
  opened.writer.exec(`UPDATE numbers SET value = 1 WHERE name = 'checked'`)
  t.match(opened.reader.prepare(`SELECT value FROM numbers WHERE name = 'checked'`).get(), { value: 1 })
  t.throws(() => opened.reader.exec('DELETE FROM numbers'), /readonly/)
  t.equal(await opened.checked, null)
  t.ok(opened.bytes() > 4096)
  await opened.close()
  t.equal(statSync(`${opened.path}-wal`, { throwIfNoEntry: false })?.size ?? 0, 0, 'all is in the file')
  rmSync(`${opened.path}-wal`, { force: true })
  t.ok(opened.bytes() > 4096, 'also when it is closed, and there is no log')
})

t.test(
  'a log that cannot be moved into the file at the end hinders no stop, and is read at the next start',
  async (t) => {
    const directory = newDirectory()
    t.teardown(() => rmSync(directory, { recursive: true }))
    const first = await openDatabase(directory, 'normal')
    first.writer.exec(`UPDATE numbers SET value = 7 WHERE name = 'checked'`)
    // Within a transaction SQLite refuses to, as on a full disk.
    first.writer.exec('BEGIN IMMEDIATE')
    await first.close()
    const second = await openDatabase(directory, 'normal')
    t.match(second.reader.prepare(`SELECT value FROM numbers WHERE name = 'checked'`).get(), { value: 7 })
    await second.close()
  },
)

t.test('a commit is as durable as the setting says', async (t) => {
  for (const [sync, level] of [
    ['normal', 1],
    ['full', 2],
  ] as const) {
    const directory = newDirectory()
    const { writer, close } = await openDatabase(directory, sync)
    t.match(writer.prepare('PRAGMA synchronous').get(), { synchronous: level })
    await close()
    rmSync(directory, { recursive: true })
  }
})

t.test('a problem with the file is reported, and the lock is released', async (t) => {
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = fileIn(directory)
  const spoil = async (how: () => void, message: RegExp): Promise<void> => {
    how()
    for (let i = 0; i < 2; i++) {
      await t.rejects(openDatabase(directory, 'normal'), { code: 'store_unavailable', message })
    }
    rmSync(path, { recursive: true })
  }
  await spoil(() => writeFileSync(path, 'something else'.repeat(400)), /is damaged \(file is not a database\)/)
  await spoil(() => mkdirSync(path), /cannot be opened or written: check that it, its directory/)
  const { store, close } = await openSqlite({ directory })
  await store.commit(idOf(1), null, said(store.now(), idOf(1), 300, 300))
  await close()
  copyFileSync(path, `${path}.good`)
  await spoil(() => {
    copyFileSync(`${path}.good`, path)
    truncateSync(path, 4096 * 5)
  }, /is damaged \(it ends after 20480 of \d+ bytes\)/)
  await spoil(() => {
    copyFileSync(`${path}.good`, path)
    flipPage(path, 20)
  }, /is damaged \(.*restore the last backup/s)
  for (const [directory, message] of [
    [`${path}.good`, /cannot be made \(EEXIST\): a file stands where/],
    [join(`${path}.good`, 'x'), /cannot be made \(ENOTDIR\): a file stands where/],
    [`/${'x'.repeat(300)}`, /cannot be made \(ENAMETOOLONG\): name another, or make/],
  ] as const) {
    await t.rejects(openDatabase(directory, 'normal'), { message })
  }
  copyFileSync(`${path}.good`, path)
  const opened = await openDatabase(directory, 'normal')
  await t.rejects(openDatabase(directory, 'normal'), { message: /is in use by another message router/ })
  await opened.close()
})

t.test('a directory without write permission is told of', async (t) => {
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  await (await openDatabase(directory, 'normal')).close()
  const refused = async (mode: number, which: string): Promise<void> => {
    chmodSync(which, mode)
    await asNobody(() =>
      t.rejects(openDatabase(directory, 'normal'), {
        code: 'store_unavailable',
        message: /message-router\.db cannot be opened or written: check that it, its directory and the file system/,
      }),
    )
    chmodSync(which, 0o755)
  }
  await refused(0o555, directory)
  rmSync(join(directory, 'message-router.lock'))
  await refused(0o555, directory)
  chmodSync(directory, 0o777)
  await refused(0o444, fileIn(directory))
})

/** Permissions are nothing to root. */
async function asNobody(work: () => Promise<unknown>): Promise<void> {
  const user = process.getuid!()
  if (user === 0) process.seteuid!(65_534)
  try {
    await work()
  } finally {
    if (user === 0) process.seteuid!(user)
  }
}

t.test('a larger file is looked through beside this thread', async (t) => {
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  const first = await openDatabase(directory, 'normal')
  first.writer.exec('CREATE TABLE filler (x); INSERT INTO filler VALUES (zeroblob(9000000))')
  await first.close()
  const second = await openDatabase(directory, 'normal')
  t.ok(second.bytes() > 8 * 1024 * 1024)
  t.equal(await second.checked, null)
  await second.close()
})
