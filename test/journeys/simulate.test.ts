import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { environment, startRouter } from '../fixtures/process.js'
import { inProject } from '../fixtures/project.js'
import { freePorts } from '../fixtures/redis-servers.js'
import { until } from '../fixtures/shop.js'
import { delivery, fromCustomer, newMid, PAGE, SECRET } from '../fixtures/webhooks.js'

const PROGRAM = inProject('dist/simulator/simulate.js')

t.test('a router with the settings that it names asks and answers', async (t) => {
  const [port, graph, dify] = await freePorts(3)
  const child = spawn(process.execPath, [PROGRAM, `--graph=${graph}`, `--dify=${dify}`], {
    env: environment({ META_APP_SECRETS: `${SECRET}, another`, PORT: String(port) }),
  })
  t.teardown(() => child.kill('SIGKILL'))
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  await until(() => /^ {2}export .*$/m.exec(out)?.[0], Boolean)
  const [, names] = /^ {2}export (.*)$/m.exec(out)!
  const settings = Object.fromEntries(names!.split(' ').map((each) => each.split('=') as [string, string]))
  const router = await startRouter(t, { ...settings, PORT: String(port), DEBOUNCE: '50ms' })

  await router.deliver(delivery([fromCustomer('7', { mid: newMid(), text: 'hi' })]))
  await until(() => out.includes('Dify is asked: hi\nto 7: You said: hi\n'))
  const picture = { type: 'image', url: 'https://cdn.example/1.jpg' }
  await router.call('/api/messages', { method: 'POST', body: { conversation_id: `${PAGE}-7`, attachment: picture } })
  await until(() => out.includes('to 7: (an attachment)\n'))
  const [, command] = /^ {2}curl -d '(.*)' .*\/_control\/script$/m.exec(out)!
  await fetch(`http://127.0.0.1:${graph}/_control/script`, { method: 'POST', body: command! })
  await router.deliver(delivery([fromCustomer('8', { mid: newMid(), text: 'hello' })]))
  await until(() => out.includes('to 8: You said: hello refused, 190\n'))
  child.kill('SIGTERM')
  t.same(await once(child, 'close'), [0, null])
})

t.test('simulate says which setting it lacks', async (t) => {
  const child = spawn(process.execPath, [PROGRAM], { env: environment({}) })
  child.stderr.setEncoding('utf8')
  const [words] = await once(child.stderr, 'data')
  t.match(words, 'META_APP_SECRETS is missing')
  const [code] = await once(child, 'close')
  t.equal(code, 1)
})

t.test('a port that is taken is no riddle', async (t) => {
  const { port } = await startRouter(t)
  const child = spawn(process.execPath, [PROGRAM, `--graph=${port}`], {
    env: environment({ META_APP_SECRETS: 'some-secret' }),
  })
  child.stderr.setEncoding('utf8')
  const [words] = await once(child.stderr, 'data')
  t.match(words, /^Cannot start: .*EADDRINUSE/)
})
