import t from 'tap'
import type { Env } from '../../src/config/environment.js'
import { createReport } from '../../src/config/report.js'
import { warnOfUnknownNames } from '../../src/config/unknown-names.js'

const warnings = (env: Env, used: readonly string[] = []): readonly string[] => {
  const report = createReport()
  warnOfUnknownNames(env, new Set(used), report)
  return report.warnings
}

t.test('known names and those of secrets in files are not warned of', async (t) => {
  t.same(warnings({ PORT: '1', META_APP_SECRETS_FILE: '/x', CHANNELS_FILE: 'c.json' }), [])
})

t.test('a slip is warned of with the name that was meant', async (t) => {
  const cases = {
    META_APP_SECRET: 'META_APP_SECRETS',
    META_APP_SECRET_FILE: 'META_APP_SECRETS_FILE',
    LOGLEVEL: 'LOG_LEVEL',
    COOLDWON: 'COOLDOWN',
    API_TOKEN: 'API_TOKENS',
    HUMAN_TRANSSCRIPTS: 'HUMAN_TRANSCRIPT',
    bot_pause: 'BOT_PAUSE',
    PROT: 'PORT',
  }
  for (const [slip, meant] of Object.entries(cases)) {
    t.same(warnings({ [slip]: 'x' }), [`${slip} is not known: did you mean ${meant}?`])
  }
})

t.test('an unknown variable with one of our prefixes is warned of, however different it is', async (t) => {
  const cases = {
    DIFY_API_KEY: 'did you mean DIFY_KEY?',
    CHANNEL_ACCESS_TOKEN: 'did you mean CHANNEL_TOKEN?',
    REDIS_SENTINELS: 'known are REDIS_URL, REDIS_URL_FILE, REDIS_PREFIX',
    flag_x: 'did you mean FLAG_TTL?',
  }
  for (const [name, hint] of Object.entries(cases)) t.same(warnings({ [name]: 'x' }), [`${name} is not known: ${hint}`])
})

t.test('a setting that is no secret cannot come from a file', async (t) => {
  t.same(warnings({ BOT_PAUSE_FILE: '/x' }), [
    'BOT_PAUSE_FILE is not known: BOT_PAUSE is no secret and cannot come from a file',
  ])
})

t.test('names of other programs are left alone', async (t) => {
  t.same(warnings({ HOME: '/root', PATH: '/bin', USER: 'x', HOSTNAME: 'x', API_URL: 'x', npm_config_port: '1' }), [])
  t.same(
    warnings({
      REDIS_SERVICE_HOST: '10.0.0.1',
      REDIS_SERVICE_PORT_TCP: '6379',
      REDIS_PORT: 'tcp://10.0.0.1:6379',
      REDIS_PORT_6379_TCP_ADDR: '10.0.0.1',
    }),
    [],
    'what Kubernetes sets for a service named redis',
  )
})

t.test('names without a value and names that the channels file uses are left alone', async (t) => {
  t.same(
    warnings({ DIFY_KEYS: '', BOT_X: undefined, DIFY_KEY_NORTH: 'k', DIFY_KEY_SOUTH_FILE: '/k' }, [
      'DIFY_KEY_NORTH',
      'DIFY_KEY_SOUTH',
    ]),
    [],
  )
})
