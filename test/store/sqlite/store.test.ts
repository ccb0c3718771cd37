import t from 'tap'
import { openSqlite } from '../../fixtures/sqlite-store.js'
import { storeContract } from '../../fixtures/store-contract.js'

t.test('the SQLite store means what every store means', async (t) => storeContract(t, () => openSqlite()))
