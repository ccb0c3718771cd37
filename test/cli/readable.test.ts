import t, { type Test } from 'tap'
import { showReadably } from '../../src/cli/readable.js'
import { pretendWorld } from '../fixtures/command.js'
import { until } from '../fixtures/shop.js'

const LINE = JSON.stringify({ level: 40, time: '2026-01-01T00:00:00.000Z', conversation_id: '1-2', msg: '👤 a person' })

/** A program in place of the router. */
const readable = (t: Test, program: string, load?: Parameters<typeof showReadably>[2]) => {
  const { world, ...seen } = pretendWorld()
  const file = `${t.testdir({ 'program.mjs': program })}/program.mjs`
  return { code: showReadably(file, world, load), ...seen }
}

t.test('log lines are made readable, what is none is shown as it is, and the exit code is the program’s', async (t) => {
  const program = `console.log(${JSON.stringify(LINE)}); console.log('plain'); process.exitCode = 3`
  const { code, out } = readable(t, program)
  t.equal(await code, 3)
  t.match(out(), /WARN: 👤 a person \{"conversation_id":"1-2"\}\nplain\n/)
  const bare = readable(t, program, () => Promise.reject(new Error('not installed')))
  t.equal(await bare.code, 3)
  t.equal(bare.out(), `${LINE}\nplain\n`)
})

t.test('a signal reaches the program, whose last words are still shown', async (t) => {
  for (const [signal, last] of [
    ['SIGTERM', 'stopped\n'],
    // The program does not outlive its terminal.
    ['SIGHUP', 'stopped\n'],
  ] as const) {
    const shown = readable(
      t,
      `process.on('SIGTERM', () => { console.log('stopped'); process.exit(0) }); setInterval(() => {}, 1e6); console.log('up')`,
    )
    await until(() => shown.out() === 'up\n')
    // A terminal tells the program itself.
    shown.signal('SIGINT')
    shown.signal(signal)
    t.equal(await shown.code, 0)
    t.equal(shown.out(), `up\n${last}`)
  }
})

t.test('one that is killed is no success', async (t) => {
  t.equal(await readable(t, `process.kill(process.pid, 'SIGKILL')`).code, 1)
})
