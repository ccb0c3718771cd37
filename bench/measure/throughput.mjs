// Requests one after the other on 32 connections, as fast as the server answers, in rounds: each round gives every
// server a slice of a fraction of a second in turn, so that what else the machine does meanwhile falls on all alike.
import { hasRedis } from '../stage.mjs'
import { ratio, summary } from '../statistics.mjs'

/** Requests of a slice, and how often a customer occurs in one. */
const KINDS = {
  messages: { each: 5 },
  echoes: { each: 5 },
  marks: { each: 1 },
}
const FLOORS = ['floor', 'express', 'fastify']
const STORES = ['memory', 'sqlite', ...(hasRedis ? ['redis'] : [])]

export async function throughput(stage, { rounds, count, warmup, against }) {
  const servers = []
  for (const kind of [...FLOORS, ...STORES]) servers.push({ name: kind, server: await stage.start(kind) })
  if (against !== null) {
    for (const kind of against.stores.filter((each) => STORES.includes(each)))
      servers.push({ name: kind + OTHER, server: await stage.start(kind, { router: against.router }) })
  }
  const variants = servers.flatMap(({ name, server }) =>
    Object.keys(FLOORS.includes(server.kind) ? { messages: 0 } : KINDS).map((kind) => ({
      name,
      server,
      kind,
      runs: [],
    })),
  )
  const slice = async ({ server, kind }, requests) => {
    const users = stage.newUsers(Math.ceil(requests / KINDS[kind].each))
    return await stage.run(server, { kind, count: requests, ...users })
  }
  // Most code is the same for all kinds of requests to a server.
  for (const variant of variants) await slice(variant, variant.kind === 'messages' ? warmup : warmup / 2)
  for (let round = 0; round < rounds; round++) {
    // Every other round the other way around: a slice's neighbours are not always the same.
    const turn = round % 2 === 0 ? variants : variants.toReversed()
    for (const variant of turn) variant.runs.push(await slice(variant, count))
  }
  for (const { server } of servers) await server.stop()
  return rowsOf(variants)
}

const OTHER = ', the other build'

export const isOtherBuild = (name) => name.endsWith(OTHER)

function rowsOf(variants) {
  const cpusOf = ({ runs }) => runs.map(({ cpu }) => cpu)
  const floor = variants.find(({ name }) => name === 'floor')
  const express = variants.find(({ name }) => name === 'express')
  return variants.map((variant) => {
    const { name, kind, runs } = variant
    const base = name.replace(OTHER, '')
    const other = variants.find((each) => each.name === base + OTHER && each.kind === kind)
    return {
      server: name,
      requests: kind,
      cpu_us: summary(cpusOf(variant)),
      floor_share: ratio(cpusOf(floor), cpusOf(variant)),
      times_express: ratio(cpusOf(express), cpusOf(variant)),
      ...(other === undefined || other === variant ? {} : { to_other_build: ratio(cpusOf(variant), cpusOf(other)) }),
      per_second: summary(runs.map(({ perSecond }) => perSecond)),
      floor_share_of_rate: ratio(
        runs.map(({ perSecond }) => perSecond),
        floor.runs.map(({ perSecond }) => perSecond),
      ),
      redis_calls: summary(runs.map(({ redisCalls }) => redisCalls)),
      redis_cpu_us: summary(runs.map(({ redisCpu }) => redisCpu)),
    }
  })
}
