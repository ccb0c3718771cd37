import { readFileSync } from 'node:fs'
import t from 'tap'
import { mutatedBodies } from '../fixtures/mutations.js'
import { inParallel, startRouter } from '../fixtures/process.js'
import { PAGE } from '../fixtures/webhooks.js'

/** A million deliveries, most of them wrong: answered each, and the memory stays what it was. */

const BODIES = Number(process.env['MUTATED_BODIES'] ?? 1_000_000)
const ROUNDS = 10
const AT_A_TIME = 16
const SEED = Number(process.env['FC_SEED'] ?? 3)

t.test('a million mutated bodies', { timeout: 3_600_000 }, async (t) => {
  const router = await startRouter(t, { CHANNEL_PLATFORM: 'instagram' }, { flags: ['--max-old-space-size=256'] })
  const statuses = new Map<number, number>()
  const memory: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await inParallel(mutatedBodies(PAGE, BODIES / ROUNDS, SEED + round), AT_A_TIME, async (body) => {
      const { status } = await router.deliver(body)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status !== 200 && status !== 400) t.fail(`${status} for ${body.toString('latin1')}`)
    })
    const status = readFileSync(`/proc/${router.child.pid}/status`, 'utf8')
    memory.push(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) / 1024)
  }
  t.same([...statuses.keys()].toSorted(), [200, 400])
  t.comment(`MiB after each tenth: ${memory.map(Math.round).join(', ')}`)
  const [middle, last] = [memory[ROUNDS / 2]!, memory.at(-1)!]
  t.ok(last < middle * 1.2, `${last.toFixed(0)} MiB at the end, ${middle.toFixed(0)} half way`)
  t.match(await router.call('/health/ready'), { status: 200 })
  t.same(
    router.log.filter(({ level }) => level >= 50),
    [],
  )
})
