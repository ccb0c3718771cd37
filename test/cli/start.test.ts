import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t from 'tap'
import { type } from '../fixtures/command.js'
import { environment } from '../fixtures/process.js'
import { inProject } from '../fixtures/project.js'
import { SETTINGS } from '../fixtures/settings.js'
import { until } from '../fixtures/shop.js'

const PROGRAM = inProject('dist/cli.js')
const settings = { ...SETTINGS, HOST: '127.0.0.1', PORT: '0' }

t.test('the router runs in the process of the command, which gets the signals', async (t) => {
  const child = spawn(process.execPath, [PROGRAM, 'start'], {
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const exited = once(child, 'close')
  let last = ''
  for await (const line of createInterface({ input: child.stdout })) {
    last = JSON.parse(line).msg
    if (last.startsWith('listening')) child.kill('SIGTERM')
  }
  t.equal(last, 'stopped')
  t.same(await exited, [0, null])
})

t.test('on a terminal the log is shown readable', async (t) => {
  const typed = type(['start'], { env: environment(settings), hasScreen: true })
  await until(() => /INFO: listening on http/.test(typed.out()), Boolean, 30_000)
  typed.signal('SIGTERM')
  t.equal(await typed.code, 0)
  t.match(typed.out(), /INFO: stopped/)
})

t.test('without settings it says what is missing', async (t) => {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'start'], { env: environment({}), encoding: 'utf8' })
  t.equal(status, 1)
  t.match(stderr, /META_APP_SECRETS is required[\s\S]*message-router check/)
})
