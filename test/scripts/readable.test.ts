import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { inProject } from '../fixtures/project.js'

const LINE = JSON.stringify({ level: 40, time: '2026-01-01T00:00:00.000Z', conversation_id: '1-2', msg: '👤 a person' })

/** A program in place of the router. */
const readable = (t: Test, program: string) => {
  const file = `${t.testdir({ 'program.mjs': program })}/program.mjs`
  const child = spawn(process.execPath, [inProject('scripts/readable.mjs'), file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  return { child, exited: once(child, 'close'), output: text(child.stdout), errors: text(child.stderr) }
}

t.test('log lines are made readable, other output is passed on, and the exit code is the program’s', async (t) => {
  const { exited, output, errors } = readable(
    t,
    `console.log(${JSON.stringify(LINE)}); console.log('plain'); console.error('to stderr'); process.exitCode = 3`,
  )
  t.same(await exited, [3, null])
  t.match(await output, /WARN: 👤 a person \{"conversation_id":"1-2"\}\nplain\n/)
  t.equal(await errors, 'to stderr\n')
})

t.test('a signal reaches the program, whose last words are still shown', async (t) => {
  const { child, exited, output } = readable(
    t,
    `process.on('SIGTERM', () => { console.log('stopped'); process.exit(0) }); setInterval(() => {}, 1e6); console.log('up')`,
  )
  await once(child.stdout, 'readable')
  child.kill('SIGTERM')
  t.same(await exited, [0, null])
  t.equal(await output, 'up\nstopped\n')
})

t.test('the program does not outlive its terminal', async (t) => {
  const { child, exited } = readable(
    t,
    `process.on('SIGHUP', () => {}); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1e6); console.log('up')`,
  )
  await once(child.stdout, 'readable')
  child.kill('SIGHUP')
  t.same(await exited, [0, null])
})
