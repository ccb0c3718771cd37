import t from 'tap'
import { onFile } from '../fixtures/any-store.js'
import { answersOnNode } from '../fixtures/on-node.js'
import { readProjectFile } from '../fixtures/project.js'
import { startRedis } from '../fixtures/redis-servers.js'

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
      await answersOnNode(t, version, settings(t))
    },
  )
}
