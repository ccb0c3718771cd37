// Deliveries of a hundred items, as Meta makes them when it catches up: items a second, against the floor's requests of
// one item each, which is what each item would cost it alone.
import { hasRedis } from '../stage.mjs'
import { ratio, summary } from '../statistics.mjs'

const ITEMS = 100

export async function deliveries(stage, { rounds, count, warmup }) {
  const floor = { kind: 'floor', items: 1, runs: [], server: await stage.start('floor') }
  const variants = [floor]
  for (const kind of ['floor', 'memory', 'sqlite', ...(hasRedis ? ['redis'] : [])]) {
    variants.push({ kind, items: ITEMS, runs: [], server: kind === 'floor' ? floor.server : await stage.start(kind) })
  }
  const slice = ({ server, items }, all) =>
    stage.run(server, {
      kind: 'messages',
      count: Math.ceil(all / items),
      items,
      connections: items === 1 ? 32 : 4,
      ...stage.newUsers(Math.ceil(all / 5)),
    })
  for (const variant of variants) await slice(variant, warmup)
  for (let round = 0; round < rounds; round++) {
    for (const variant of variants) variant.runs.push(await slice(variant, count))
  }
  for (const { server } of variants.slice(1)) await server.stop()
  const rate = ({ items, runs }) => runs.map(({ perSecond }) => perSecond * items)
  const cpu = ({ items, runs }) => runs.map((run) => (run.cpu === null ? null : run.cpu / items))
  return variants.map((variant) => ({
    server: variant.kind,
    items: variant.items,
    items_per_second: summary(rate(variant)),
    floor_share_of_rate: ratio(rate(variant), rate(floor)),
    cpu_us_per_item: summary(cpu(variant)),
  }))
}
