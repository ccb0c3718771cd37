import t from 'tap'
import { assertNeverTalksOver, assertSelfSending } from '../fixtures/flag-first.js'
import { startRedis } from '../fixtures/redis-servers.js'
import type { Changes } from '../fixtures/settings.js'

const server = await startRedis()
t.teardown(() => server.stop())
const replicated = (prefix: string): Changes => ({ REDIS_URL: server.url, REDIS_PREFIX: prefix })
/** Runs of five seconds. */
const pace = 7

for (const words of ['streamed', 'late'] as const) {
  t.test(`a workflow that sends by itself, its words ${words}: everybody is known in the end`, async (t) => {
    await assertSelfSending(t, { words, count: 1, pace, changes: {} })
  })
  t.test(`a flag-first run holds over two replicas, its words ${words}`, async (t) => {
    await assertSelfSending(t, { words, count: 2, pace, changes: replicated(`ff-${words}`) })
  })
}

for (const count of [1, 2]) {
  t.test(`a chatflow whose answer the router sends never talks over a person (${count} process)`, async (t) => {
    await assertNeverTalksOver(t, { count, pace, changes: count === 1 ? {} : replicated('ff-router') })
  })
}
