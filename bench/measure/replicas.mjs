// One router on a Redis, and two on another, each conversation's requests falling on either: conflicts, and states that
// the other replica changed meanwhile, must not cost more than a little.
import { ratio, summary } from '../statistics.mjs'

export async function replicas(stage, { rounds, count, warmup }) {
  const one = await stage.start('redis')
  const first = await stage.start('redis')
  const second = await stage.start('redis', { redis: first.redis })
  const variants = [
    { replicas: 1, servers: [one], runs: [] },
    { replicas: 2, servers: [first, second], runs: [] },
  ]
  const slice = ({ servers }, requests) =>
    stage.run(servers, { kind: 'messages', count: requests, ...stage.newUsers(Math.ceil(requests / 5)) })
  for (const variant of variants) await slice(variant, warmup * variant.replicas)
  for (let round = 0; round < rounds; round++) {
    for (const variant of variants) variant.runs.push(await slice(variant, count))
  }
  for (const server of [one, second, first]) await server.stop()
  const of = ({ runs }, key) => runs.map((run) => run[key])
  return variants.map((variant) => ({
    replicas: variant.replicas,
    cpu_us: summary(of(variant, 'cpu')),
    to_one: ratio(of(variant, 'cpu'), of(variants[0], 'cpu')),
    redis_calls: summary(of(variant, 'redisCalls')),
    redis_cpu_us: summary(of(variant, 'redisCpu')),
  }))
}
