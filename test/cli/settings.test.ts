import t from 'tap'
import { firstIn, listIn, localAddress, settingIn } from '../../src/cli/settings.js'
import { pretendWorld } from '../fixtures/command.js'

const world = (env: Record<string, string>, readFile = (): string => 'from a file\n') =>
  pretendWorld({ env, readFile }).world

t.test('a secret comes from the environment or from its file', async (t) => {
  t.equal(settingIn(world({}), 'X'), null)
  t.equal(settingIn(world({ X: ' a ' }), 'X'), 'a')
  t.equal(settingIn(world({ X_FILE: '/x' }), 'X'), 'from a file')
  t.throws(() => settingIn(world({ X: 'a', X_FILE: '/x' }), 'X'), { exitCode: 2, message: /both set/ })
})

t.test('of a list the first counts', async (t) => {
  t.equal(firstIn(world({ X: ' a , b' }), 'X'), 'a')
  t.equal(firstIn(world({ X: ',' }), 'X'), null)
  t.equal(firstIn(world({}), 'X'), null)
  t.same(listIn(world({ X: 'a,, b\nc' }), 'X'), ['a', 'b', 'c'])
})

t.test('a router on this machine is found by its own settings', async (t) => {
  for (const [env, url] of [
    [{}, 'http://127.0.0.1:3000'],
    [{ PORT: '4000', HOST: '0.0.0.0' }, 'http://127.0.0.1:4000'],
    [{ HOST: '::' }, 'http://127.0.0.1:3000'],
    [{ HOST: '::1' }, 'http://[::1]:3000'],
    [{ HOST: '10.0.0.1' }, 'http://10.0.0.1:3000'],
  ] as const) {
    t.equal(localAddress(world(env)), url)
  }
})
