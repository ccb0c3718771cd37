import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Router, startRouter } from '../fixtures/process.js'
import { type RedisServer, startCluster, startSentinel } from '../fixtures/redis-servers.js'
import { startTraffic, untilReady, wrongWith } from '../fixtures/traffic.js'
import { delivery, echoTo, newMid, PAGE } from '../fixtures/webhooks.js'

/** A master dies under load, and its replica takes over. What Redis had not yet copied is lost; nothing else may be. */

/**
 * Redis tells its replicas at once, but waits for none of them: what it had said yes to in its last moment. Far more
 * than was ever seen here, which is none to three of some thousand a second.
 */
const MOST_LOST = 50

async function start(t: Test, url: string): Promise<Router> {
  const router = await startRouter(t, { REDIS_URL: url })
  await untilReady(router)
  return router
}

async function survives(t: Test, url: string, master: RedisServer): Promise<void> {
  const routers = await Promise.all([start(t, url), start(t, url)])
  const traffic = startTraffic(() => routers, { users: 40, atATime: 16 })
  await traffic.more(500)
  const paused = `${PAGE}-77`
  await routers[0].deliver(delivery([echoTo('77', { mid: 'human', text: 'mine' })]))
  // So long ago that it cannot be among what was not copied yet.
  await sleep(200)

  const begun = performance.now()
  await master.kill()
  while (!traffic.refused().some(({ status }) => status === 503)) await sleep(5)
  const refusedUntil = await goesOn(traffic)
  await traffic.more(500)
  await traffic.stop()
  for (const router of routers) await untilReady(router)

  const { lost, twice, gaps } = await wrongWith(routers[1], traffic)
  t.comment(`${lost.length} of ${traffic.count()} lost, again all well after ${Math.round(refusedUntil - begun)} ms`)
  t.same({ twice, gaps }, { twice: [], gaps: [] })
  t.ok(lost.length <= MOST_LOST, `${lost.length} lost`)
  const refused = traffic.refused()
  t.same(new Set(refused.map(({ status, code }) => `${status} ${code}`)), new Set(['503 store_unavailable']))
  t.ok(Math.max(...refused.map(({ ms }) => ms)) < 2_500)
  for (const router of routers) {
    t.equal((await router.call(`/api/conversations/${paused}`)).json.bot.enabled, false)
    t.match((await router.deliver(delivery([echoTo('78', { mid: newMid(), text: 'hello' })]))).status, 200)
    t.equal((await router.call('/api/conversations')).status, 200)
  }
}

/** When nothing was refused for a second. */
async function goesOn(traffic: ReturnType<typeof startTraffic>): Promise<number> {
  let since = performance.now()
  for (let refused = -1; performance.now() - since < 1_000; await sleep(10)) {
    const now = traffic.refused().length
    if (now !== refused) since = performance.now()
    refused = now
  }
  return since
}

t.test('a cluster’s master', async (t) => {
  const cluster = await startCluster()
  t.teardown(() => cluster.stop())
  await survives(t, cluster.url, cluster.masters[1]!)
})

t.test('a master behind Sentinel', async (t) => {
  const set = await startSentinel()
  t.teardown(() => set.stop())
  await survives(t, set.url, set.master)
})
