import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { wordsOf } from '../../src/cli/check.js'
import { startPretendDify } from '../../src/simulator/dify.js'
import { startPretendGraph } from '../../src/simulator/graph.js'
import { ran } from '../fixtures/command.js'
import { environment } from '../fixtures/process.js'
import { inProject } from '../fixtures/project.js'
import { startRedis } from '../fixtures/redis-servers.js'

const NEEDED = { META_APP_SECRETS: 'hidden-a', META_VERIFY_TOKEN: 'hidden-b', API_TOKENS: 'hidden-c-0123456789' }
const readFile = (path: string): string => readFileSync(path, 'utf8')
const check = (env: Readonly<Record<string, string>>, ...args: string[]) => ran(['check', ...args], { env, readFile })

t.test('good settings are printed without secrets, and the exit code is 0', async (t) => {
  const dir = t.testdir({
    'channels.json': JSON.stringify({ channels: [{ id: '1', platform: 'instagram', token: `\${IG_TOKEN}` }] }),
    verify: 'hidden-b\n',
  })
  const { META_VERIFY_TOKEN: _, ...rest } = NEEDED
  const settings = {
    ...rest,
    META_VERIFY_TOKEN_FILE: `${dir}/verify`,
    IG_TOKEN: 'hidden-d',
    CHANNELS_FILE: `${dir}/channels.json`,
  }
  // As `npm run check-config` calls it.
  const { status, stdout } = spawnSync(process.execPath, [inProject('dist/cli.js'), 'check', '--offline'], {
    env: environment(settings),
    encoding: 'utf8',
  })
  t.equal(status, 0)
  t.match(stdout, /META_APP_SECRETS +••••\n/)
  t.match(stdout, /Channel 1\n/)
  t.match(stdout, 'The configuration is good: 1 channel,')
  t.notMatch(stdout, 'hidden')
})

t.test('bad settings are all named, and the exit code is 1', async (t) => {
  const env = { PORT: 'x', CHANNELS_FILE: '/does/not/exist.json' }
  const { code, out } = await check(env)
  t.equal(code, 1)
  for (const name of ['PORT', 'META_APP_SECRETS', 'META_VERIFY_TOKEN', 'API_TOKENS', 'CHANNELS_FILE']) {
    t.match(out, new RegExp(`\\n {2}- ${name} `), name)
  }
  t.match(out, 'CHANNELS_FILE names a file that cannot be read: /does/not/exist.json (ENOENT)')
  const json = JSON.parse((await check(env, '--json')).out)
  t.match(json, { ok: false, tried: [] })
  t.equal(json.problems.length, 5)
})

t.test('Redis, tokens and Dify are tried, and what does not work is said', async (t) => {
  const redis = await startRedis(['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'])
  t.teardown(() => redis.stop())
  const graph = await startPretendGraph({ pages: { 1: { token: 'hidden-good' } } })
  t.teardown(() => graph.close())
  const dify = await startPretendDify({ apps: { 'hidden-chat': {}, 'hidden-flow': { kind: 'workflow' } } })
  t.teardown(() => dify.close())
  const channel = (id: number, token: string | null, key: string, url = dify.url) => ({
    id: String(id),
    platform: 'instagram',
    ...(token === null ? {} : { token }),
    graphUrl: id === 4 ? 'http://127.0.0.1:9' : graph.url,
    dify: { url, key },
  })
  const channels = [
    channel(1, 'hidden-good', 'hidden-chat'),
    channel(2, 'hidden-bad', 'hidden-flow'),
    channel(3, null, 'hidden-none'),
    channel(4, 'hidden-good', 'hidden-chat', 'http://127.0.0.1:9/v1'),
  ]
  const listens = { id: '5', platform: 'instagram', token: 'hidden-good', graphUrl: graph.url }
  const page = { id: '6', platform: 'facebook', token: 'hidden-bad', graphUrl: graph.url }
  const file = `${t.testdir({ 'c.json': JSON.stringify({ channels: [...channels, listens, page] }) })}/c.json`
  const env = { ...NEEDED, CHANNELS_FILE: file, REDIS_URL: redis.url }
  const { code, out } = await check(env)
  t.equal(code, 1)
  t.notMatch(out, 'hidden')
  for (const line of [
    /^✗ Redis: answers, version \d+\.\d+\.\d+; Redis will drop pauses/m,
    /^✓ channel 1, token: works$/m,
    /^✓ channel 1, Dify: answers, and knows the key$/m,
    /^✗ channel 2, token: Meta refuses it \(190\); the router goes on with a refreshed one, if it has any$/m,
    /^✗ channel 6, token: Meta refuses it \(190\)$/m,
    /^✗ channel 2, Dify: the key is that of an app of the kind workflow, but the settings say chat$/m,
    /^✗ channel 3, Dify: refuses the key \(unauthorized\)$/m,
    /^✗ channel 4, token: nobody knows: http:\/\/127.0.0.1:9 answers /m,
    /^✗ channel 4, Dify: nobody knows: http:\/\/127.0.0.1:9\/v1 answers /m,
  ]) {
    t.match(out, line)
  }
  t.notMatch(out, 'channel 3, token')
  t.notMatch((await check(env, '--offline')).out, /[✓✗]/)
  t.equal((await check(env, '--offline')).code, 0)

  const good = {
    ...NEEDED,
    CHANNELS_FILE: `${t.testdir({ 'c.json': JSON.stringify({ channels: [channels[0]] }) })}/c.json`,
  }
  t.match(await check(good), { code: 0, out: /\n\n✓ channel 1, token: works\n✓ channel 1, Dify/ })
  const away = JSON.parse((await check({ ...good, REDIS_URL: 'redis://127.0.0.1:9' }, '--json')).out)
  t.match(away, {
    ok: false,
    problems: [],
    tried: [{ what: 'Redis', ok: false, words: /does not answer \(.*ECONNREFUSED/ }, {}, {}],
  })
  const answers = JSON.parse((await check({ ...good, REDIS_URL: redis.url.replace('allkeys', '') }, '--json')).out)
  t.equal(answers.tried.length, 3)
})

t.test('an outcome that nobody knows is a fault of ours', async (t) => {
  t.throws(() => wordsOf({ is: 'strange' } as never, 'https://d/v1', 'chat'), /not a member of the union/)
})
