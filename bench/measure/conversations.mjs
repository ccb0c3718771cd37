// What a message costs among ten conversations and among many. A person has each of them, so that its messages are
// recorded and no questions pile up: the state stays as it is however many messages a conversation gets.
import { median, ratio, spread } from '../statistics.mjs'

const ITEMS = 100
/**
 * A million echoes within a minute are open work until it is over, whose share of Node's usual heap they exceed. For all
 * counts, so that they compare.
 */
const ROOM = { nodeOptions: ['--max-old-space-size=8192'] }

/** Router servers that know so many conversations each, with the range of their customers. */
async function filled(stage, store, counts) {
  const servers = []
  for (const count of counts) {
    const server = await stage.start(store, ROOM)
    const range = stage.newUsers(count)
    const items = Math.min(ITEMS, count)
    await stage.run(server, { kind: 'echoes', count: Math.ceil(count / items), items, connections: 4, ...range })
    servers.push({ server, range, conversations: count, runs: [] })
  }
  return servers
}

export async function conversations(stage, { stores, counts, rounds, count, warmup, evenSeconds }) {
  const rows = []
  for (const store of stores) {
    const servers = await filled(stage, store, counts)
    // Among many, each slice has a part of them: ranges far apart, so that what it touches is in no cache.
    const slice = async (each, requests, turn) => {
      const { firstUser, users } = each.range
      const few = Math.min(users, requests)
      const from = firstUser + ((turn * few) % Math.max(1, users - few + 1))
      return await stage.run(each.server, { kind: 'messages', count: requests, firstUser: from, users: few })
    }
    for (const each of servers) await slice(each, warmup, 0)
    for (let round = 1; round <= rounds; round++) {
      for (const each of servers) each.runs.push(await slice(each, count, round))
    }
    const cpuOf = ({ runs }) => runs.map(({ cpu }) => cpu)
    for (const each of servers) {
      const rate = median(each.runs.map(({ perSecond }) => perSecond)) / 2
      const even = await stage.run(each.server, {
        kind: 'messages',
        count: Math.ceil(rate * evenSeconds),
        perSecond: rate,
        ...each.range,
      })
      rows.push({
        store,
        conversations: each.conversations,
        cpu_us: { median: median(cpuOf(each)), spread: spread(cpuOf(each)) },
        to_fewest: ratio(cpuOf(each), cpuOf(servers[0])),
        half_load_p99_ms: even.p99,
        half_load_longest_ms: even.most,
      })
    }
    for (const { server } of servers) await server.stop()
  }
  return rows
}
