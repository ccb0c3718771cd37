import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
// @ts-expect-error a plain script without types
import { heapAfterCollection, INSPECTED } from '../../bench/inspector.mjs'
import type { Attack } from '../fixtures/attacker.js'
import { type Router, startRouter } from '../fixtures/process.js'
import { inProject } from '../fixtures/project.js'
import { startRedis } from '../fixtures/redis-servers.js'
import type { Changes } from '../fixtures/settings.js'
import { until } from '../fixtures/shop.js'
import { slowness } from '../fixtures/slowness.js'
import { delivery, fromCustomer } from '../fixtures/webhooks.js'

/** What strangers send does not take a router of 256 MiB down, nor keep it from anybody else. */

const ATTACKER = inProject('.tests/test/fixtures/attacker.js')
const MIB = 1024 * 1024

const attacks: readonly (readonly [Attack, string])[] = [
  ['crumbs', 'bodies in pieces of one byte, without a signature'],
  ['signed-crumbs', 'bodies in pieces of one byte, with a wrong signature'],
  ['stalled-bodies', '500 bodies of 1 MiB that never end'],
  ['long-addresses', 'forwarded addresses of 17,000 characters'],
  ['half-headers', 'more requests than connections whose headers never end'],
  ['silent', 'more connections than there may be, that say nothing'],
  ['smuggling', 'offers to upgrade with a thousand headers, behind other requests'],
]

/** In MiB: what it holds now, and the most that it ever did. */
function memoryOf({ child }: Router): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]) / 1024
  return { now: of('VmRSS'), most: of('VmHWM') }
}

/** What is not garbage, in MiB: the heap and what hangs on it, after a full collection. */
async function heldBy({ output }: Router): Promise<number> {
  return (await heapAfterCollection({ errorsSoFar: output })) / MIB
}

/** The same each time: nothing of it adds up in the store. */
const hi = (user: number) => delivery([fromCustomer(`${user}`, { mid: `mid-${user}`, text: 'hi' })])

/** Delivers and asks until it is told to stop; resolves with what each took, in milliseconds. */
function bystander(t: Test, router: Router): { stop(): Promise<readonly number[]> } {
  const times: number[] = []
  let isOver = false
  const work = (async () => {
    for (let i = 0; !isOver; i++) {
      const startedAt = performance.now()
      const { status } = i % 2 === 0 ? await router.deliver(hi(i % 50)) : await router.call('/health/ready')
      times.push(performance.now() - startedAt)
      if (status !== 200) t.fail(`somebody else is answered ${status}`)
      await sleep(5)
    }
  })()
  return {
    async stop() {
      isOver = true
      await work
      return times
    },
  }
}

/** 99 of 100 are quicker. */
function lateOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!
}

async function withstands(t: Test, settings: Changes): Promise<void> {
  const flags = ['--max-old-space-size=256', ...INSPECTED]
  const router = await startRouter(t, { TRUST_PROXY: 'on', CHANNEL_PLATFORM: 'instagram', ...settings }, { flags })
  for (let i = 0; i < 300; i++) await router.deliver(hi(i % 50))
  const before = { held: await heldBy(router), ...memoryOf(router) }
  let worst = before.most

  for (const [name, words] of attacks) {
    await t.test(words, async (t) => {
      const calm = bystander(t, router)
      const slow = await slowness()
      await sleep(300)
      const usual = lateOf(await calm.stop())
      const others = bystander(t, router)
      const logged = router.log.length
      // A real attacker has a machine of its own: this one takes what the others leave of the processor.
      const program = [process.execPath, ATTACKER, name, `${router.port}`]
      const child = spawn('env', ['-u', 'NODE_OPTIONS', 'nice', '-n', '15', ...program], {
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      t.teardown(() => child.kill('SIGKILL'))
      const [code] = await once(child, 'close')
      t.equal(code, 0)
      const late = lateOf(await others.stop())
      // What a busy machine takes without an attack comes on top.
      const most = usual + 500 * Math.max(slow, await slowness())
      t.ok(late < most, `others: 99 of 100 within ${late.toFixed(0)} ms, ${most.toFixed(0)} at the most`)
      t.match(await router.call('/health/ready'), { status: 200 })
      const lines = router.log.slice(logged).filter(({ msg }) => msg.startsWith('request'))
      t.ok(lines.length < 50, `${lines.length} lines of refusals`)
      t.ok(JSON.stringify(lines).length < 20_000)
      worst = Math.max(worst, memoryOf(router).most)
    })
  }

  const grown = worst - before.most
  t.ok(grown < 200, `it grew by ${grown.toFixed(0)} MiB at the most, from ${before.most.toFixed(0)}`)
  for (let i = 0; i < 200; i++) await router.deliver(hi(i % 50))
  // Some of what hangs on a socket goes a moment after it.
  const after = await until(
    () => heldBy(router),
    (held) => held < before.held * 1.2,
  )
  t.ok(after < before.held * 1.2, `${after.toFixed(0)} MiB held afterwards, ${before.held.toFixed(0)} before`)
  t.same(
    router.log.filter(({ level }) => level >= 50),
    [],
  )
  t.equal(router.child.exitCode, null)
}

t.test('attacks have no effect on a router with the memory store', (t) => withstands(t, { STORE: 'memory' }))

t.test('attacks have no effect on a router with Redis', async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  await withstands(t, { REDIS_URL: redis.url })
  const keys = await redis.client.keys('*')
  t.same(
    keys.filter((key) => key.length > 200),
    [],
  )
  const counters = keys.filter((key) => key.startsWith('mr:limit:'))
  t.ok(counters.length > 0)
  t.same(
    counters.filter((key) => !/^mr:limit:(failure|token):[\w.: -]+$/.test(key)),
    [],
  )
})
