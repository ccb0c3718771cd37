// One router on a Redis, and two on another, each as busy as the one: with each conversation's requests on one of them,
// which should cost what it costs one router, and with the requests on either. Then a state that the other replica has
// changed meanwhile is decided on twice.
import { ratio, summary } from '../statistics.mjs'

const CONNECTIONS = 32

export async function replicas(stage, { rounds, count, warmup }) {
  const one = await stage.start('redis')
  const first = await stage.start('redis')
  const second = await stage.start('redis', { redis: first.redis })
  const both = [first, second]
  const variants = [
    { replicas: 1, conversations: 'on the one', servers: [one], isSticky: false, runs: [] },
    { replicas: 2, conversations: 'each on one', servers: both, isSticky: true, runs: [] },
    { replicas: 2, conversations: 'on either', servers: both, isSticky: false, runs: [] },
  ]
  const slice = ({ servers, isSticky }, requests) =>
    stage.run(servers, {
      kind: 'messages',
      count: requests,
      isSticky,
      connections: CONNECTIONS * servers.length,
      ...stage.newUsers(Math.ceil(requests / 10) * 2),
    })
  for (const variant of variants) await slice(variant, warmup)
  for (let round = 0; round < rounds; round++) {
    for (const variant of variants) variant.runs.push(await slice(variant, count))
  }
  for (const server of [one, second, first]) await server.stop()
  const of = ({ runs }, key) => runs.map((run) => run[key])
  return variants.map((variant) => ({
    replicas: variant.replicas,
    conversations: variant.conversations,
    cpu_us: summary(of(variant, 'cpu')),
    to_one: ratio(of(variant, 'cpu'), of(variants[0], 'cpu')),
    redis_calls: summary(of(variant, 'redisCalls')),
    redis_cpu_us: summary(of(variant, 'redisCpu')),
  }))
}
