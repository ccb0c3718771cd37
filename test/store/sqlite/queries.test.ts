import t from 'tap'
import { fileIn } from '../../../src/store/sqlite/open-database.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { readProjectFile } from '../../fixtures/project.js'
import { openSqlite } from '../../fixtures/sqlite-store.js'
import { change, idOf, numbered, said } from '../../fixtures/store-contract.js'

t.test('the documented queries find what they say, beside the open store', async (t) => {
  const { store, directory, close } = await openSqlite()
  t.teardown(close)
  const queries = [...readProjectFile('docs/sqlite.md').matchAll(/```sql\n(.*?)```/gs)].map(([, text]) => text!)
  t.equal(queries.length, 10)
  const now = Date.now()
  const { state } = said(now, idOf(2001), 5)
  const records = [
    numbered(now, 1, { status: 'processed' }),
    numbered(now, 2, { type: 'AI', status: 'sent', evidence: 'flag' }),
    numbered(now, 3, { status: 'skipped', reason: 'bot_paused' }),
    numbered(now, 4, { type: 'support', status: 'sent', evidence: 'none' }),
    numbered(now, 5, { type: 'marketing', status: 'failed', reason: 'refused', at: now - 1_000 }),
  ]
  const causes = [{ until: store.now() + 60_000, reason: 'human_echo', at: now, seq: 4, note: null } as const]
  const dead = [{ seq: 5, reason: 'refused', code: '', at: now, parts: [] } as const]
  const full = { ...state!, causes, waiting: [numbered(now, 3)], outbox: { ...state!.outbox, dead } }
  await store.commit(idOf(2001), null, change({ state: full, records }))
  const { DatabaseSync } = await loadSqlite()
  const reader = new DatabaseSync(fileIn(directory), { readOnly: true })
  const found = queries.map((query) => reader.prepare(query).all().length)
  reader.close()
  t.same(found, [1, 1, 1, 2, 1, 1, 2, 1, 1, 5])
})
