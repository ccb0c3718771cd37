import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t from 'tap'
import { connect, targetOf } from '../../../src/store/redis/connect.js'
import { followMaster } from '../../../src/store/redis/master-switch.js'
import { startRedis, startSentinel } from '../../fixtures/redis-servers.js'
import { SILENT } from '../../fixtures/redis-store.js'

const set = await startSentinel()
t.teardown(() => set.stop())

const target = targetOf(set.url)
const sentinels = (target.is === 'sentinel' ? target.nodes : []).map((node) => new Redis({ ...node }))
t.teardown(() => {
  for (const sentinel of sentinels) sentinel.disconnect()
})

/** Who listens for another master. */
async function listeners(): Promise<number> {
  const each = await Promise.all(sentinels.map(async (sentinel) => String(await sentinel.call('CLIENT', 'LIST'))))
  return each.reduce((sum, clients) => sum + (clients.match(/ sub=1 /g)?.length ?? 0), 0)
}

t.test('a failover that is asked for is followed before the old master is told', async (t) => {
  const client = connect(set.url, SILENT)
  while ((await listeners()) < sentinels.length || client.status !== 'ready') await sleep(10)
  const [port] = (await client.config('GET', 'port')).slice(1) as string[]
  t.equal(port, String(set.master.port))
  await sentinels[0]!.call('SENTINEL', 'FAILOVER', 'mymaster')
  const begun = performance.now()
  const isThere = async () => (await client.config('GET', 'port').catch(() => []))[1] === String(set.replica.port)
  while (!(await isThere())) await sleep(20)
  t.ok(performance.now() - begun < 6_000, `${performance.now() - begun} ms`)
  t.match(await set.master.client.info('replication'), 'role:master')

  client.disconnect()
  while ((await listeners()) > 0) await sleep(10)
})

t.test('only a switch of the own master counts, and only for a client that is connected', async (t) => {
  // Servers take subscriptions as sentinels do, and whatever is published.
  const [sentinel, server] = await Promise.all([startRedis(), startRedis()])
  t.teardown(() => Promise.all([sentinel.stop(), server.stop()]))
  const client = connect(server.url, SILENT) as Redis
  const nodes = [{ host: '127.0.0.1', port: sentinel.port }]
  followMaster(client, 'mymaster', nodes, { retryStrategy: () => 50 })
  let closed = 0
  client.on('close', () => {
    closed += 1
  })
  const told = async (message: string): Promise<void> => {
    while ((await sentinel.client.publish('+switch-master', message)) === 0) await sleep(10)
    await sleep(100)
  }
  while (client.status !== 'ready') await sleep(5)
  await told('another 127.0.0.1 1 127.0.0.1 2')
  t.equal(closed, 0)
  await told('mymaster 127.0.0.1 1 127.0.0.1 2')
  t.equal(closed, 1)
  while (client.status !== 'ready') await sleep(5)
  await server.kill()
  await told('mymaster 127.0.0.1 1 127.0.0.1 2')
  await server.restart()
  while (client.status !== 'ready') await sleep(5)
  await sentinel.restart()
  await told('mymaster 127.0.0.1 1 127.0.0.1 2')
  while (client.status !== 'ready') await sleep(5)
  t.equal(await client.ping(), 'PONG')
  client.disconnect()
})
