import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import t from 'tap'
import { tryRedis } from '../../../src/store/redis/try-redis.js'
import { startRedis } from '../../fixtures/redis-servers.js'

t.test('a Redis that answers says which it is', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  t.match(await tryRedis(server.url), { is: 'works', version: /^\d+\.\d+/, warnings: [] })
  await server.client.acl('SETUSER', 'mute', 'on', '>pw', '~*', '+@all', '-info')
  const mute = server.url.replace('redis://', 'redis://mute:pw@')
  t.match(await tryRedis(mute), { is: 'fails', reason: /NOPERM|no permissions/ }, 'and must be allowed to')
})

t.test('one that does not is named with its reason', async (t) => {
  t.match(await tryRedis('redis://127.0.0.1:9', 300), { is: 'fails', reason: /ECONNREFUSED/ })
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const { port } = silent.address() as AddressInfo
  t.match(await tryRedis(`redis://127.0.0.1:${port}`, 300), { is: 'fails', reason: 'no answer within 0.3 s' })
})
