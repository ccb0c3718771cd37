// Bytes per conversation: the heap and the memory outside of it after a collection, or what Redis says it uses, before and after so many more of them.
// The counters of marks per conversation, which last a minute, are not part of it on Redis; in memory they are, unless
// `counters` marks come first: above 50,000 the older half of them is dropped. The conversations are many, since a Redis of
// few is mostly tables that are about to grow, and above some 8,000 its sorted sets take another form. The feed on Redis has a fixed size and is deleted before.
import { setTimeout as sleep } from 'node:timers/promises'
import { heapAfterCollection, INSPECTED } from '../inspector.mjs'
import { midOf, textOf } from '../requests.mjs'
import { hasRedis } from '../stage.mjs'

const MESSAGES = 5

/** A conversation in memory goes to rest two seconds after its last event, some thousands a second. */
const idleMs = (conversations) => 4_000 + conversations * 0.25

/** With one flag and nothing else, and with five messages that wait for their answer. */
const STATES = [
  { state: 'flagged', kind: 'marks', each: 1, words: 0 },
  {
    state: `active, ${MESSAGES} messages`,
    kind: 'messages',
    each: MESSAGES,
    words: textOf(10_000).length + midOf(10, 10_000).length,
  },
]

export async function memory(stage, { flagged, active, counters }) {
  const rows = []
  for (const store of ['memory', ...(hasRedis ? ['redis'] : [])]) {
    const servers = []
    for (const each of STATES) {
      const server = await stage.start(store, { nodeOptions: store === 'memory' ? INSPECTED : [] })
      servers.push({ ...each, server, conversations: each.kind === 'marks' ? flagged : active })
    }
    const run = ({ server, kind, each }, count) =>
      stage.run(server, { kind, count: count * each, ...stage.newUsers(count) })
    const fill = async () => {
      for (const each of servers) await run(each, each.conversations)
    }
    const bytesNow = async () => {
      if (store === 'memory') await sleep(idleMs(Math.max(flagged, active)))
      const bytes = []
      for (const { server } of servers)
        bytes.push(
          await (store === 'memory' ? heapAfterCollection(server) : server.redis.bytesWithout('*:feed', '*:limit:*')),
        )
      return bytes
    }
    // The first ones fill what has a fixed size: the code, in memory the feed.
    await fill()
    if (store === 'memory') await run(servers[0], counters)
    const before = await bytesNow()
    await fill()
    const after = await bytesNow()
    for (const [i, { server, state, each, words, conversations }] of servers.entries()) {
      const bytes = (after[i] - before[i]) / conversations
      rows.push({ store, state, bytes, texts_and_ids: words * each, besides: bytes - words * each })
      await server.stop()
    }
  }
  return rows
}
