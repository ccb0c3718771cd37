import t from 'tap'
import { onFile } from '../fixtures/any-store.js'
import { otherNode } from '../fixtures/other-node.js'
import { readProjectFile } from '../fixtures/project.js'
import { startRedis } from '../fixtures/redis-servers.js'
import { conversationOf, ID, openShop, told, until } from '../fixtures/shop.js'

/** The tests run on one Node.js; the image has another, and people have more. */

const image = /^FROM node:([\d.]+)-slim$/m.exec(readProjectFile('Dockerfile'))![1]!
const redis = await startRedis()
t.teardown(() => redis.stop())

for (const [version, store, settings] of [
  [image, 'Redis', () => ({ REDIS_URL: redis.url })],
  ['22.23.5', 'a file', onFile],
] as const) {
  t.test(
    `on Node.js ${version} a customer is answered, and a person takes over and hands back, on ${store}`,
    async (t) => {
      const { start, customer, person, sent, asked } = await openShop(t)
      const router = await start(settings(t), { node: otherNode(version) })
      await customer('hi')
      await until(sent, ({ length }) => length === 1)
      await until(
        () => told(router),
        (lines) => lines.at(-1)?.startsWith('AI sent') === true,
      )
      t.match(await conversationOf(router), { bot: { enabled: true } }, 'its own echo pauses nothing')
      await person('I am here')
      await customer('thanks')
      t.match(await conversationOf(router), { bot: { enabled: false, reason: 'human_echo' } })
      const path = `/api/conversations/${ID}/bot`
      t.equal((await router.call(path, { method: 'PUT', body: { enabled: true } })).status, 200)
      await customer('and now?')
      await until(sent, ({ length }) => length === 2)
      t.equal(asked().length, 2)
      t.match((await router.call('/metrics')).text, `version="v${version}"`)
      router.kill('SIGTERM')
      t.same(await router.exited, { code: 0, signal: null })
      t.notOk(router.log.some(({ level }) => level >= 50))
    },
  )
}
