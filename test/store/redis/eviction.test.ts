import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Log } from '../../../src/engine/ports.js'
import { connect } from '../../../src/store/redis/connect.js'
import { warnOfEviction } from '../../../src/store/redis/eviction.js'
import { startRedis } from '../../fixtures/redis-servers.js'

async function warningsWith(t: Test, args: readonly string[], prepare?: (url: string) => string) {
  const server = await startRedis(args)
  t.teardown(() => server.stop())
  await server.client.acl('SETUSER', 'mute', 'on', '>pw', '~*', '+@all', '-info')
  const warnings: string[] = []
  const note = (): void => {}
  const log: Log = {
    debug: note,
    info: note,
    error: note,
    warn: (_facts: object, words: string) => void warnings.push(words),
  }
  const client = connect(prepare?.(server.url) ?? server.url, log)
  t.teardown(() => client.disconnect())
  warnOfEviction(client, log)
  await once(client, 'ready')
  // What it asked is answered first.
  await client.ping()
  await sleep(0)
  return warnings
}

t.test('a Redis that drops keys when it is full is warned of', async (t) => {
  const warnings = await warningsWith(t, ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'])
  t.match(warnings, [/drop pauses and flags.*noeviction/])
})

t.test('a Redis that refuses writes when full, or has no limit, is not warned of', async (t) => {
  t.same(await warningsWith(t, ['--maxmemory', '100mb', '--maxmemory-policy', 'noeviction']), [])
  t.same(await warningsWith(t, ['--maxmemory-policy', 'allkeys-lru']), [])
})

t.test('without permission to ask for the policy there is no warning', async (t) => {
  const args = ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru']
  t.same(await warningsWith(t, args, (url) => url.replace('redis://', 'redis://mute:pw@')), [])
})
