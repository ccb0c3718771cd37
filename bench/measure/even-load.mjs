// Customer messages at an even rate, half of what the store's router takes at most, and the floor at the same rate. A
// request's time counts from when it was due: one that had to wait for its turn is not spared the wait.
import { median } from '../statistics.mjs'

/** `rates`: by store, the rate that was measured at full load. */
export async function evenLoad(stage, { rounds, seconds, warmup, rates }) {
  const warm = (server) => stage.run(server, { kind: 'messages', count: warmup, ...stage.newUsers(warmup / 5) })
  const floor = await stage.start('floor')
  await warm(floor)
  const rows = []
  for (const [store, rate] of Object.entries(rates)) {
    const router = await stage.start(store)
    await warm(router)
    const perSecond = rate / 2
    const count = Math.ceil(perSecond * seconds)
    const slice = (server) =>
      stage.run(server, { kind: 'messages', count, perSecond, ...stage.newUsers(Math.ceil(count / 5)) })
    for (const server of [router, floor]) await slice(server)
    const runs = { router: [], floor: [] }
    for (let round = 0; round < rounds; round++) {
      runs.router.push(await slice(router))
      runs.floor.push(await slice(floor))
    }
    await router.stop()
    const of = (who, key) => median(runs[who].map((run) => run[key]))
    rows.push({
      store,
      per_second: perSecond,
      p50_ms: of('router', 'p50'),
      p99_ms: of('router', 'p99'),
      longest_ms: Math.max(...runs.router.map(({ most }) => most)),
      floor_p50_ms: of('floor', 'p50'),
      floor_p99_ms: of('floor', 'p99'),
      // Round by round, since the machine's noise lasts for longer than one.
      p99_times_floor: median(runs.router.map(({ p99 }, i) => p99 / runs.floor[i].p99)),
    })
  }
  await floor.stop()
  return rows
}
