import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { inProject } from '../fixtures/project.js'
import { until } from '../fixtures/shop.js'

const PROGRAM = inProject('dist/cli.js')

function start(t: Test, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [PROGRAM, 'demo', ...args], { env: { ...process.env, ...env } })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      out += chunk
    })
  }
  const exited = once(child, 'close').then(([code]) => code as number | null)
  t.teardown(() => child.kill('SIGKILL'))
  return { child, exited, out: () => out }
}

const originIn = (out: string): string => /stays up at (\S+),/.exec(out)![1]!
const isGone = (origin: string) =>
  fetch(`${origin}/health`).then(
    () => false,
    () => true,
  )

t.test('the demo with --once plays all scenes whatever the environment, and exits with 0', async (t) => {
  const { exited, out } = start(t, ['--once'], { REDIS_URL: 'nonsense', CHANNELS_FILE: '/nowhere', PORT: 'x' })
  t.equal(await exited, 0, out())
  const told = [
    'customer  Hi! Is the blue jacket still there\\?.*becomes a question',
    'bot  Yes, two are left in M. .*evidence (message_id|text)',
    'workflow  Free shipping until Sunday! .*evidence flag',
    'person  Sara here.* evidence none[^\n]*\n[^\n]*silent for 6 h',
    'customer  Great, until when.*bot_paused',
    'staff  PUT',
    'bot  Nothing, until Sunday',
    'All 6 steps came out right',
  ]
  t.match(out(), new RegExp(told.join('[\\s\\S]*')))
  t.notOk(out().includes('✗') || out().includes('\u001b'))
})

t.test('after its scenes the demo takes commands, through a pipe too, until it is told to end', async (t) => {
  const { child, exited, out } = start(t)
  child.stdin.write('hello there\n')
  await until(() => /You said: hello there/.test(out()), Boolean, 30_000)
  await until(() => /its echo +bot · evidence (message_id|text)/.test(out()))
  const origin = originIn(out())
  child.stdin.write('/human I am here\n')
  await until(() => /I am here +human · evidence none/.test(out()))
  child.stdin.write('/share nonsense\n/share https://x.y/p/1\n')
  child.stdin.end()
  await until(() => /\[share\]/.test(out()))
  t.match(out(), /\/share wants a URL/)
  t.equal(await isGone(origin), false, 'a closed pipe is no reason to go')
  child.kill('SIGINT')
  t.equal(await exited, 0)
  t.equal(await isGone(origin), true)
})

t.test('a demo that is killed leaves no router behind', async (t) => {
  const { child, exited, out } = start(t)
  await until(() => /stays up at/.test(out()), Boolean, 30_000)
  child.kill('SIGKILL')
  await exited
  await until(() => isGone(originIn(out())))
})

t.test('the demo prints its usage', async (t) => {
  const help = start(t, ['--help'])
  t.equal(await help.exited, 0)
  t.match(help.out(), /message-router demo --once[\s\S]*npm run demo -- /)
  const bad = start(t, ['--twice'])
  t.equal(await bad.exited, 2)
  t.match(bad.out(), /Unknown option '--twice'[\s\S]*npm run demo/)
})
