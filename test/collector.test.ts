import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { tuneCollector } from '../src/collector.js'
import { startRouter } from './fixtures/process.js'

/** By its number, the priority (`nice`) of each thread of a process. */
function prioritiesOf(pid: number): Map<number, number> {
  const threads = readdirSync(`/proc/${pid}/task`)
  return new Map(
    threads.map((thread) => {
      const afterItsName = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ')[1]!
      return [Number(thread), Number(afterItsName.split(' ')[16])]
    }),
  )
}

/** How many threads have the priority of helpers that are nicer. */
function loweredOf(pid: number): number {
  const priorities = prioritiesOf(pid)
  const own = priorities.get(pid)!
  return [...priorities.values()].filter((priority) => priority === Math.min(own + 10, 19) && priority > own).length
}

t.test('the helper threads of V8 have a lower priority than the event loop once the code is compiled', async (t) => {
  const { child, call } = await startRouter(t, {}, { flags: ['--v8-pool-size=2'] })
  t.equal(loweredOf(child.pid!), 0)
  const end = Date.now() + 30_000
  while (loweredOf(child.pid!) < 2 && Date.now() < end)
    await Promise.all(Array.from({ length: 50 }, () => call('/health')))
  t.ok(loweredOf(child.pid!) >= 2, `${loweredOf(child.pid!)}`)
})

t.test('a process that has done little leaves them alone', async (t) => {
  const { child } = await startRouter(t, {})
  tuneCollector({ pid: child.pid!, cpuUsage: () => ({ user: 2_500_000, system: 2_400_000 }) })
  await sleep(600)
  t.equal(loweredOf(child.pid!), 0)
})

const busy = { pid: process.pid, cpuUsage: () => ({ user: 2_500_000, system: 2_500_000 }) }

t.test('a thread that has ended does no harm', async (t) => {
  const threads = t.testdir({})
  mkdirSync(`${threads}/${2 ** 31 - 1}`)
  tuneCollector(busy, threads)
  await sleep(600)
  t.equal(loweredOf(process.pid), 0)
})

t.test('a system without /proc does no harm', async (t) => {
  tuneCollector(busy, `${t.testdir({})}/none`)
  await sleep(600)
  t.equal(loweredOf(process.pid), 0)
})
