import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { onFile } from '../fixtures/any-store.js'
import { fillFile, userOfMany } from '../fixtures/many-conversations.js'
import { below, randomFrom } from '../fixtures/mutations.js'
import { type Router, startRouter } from '../fixtures/process.js'
import { slowness } from '../fixtures/slowness.js'
import { openLoad, percentile } from '../fixtures/steady-load.js'
import { untilReady } from '../fixtures/traffic.js'

/** A file with a million conversations is no slower than one with a thousand, and no larger in memory. */

const FEW = 1_000
const MANY = Number(process.env['CONVERSATIONS'] ?? 1_000_000)
/** Of one that was filled before, for whoever looks for something: it takes minutes. */
const FILLED = process.env['FILLED_DATA_DIR']

interface Measured {
  readonly startMs: number
  readonly residentMiB: number
  /** Of the transactions, in milliseconds. */
  readonly commits95: number
  readonly half99: number
}

function residentMiB({ child }: Router): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024
}

/** Under which 95 of 100 of them were. */
async function commits95(router: Router): Promise<number> {
  const { text } = await router.call('/metrics')
  const buckets = [...text.matchAll(/^message_router_store_commit_seconds_bucket\{le="([^"]+)"\} (\d+)/gm)]
  const all = Number(buckets.at(-1)![2])
  return Number(buckets.find(([, , count]) => Number(count) >= all * 0.95)![1]) * 1_000
}

async function measured(t: Test, DATA_DIR: string, count: number): Promise<Measured> {
  const startedAt = performance.now()
  const router = await startRouter(t, { DATA_DIR, CHANNEL_PLATFORM: 'instagram' })
  await untilReady(router)
  const startMs = performance.now() - startedAt
  const load = await openLoad(router.port)
  t.teardown(() => load.close())
  const random = randomFrom(count)
  const some = (many: number) => Array.from({ length: many }, () => userOfMany(below(random, count)))
  await load.flatOut(some(5_000))
  const perSecond = await load.flatOut(some(5_000))
  const took = await load.steady(some(Math.ceil(perSecond * 5)), perSecond / 2)
  const found = {
    startMs,
    residentMiB: residentMiB(router),
    commits95: await commits95(router),
    half99: percentile(took, 99),
  }
  t.comment(`${count} conversations, ${perSecond.toFixed(0)} webhooks a second flat out: ${JSON.stringify(found)}`)
  load.close()
  router.kill('SIGTERM')
  t.match(await router.exited, { code: 0 })
  return found
}

t.test('a start, a commit, the memory and the slowest webhooks among a million conversations', async (t) => {
  const [small, large] = [onFile(t).DATA_DIR, FILLED ?? onFile(t).DATA_DIR]
  await fillFile(small, FEW)
  if (FILLED === undefined) await fillFile(large, MANY)
  const before = await slowness()
  const few = await measured(t, small, FEW)
  const many = await measured(t, large, MANY)
  const slow = Math.max(before, await slowness())
  t.ok(many.startMs < 2_000 * slow, `starts within ${many.startMs.toFixed(0)} ms`)
  t.ok(many.residentMiB < 200, `${many.residentMiB.toFixed(0)} MiB`)
  // The metric's own steps: half a millisecond, one, two and a half …
  t.ok(
    many.commits95 <= Math.max(1, few.commits95) * slow,
    `${many.commits95} ms for a commit, ${few.commits95} among few`,
  )
  t.ok(many.half99 < Math.max(20 * slow, few.half99 * 1.5), `p99 ${many.half99.toFixed(1)} ms at half load`)
})
