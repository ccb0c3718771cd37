import t from 'tap'
import type { Env } from '../src/config/environment.js'
import { type Config, readConfig } from '../src/config.js'

const good = {
  META_APP_SECRETS: 'secret-1,secret-2',
  META_VERIFY_TOKEN: 'verify-word',
  API_TOKENS: '0123456789abcdef',
  CHANNEL_ID: '1',
}
const noFile = (path: string): string => {
  throw Object.assign(new Error(path), { code: 'ENOENT' })
}
const read = (env: Env, readFile = noFile) => readConfig(env, readFile)
const configOf = (env: Env): Config => {
  const result = read({ ...good, ...env })
  if (result.is === 'bad') throw new Error(result.problems.join('\n'))
  return result.config
}
const problems = (env: Env): readonly string[] => {
  const result = read(env)
  return result.is === 'bad' ? result.problems : []
}

t.test('the required settings are enough', async (t) => {
  const { channels, ...rest } = configOf({})
  t.same(read(good).warnings, [])
  t.same(rest, {
    host: '0.0.0.0',
    port: 3000,
    logLevel: 'info',
    trustProxy: false,
    meta: { appSecrets: ['secret-1', 'secret-2'], verifyToken: 'verify-word' },
    api: {
      auth: 'required',
      tokens: ['0123456789abcdef'],
      difyTokens: [],
      ratePerMinute: 30_000,
      anonymousPerMinute: 1_200,
    },
    limits: { connections: 2_000, bodyBytes: 16 * 1024 * 1024 },
    store: { is: 'memory' },
    notify: null,
    tracesEndpoint: null,
    metricsChannels: true,
    shutdownGraceMs: 25_000,
  })
  t.same([...channels.keys()], ['1'])
})

t.test('without settings every required one is named at once', async (t) => {
  const lines = problems({})
  t.equal(lines.length, 3)
  t.match(lines[0], 'META_APP_SECRETS is required: the app secret(s) of your Meta app, comma-separated')
  t.match(lines[1], /^META_VERIFY_TOKEN is required: /)
  t.match(lines[2], /^API_TOKENS is required: /)
})

t.test('missing and bad settings and the problems of the channels file come together', async (t) => {
  const file = JSON.stringify({ channels: [{ id: '1', platform: 'instagram', bot: { pause: 'long' } }] })
  const result = read({ PORT: 'x', CHANNELS_FILE: 'c.json', STORE: 'redis', DIFY_TOKEN: 'x' }, () => file)
  t.match(result, {
    is: 'bad',
    problems: [
      /^PORT must be/,
      /^META_APP_SECRETS is required/,
      /^META_VERIFY_TOKEN is required/,
      /^API_TOKENS is required/,
      /^REDIS_URL is required with STORE=redis/,
      /^channels\[0\]\.bot\.pause must be a duration/,
    ],
    warnings: ['DIFY_TOKEN is not known: did you mean DIFY_TOKENS?'],
  })
})

t.test('the settings of the process become values', async (t) => {
  const { channels, ...rest } = configOf({
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'debug',
    TRUST_PROXY: 'loopback',
    DIFY_TOKENS: 'fedcba9876543210',
    API_RATE_LIMIT: '100',
    METRICS_CHANNELS: 'off',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    SHUTDOWN_GRACE: '5s',
  })
  t.match(rest, {
    host: '127.0.0.1',
    port: 0,
    logLevel: 'debug',
    trustProxy: 'loopback',
    api: { difyTokens: ['fedcba9876543210'], ratePerMinute: 100 },
    metricsChannels: false,
    tracesEndpoint: 'http://collector:4318',
    shutdownGraceMs: 5000,
  })
  t.equal(channels.size, 1)
})

t.test('the store follows the address of Redis, unless it is chosen', async (t) => {
  const url = 'redis://localhost:6379'
  t.same(configOf({ REDIS_URL: url }).store, { is: 'redis', url, prefix: 'mr' })
  t.same(configOf({ REDIS_URL: url, STORE: 'redis', REDIS_PREFIX: 'x' }).store, { is: 'redis', url, prefix: 'x' })
  t.same(configOf({ STORE: 'memory' }).store, { is: 'memory' })
  t.same(configOf({ REDIS_URL: url, STORE: 'memory' }).store, { is: 'memory' })
  t.same(read({ ...good, REDIS_URL: url, STORE: 'memory' }).warnings, ['REDIS_URL has no effect: STORE is memory'])
  const directory = '/data'
  t.same(configOf({ DATA_DIR: directory }).store, { is: 'sqlite', directory, sync: 'normal' })
  const full = { is: 'sqlite', directory, sync: 'full' }
  t.same(configOf({ DATA_DIR: directory, REDIS_URL: url, STORE: 'sqlite', SQLITE_SYNC: 'full' }).store, full)
  t.same(configOf({ DATA_DIR: directory, REDIS_URL: url, STORE: 'redis' }).store, { is: 'redis', url, prefix: 'mr' })
  t.same(read({ ...good, DATA_DIR: directory, REDIS_URL: url, STORE: 'memory' }).warnings, [
    'REDIS_URL has no effect: STORE is memory',
    'DATA_DIR has no effect: STORE is memory',
  ])
  t.match(problems({ ...good, DATA_DIR: directory, REDIS_URL: url }), [/^REDIS_URL and DATA_DIR are both set/])
  t.match(problems({ ...good, STORE: 'sqlite' }), [/^DATA_DIR is required with STORE=sqlite: a directory/])
  t.match(problems({ ...good, STORE: 'redis', REDIS_URL: 'localhost' }), [/^REDIS_URL must be redis:/])
})

t.test('missed messages want a store that remembers the bot’s own', async (t) => {
  const env = { ...good, CHANNEL_ID: '1', CHANNEL_PLATFORM: 'instagram', CHANNEL_TOKEN: 'x', BACKFILL: '24h' }
  t.match(read(env).warnings, [/^BACKFILL with the memory store: after a restart the bot's own messages/])
  t.same(read({ ...env, DATA_DIR: '/data' }).warnings, [])
  t.same(read({ ...env, BACKFILL: 'off' }).warnings, [])
  t.equal(configOf({ ...env, DATA_DIR: '/data' }).channels.get('1')?.policy.backfillMs, 86_400_000)
})

t.test('an address of Redis is never quoted, since it may hold a password', async (t) => {
  t.notMatch(problems({ ...good, REDIS_URL: 'http://:hidden@x' }).join(), 'hidden')
})

t.test('an open API needs no token, and is warned of', async (t) => {
  const env = { ...good, API_TOKENS: '', API_AUTH: 'none' }
  t.match(configOf(env).api, { auth: 'none', tokens: [] })
  t.match(read(env).warnings, [/^API_AUTH is none: whoever reaches this port/])
})

t.test('a number of proxy hops is warned of, since it trusts nobody', async (t) => {
  t.match(read({ ...good, TRUST_PROXY: '1' }).warnings, [/^TRUST_PROXY is a number of hops/])
  t.same(read({ ...good, TRUST_PROXY: '0' }).warnings, [])
  t.same(read({ ...good, TRUST_PROXY: 'loopback' }).warnings, [])
})

t.test('trusting any proxy is warned of', async (t) => {
  t.match(read({ ...good, TRUST_PROXY: 'on' }).warnings, [/^TRUST_PROXY is on, so that whoever/])
})

t.test('a placeholder of the examples is refused wherever it stands', async (t) => {
  t.same(problems({ ...good, META_APP_SECRETS: 'replace-me', REDIS_URL: 'redis://:Replace-Me@redis' }), [
    'META_APP_SECRETS still says replace-me: put your own value there',
    'REDIS_URL still says replace-me: put your own value there',
  ])
  const env = { ...good, CHANNEL_ID: '', CHANNELS_FILE: 'c.json', IG_TOKEN: 'replace-me' }
  const token = '$' + '{IG_TOKEN}'
  const file = { channels: [{ id: '1', platform: 'instagram', token, owner: { id: 'replaceme' } }] }
  const result = readConfig(env, () => JSON.stringify(file))
  t.match(result, {
    problems: [/^channels\[0\]\.token still says/, /^channels\[0\]\.owner\.id still says/],
  })
})

t.test('a secret that can be guessed is refused, a short verify token warned of, and none is shown', async (t) => {
  t.same(problems({ ...good, META_APP_SECRETS: 'long-enough,shor', API_TOKENS: '1234567' }), [
    'META_APP_SECRETS has one of less than 8 characters, which can be guessed',
    'API_TOKENS has one of less than 8 characters, which can be guessed',
  ])
  const behindAName = read({ ...good, API_TOKENS: 'my-dashboard-token:abc' })
  t.equal(behindAName.is, 'ok')
  t.match(behindAName.warnings, [/^API_TOKENS has one of less than 16 characters/])
  const { is, warnings } = read({ ...good, META_VERIFY_TOKEN: 'word', META_APP_SECRETS: '12345678' })
  t.equal(is, 'ok')
  t.same(warnings, ['META_VERIFY_TOKEN has less than 8 characters, which can be guessed'])
})

t.test('invalid tokens are one problem, not two', async (t) => {
  t.match(problems({ ...good, API_TOKENS: ' , ' }), [/^API_TOKENS is required/])
  t.match(problems({ ...good, API_TOKENS: 'a b' }), [/^API_TOKENS has an entry that must be plain ASCII/])
  t.match(problems({ ...good, API_TOKENS: '', API_TOKENS_FILE: '/x' }), [/^API_TOKENS_FILE names a file/])
})

t.test('short and shared tokens are warned of, without showing them', async (t) => {
  const { is, warnings } = read({ ...good, API_TOKENS: 'short-one', DIFY_TOKENS: 'short-one' })
  t.equal(is, 'ok')
  t.match(warnings, [
    /^API_TOKENS has one of less than 16/,
    /^DIFY_TOKENS has one of less than 16/,
    /^DIFY_TOKENS has one that is also in API_TOKENS/,
  ])
  t.notMatch(warnings.join(), 'short-one')
  const named = read({ ...good, API_TOKENS: 'operators:short-one', DIFY_TOKENS: 'short-one' })
  t.same(named.warnings, warnings, 'with a name or without')
})

t.test('secrets may come from files', async (t) => {
  const { META_APP_SECRETS: _, ...rest } = good
  const result = read({ ...rest, META_APP_SECRETS_FILE: '/run/secrets/meta' }, (path) => `secret-${path.length}\n`)
  t.match(result, { is: 'ok', config: { meta: { appSecrets: ['secret-17'] } } })
})

t.test('the settings cannot be changed afterwards', async (t) => {
  const config = configOf({ DIFY_URL: 'https://d/v1', DIFY_KEY: 'k' })
  const channel = config.channels.get('1')!
  const parts = [config, config.meta, config.api.tokens, config.store, channel, channel.assistant, channel.policy]
  t.ok(parts.every(Object.isFrozen))
})

t.test('a token of a channel is good for that channel alone', async (t) => {
  const withTokens = (...all: readonly (readonly string[])[]) => {
    const channels = all.map((difyTokens, i) => ({ id: `${i + 5}`, platform: 'instagram', difyTokens }))
    const { CHANNEL_ID: _, ...env } = good
    const tokens = { API_TOKENS: 'ops:0123456789abcdef', DIFY_TOKENS: 'fedcba9876543210' }
    return read({ ...env, ...tokens, CHANNELS_FILE: 'c.json' }, () => JSON.stringify({ channels }))
  }
  t.match(withTokens(['aaaaaaaaaaaaaaaa'], ['bbbbbbbbbbbbbbbb']), { is: 'ok', warnings: [] })
  t.match(withTokens(['aaaaaaaaaaaaaaaa'], ['aaaaaaaaaaaaaaaa']), {
    is: 'bad',
    problems: ['channel 6: difyTokens has one of channel 5; a token is good for one channel'],
  })
  t.match(withTokens(['0123456789abcdef'], ['fedcba9876543210']), {
    is: 'ok',
    warnings: [/^channel 5: .* good for all channels$/, /^channel 6: .* good for all channels$/],
  })
  t.match(withTokens(['short']), { is: 'ok', warnings: [/^channel 5: .* less than 16 characters$/] })
})
