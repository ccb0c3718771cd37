import { spawnSync } from 'node:child_process'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { environment } from './fixtures/process.js'
import { inProject } from './fixtures/project.js'
import { openSqlite } from './fixtures/sqlite-store.js'
import { idOf, said } from './fixtures/store-contract.js'

const run = (args: readonly string[], settings: Readonly<Record<string, string>>) =>
  spawnSync(process.execPath, [inProject('dist/backup.js'), ...args], { env: environment(settings), encoding: 'utf8' })

t.test('the command copies the store of a running router, and says what it needs', async (t) => {
  const { store, directory, close } = await openSqlite()
  t.teardown(close)
  await store.commit(idOf(1), null, said(store.now(), idOf(1), 1))
  const target = join(directory, 'copy.db')
  for (const [args, settings, message] of [
    [[], { DATA_DIR: directory }, /^usage: npm run backup -- FILE/],
    [['--help'], { DATA_DIR: directory }, /^usage/],
    [[target], {}, /^DATA_DIR is required/],
    [[target], { DATA_DIR: join(directory, 'other') }, /^There is no store/],
  ] as const) {
    t.match(run(args, settings), { status: 1, stderr: message })
  }
  t.match(run([target], { DATA_DIR: directory }), { status: 0, stdout: /copy\.db: \d+ bytes/ })
  t.ok(statSync(target).size > 0)
  rmSync(target)
})
