import { once } from 'node:events'
import { createServer as createRouter } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import t from 'tap'
import { ran, type } from '../fixtures/command.js'
import { startRouter } from '../fixtures/process.js'
import { freePorts } from '../fixtures/redis-servers.js'
import { until } from '../fixtures/shop.js'
import { delivery, fromCustomer, newMid, PAGE, SECRET } from '../fixtures/webhooks.js'

t.test('a router with the settings that it names asks and answers', async (t) => {
  const [port, graph, dify] = await freePorts(3)
  const typed = type(['simulate', `--graph=${graph}`, `--dify=${dify}`], {
    env: { META_APP_SECRETS: `${SECRET}, another`, PORT: String(port), CHANNEL_ID: PAGE },
  })
  const { out } = typed
  await until(() => /^ {2}export .*$/m.exec(out())?.[0], Boolean)
  const [, names] = /^ {2}export (.*)$/m.exec(out())!
  const settings = Object.fromEntries(names!.split(' ').map((each) => each.split('=') as [string, string]))
  const router = await startRouter(t, { ...settings, PORT: String(port), DEBOUNCE: '50ms' })

  await router.deliver(delivery([fromCustomer('7', { mid: newMid(), text: 'hi' })]))
  await until(() => out().includes('Dify is asked: hi\nto 7: You said: hi\n'))
  const picture = { type: 'image', url: 'https://cdn.example/1.jpg' }
  await router.call('/api/messages', { method: 'POST', body: { conversation_id: `${PAGE}-7`, attachment: picture } })
  await until(() => out().includes('to 7: (an attachment)\n'))
  const [, command] = /^ {2}curl -d '(.*)' .*\/_control\/script$/m.exec(out())!
  await fetch(`http://127.0.0.1:${graph}/_control/script`, { method: 'POST', body: command! })
  await router.deliver(delivery([fromCustomer('8', { mid: newMid(), text: 'hello' })]))
  await until(() => out().includes('to 8: You said: hello refused, 190\n'))
  typed.signal('SIGTERM')
  t.equal(await typed.code, 0)
})

t.test('the page is on the platform of the router’s channel', async (t) => {
  const [graph] = await freePorts(1)
  const bodies: string[] = []
  const router = createRouter((request, response) => {
    request.on('data', (chunk) => bodies.push(String(chunk))).on('end', () => response.end('{}'))
  }).listen(0, '127.0.0.1')
  await once(router, 'listening')
  t.teardown(() => router.close())
  const { port } = router.address() as AddressInfo
  const env = { META_APP_SECRETS: SECRET, PORT: String(port), CHANNEL_ID: PAGE, CHANNEL_PLATFORM: 'facebook' }
  const typed = type(['simulate', `--graph=${graph}`, '--dify=0'], { env })
  await until(() => typed.out().includes('Pretends to be Meta'))
  const body = JSON.stringify({ page: PAGE, user: '7', text: 'hi' })
  await fetch(`http://127.0.0.1:${graph}/_control/write`, { method: 'POST', body })
  t.match(JSON.parse(bodies.join('')), { object: 'page' })
  typed.signal('SIGTERM')
  t.equal(await typed.code, 0)
})

t.test('what it lacks is said', async (t) => {
  t.match(await ran(['simulate']), { code: 2, err: /^META_APP_SECRETS is missing/ })
  t.match(await ran(['simulate', '--graph', 'x']), {
    code: 2,
    err: /^--graph must be a whole number from 0 to 65535, not "x"/,
  })
})

t.test('a port that is taken is no riddle', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as AddressInfo
  for (const args of [
    [`--graph=${port}`, '--dify=0'],
    ['--graph=0', `--dify=${port}`],
  ]) {
    const env = { META_APP_SECRETS: 'some-secret' }
    t.match(await ran(['simulate', ...args], { env }), {
      code: 1,
      err: /^Cannot start: .*EADDRINUSE.*--graph and --dify/,
    })
  }
})

t.test('where it pretends to be, if nobody says otherwise', async (t) => {
  const typed = type(['simulate'], { env: { META_APP_SECRETS: 'some-secret' } })
  // Somebody else may have these ports on this machine.
  const taken = typed.code.then(() => true)
  await until(() => /127\.0\.0\.1:400[12]/.test(typed.out() + typed.err()))
  typed.signal('SIGINT')
  t.equal(await taken, true)
})
