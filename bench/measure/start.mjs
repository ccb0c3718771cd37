// From the start of the process until it listens, and the first requests that it answers, one after the other.
import { hasRedis } from '../stage.mjs'
import { summary } from '../statistics.mjs'

const NEXT = 100

export async function start(stage, { rounds }) {
  const kinds = ['floor', 'memory', 'sqlite', ...(hasRedis ? ['redis'] : [])]
  const runs = Object.fromEntries(kinds.map((kind) => [kind, []]))
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) {
      const server = await stage.start(kind)
      const one = (count) => stage.run(server, { kind: 'messages', count, connections: 1, ...stage.newUsers(count) })
      const first = await one(1)
      const next = await one(NEXT)
      runs[kind].push({ startMs: server.startMs, first: first.most, next: next.most })
      await server.stop()
    }
  }
  return kinds.map((kind) => ({
    server: kind,
    listens_after_ms: summary(runs[kind].map(({ startMs }) => startMs)),
    first_request_ms: summary(runs[kind].map(({ first }) => first)),
    longest_of_next_100_ms: summary(runs[kind].map(({ next }) => next)),
  }))
}
