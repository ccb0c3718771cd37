import { statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ran } from '../fixtures/command.js'
import { openSqlite } from '../fixtures/sqlite-store.js'
import { idOf, said } from '../fixtures/store-contract.js'

t.test('the command copies the store of a running router, and says what it needs', async (t) => {
  const { store, directory, close } = await openSqlite()
  t.teardown(close)
  await store.commit(idOf(1), null, said(store.now(), idOf(1), 1))
  const target = join(directory, 'copy.db')
  for (const [args, env, code, message] of [
    [[], { DATA_DIR: directory }, 2, /^backup wants FILE[\s\S]*Usage: message-router backup FILE/],
    [[target], {}, 2, /^DATA_DIR is required/],
    [[target], { DATA_DIR: join(directory, 'other') }, 1, /^There is no store/],
  ] as const) {
    t.match(await ran(['backup', ...args], { env }), { code, err: message })
  }
  t.match(await ran(['backup', target], { env: { DATA_DIR: directory } }), { code: 0, out: /copy\.db: \d+ bytes/ })
  t.ok(statSync(target).size > 0)
  t.match(await ran(['backup', target], { env: { DATA_DIR: directory } }), { code: 1, err: /exists already/ })
  const other = `${target}.2`
  const { out } = await ran(['backup', other, '--json'], { env: { DATA_DIR: directory } })
  t.same(JSON.parse(out), { file: other, bytes: statSync(other).size })
})
