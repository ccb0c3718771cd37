import { rmSync } from 'node:fs'
import t from 'tap'
import { killAgainAndAgain } from '../fixtures/kill-again.js'
import { newDirectory } from '../fixtures/sqlite-store.js'

t.test('fifty times killed under load, a router on a file loses nothing and does nothing twice', async (t) => {
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  await killAgainAndAgain(t, directory, 50)
})
