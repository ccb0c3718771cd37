import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
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

t.test('the helper threads of V8 have a lower priority than the event loop', async (t) => {
  const { child } = await startRouter(t, {}, { flags: ['--v8-pool-size=2'] })
  const priorities = prioritiesOf(child.pid!)
  const own = priorities.get(child.pid!)!
  const lowered = [...priorities.values()].filter((priority) => priority === Math.min(own + 10, 19) && priority > own)
  t.ok(lowered.length >= 2, `${lowered.length} of ${priorities.size}`)
})

t.test('a thread that has ended does no harm', async (t) => {
  const threads = t.testdir({})
  mkdirSync(`${threads}/${2 ** 31 - 1}`)
  t.doesNotThrow(() => tuneCollector(process.pid, threads))
})

t.test('a system without /proc does no harm', async (t) => {
  t.doesNotThrow(() => tuneCollector(process.pid, `${t.testdir({})}/none`))
})
