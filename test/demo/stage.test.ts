import t from 'tap'
import { openStage } from '../../src/demo/stage.js'

const options = { node: process.execPath, env: {}, waitMs: 50 }

t.test('each actor’s action returns the router’s decision', async (t) => {
  const stage = await openStage(options)
  t.teardown(() => stage.close())
  t.match(await stage.share('https://x.y/p/1'), { author: 'customer', reason: 'share_held' })
  t.match(await stage.messages(), [{ message_type: 'share' }])
  t.match([await stage.isServed('/health'), await stage.isServed('/nowhere')], [true, false])
  t.same(await stage.heard(1), { questions: [], answers: [] }, 'no longer than it must')
  await t.rejects(stage.workflow('x'.repeat(1001)), { message: /^answered 400: / })
  const login = async () => new URLSearchParams(new URL(await stage.consoleAddress()).hash.slice(1))
  t.match(Object.fromEntries(await login()), { login: /^[\w-]{43}$/, phone: /./, open: stage.id })
  t.not((await login()).get('login'), (await login()).get('login'), 'a new one each time')
  const { now } = stage
  t.ok(now() > 0)
})

t.test('a router that is gone, or does not start, is a failure', async (t) => {
  const stage = await openStage(options)
  await stage.close()
  await t.rejects(stage.bot())
  await t.rejects(stage.customer('hi'))
  await t.rejects(openStage({ ...options, node: '/nowhere/node' }), { code: 'ENOENT' })
})
