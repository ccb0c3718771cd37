import { join } from 'node:path'
import t from 'tap'
import { startRouterProcess } from '../../src/demo/router-process.js'

const node = process.execPath
const env = {}

t.test('a router that ends before it listens says its last words', async (t) => {
  const program = join(t.testdir({ 'x.mjs': 'console.error("no settings"); process.exit(1)' }), 'x.mjs')
  await t.rejects(startRouterProcess({ program, node, env }), { message: /ended before it listened:\nno settings/ })
  await t.rejects(startRouterProcess({ program, node: '/nowhere/node', env }), { code: 'ENOENT' })
})

t.test('a router that does not stop is killed, and one that has stopped is gone', async (t) => {
  const says = `console.log('{"msg":"listening on http://127.0.0.1:1"}');`
  const dir = t.testdir({
    'stays.mjs': `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); ${says}`,
    'goes.mjs': says,
  })
  const stays = await startRouterProcess({ program: join(dir, 'stays.mjs'), node, env, stopWithinMs: 100 })
  t.equal(stays.origin, 'http://127.0.0.1:1')
  await stays.stop()
  t.match(await stays.ended, [null, 'SIGKILL'])
  const goes = await startRouterProcess({ program: join(dir, 'goes.mjs'), node, env })
  t.match(await goes.ended, [0])
  await goes.stop()
})
