import t from 'tap'
import { createDirectScript } from '../../../src/store/redis/direct-script.js'
import { openScripts } from '../../fixtures/redis-scripts.js'

const { client, redis } = await openScripts()

t.test('a script gets its keys and arguments, whether the server knows it or not', async (t) => {
  const script = createDirectScript(client, 'return {KEYS[1], ARGV[1], ARGV[2], #KEYS, #ARGV}')
  const answer = ['k', '', 'ü', 1, 2]
  t.same(await Promise.all([script(['1', 'k', '', 'ü']), script(['1', 'k', '', 'ü'])]), [answer, answer])
  const loaded = Number(/evalsha:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1])
  t.same(await script(['1', 'k', '', 'ü']), answer)
  t.match(await redis.info('commandstats'), new RegExp(`evalsha:calls=${loaded + 1},`))
  await redis.script('FLUSH')
  t.same(await script(['1', 'k', '', 'ü']), answer)
})

t.test('what a script fails with is passed on', async (t) => {
  await t.rejects(createDirectScript(client, "return redis.error_reply('ODD one')")(['0']), { message: /^ODD one/ })
})
