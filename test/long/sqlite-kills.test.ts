import { rmSync } from 'node:fs'
import t from 'tap'
import { killAgainAndAgain } from '../fixtures/kill-again.js'
import { newDirectory } from '../fixtures/sqlite-store.js'

t.test('a router on a file, killed fifty times under load, loses and repeats nothing', async (t) => {
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  await killAgainAndAgain(t, directory, 50)
})
