import t from 'tap'
import { namedScript } from '../../../src/store/redis/named-script.js'

t.test('names become places', async (t) => {
  const text = "redis.call('SET', KEYS.b, ARGV.x) for i = FIRST_MORE, #ARGV do f(KEYS.a, ARGV[i]) end"
  t.equal(
    namedScript(['a', 'b'], ['w', 'x'], text),
    "redis.call('SET', KEYS[2], ARGV[2]) for i = 3, #ARGV do f(KEYS[1], ARGV[i]) end",
  )
})

t.test('a script with a name that nobody gave is refused', async (t) => {
  t.throws(() => namedScript(['a'], [], 'KEYS.b'), /uses ‘b’, which is not among a/)
  t.throws(() => namedScript([], ['a'], 'ARGV.c'), /‘c’/)
})
