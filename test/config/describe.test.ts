import t from 'tap'
import { describeConfig, describeResult } from '../../src/config/describe.js'
import type { Env } from '../../src/config/environment.js'
import { settingNames } from '../../src/config/settings.js'
import { readConfig } from '../../src/config.js'

const needed = {
  META_APP_SECRETS: 'hidden-a,hidden-b',
  META_VERIFY_TOKEN: 'hidden-c',
  API_TOKENS: 'hidden-d-0123456789',
}
const rows = [
  {
    id: '11',
    platform: 'instagram',
    name: 'north',
    owner: { id: '7', email: 'owner@example.com' },
    token: 'hidden-e',
    notify: { url: 'https://b.example/hidden-path?hidden-query', secret: 'whsec_aGlkZGVu', events: ['channel.*'] },
    difyTokens: ['hidden-f'],
    dify: { url: 'https://dify/v1', key: 'hidden-g', inputs: { shop: 'x' } },
    bot: { mode: 'test', testers: ['5', '6'], pause: '1h', fallbackText: 'Sorry,\nlater' },
    hours: { timezone: 'Asia/Tehran', open: { sat: ['09:00-13:00', '16:05-24:00'] }, bot: 'inside', awayText: 'Away' },
  },
  { id: '22', platform: 'facebook', hours: { timezone: 'UTC', open: {} } },
  { id: '33', platform: 'facebook', dify: { url: 'https://dify/v1', key: 'hidden-h' } },
]

const read = (env: Env) => readConfig({ ...needed, ...env }, () => JSON.stringify({ channels: rows }))
const described = (env: Env): string => {
  const result = read(env)
  if (result.is === 'bad') throw new Error(result.problems.join('\n'))
  return describeConfig(result.config)
}
/** The value that stands beside a name, in the part below a heading. */
const shown = (text: string, name: string, heading = 'Settings'): string | undefined => {
  const lines = text.split(`${heading}\n`)[1]!.split('\n\n')[0]!.split('\n')
  return lines
    .find((line) => line.trimStart().startsWith(`${name}  `))
    ?.trim()
    .slice(name.length)
    .trim()
}

t.test('no secret is shown, nor how long it is', async (t) => {
  const text = described({
    CHANNELS_FILE: 'c.json',
    REDIS_URL: 'redis://user:hidden-x@host:6379/2',
    DIFY_TOKENS: 'hidden-y',
    NOTIFY_URL: 'https://a.example:8443/hidden-path',
    NOTIFY_SECRET: 'whsec_aGlkZGVu',
  })
  t.notMatch(text, 'hidden')
  t.notMatch(text, 'aGlkZGVu')
  t.equal(shown(text, 'NOTIFY_URL'), 'a.example:8443')
  t.equal(shown(text, 'NOTIFY_SECRET'), '••••')
  t.equal(shown(text, 'notify.url', 'Channel 11'), 'b.example')
  t.equal(shown(text, 'notify.secret', 'Channel 11'), '••••')
  t.equal(shown(text, 'notify.events', 'Channel 11'), 'channel.disconnected, channel.connected')
  t.equal(shown(text, 'notify.url', 'Channel 22'), 'none')
  t.equal(shown(text, 'META_APP_SECRETS'), '••••, ••••')
  t.equal(shown(text, 'META_VERIFY_TOKEN'), '••••')
  t.equal(shown(text, 'API_TOKENS'), '••••')
  t.equal(shown(text, 'DIFY_TOKENS'), '••••')
  t.equal(shown(text, 'REDIS_URL'), 'redis://••••@host:6379/2')
  t.equal(shown(text, 'token', 'Channel 11'), '••••')
  t.equal(shown(text, 'difyTokens', 'Channel 11'), '••••')
  t.equal(shown(text, 'dify.key', 'Channel 11'), '••••')
  t.equal(shown(text, 'token', 'Channel 22'), 'none')
})

t.test('a kind of store that nobody describes is a fault', async (t) => {
  const result = read({})
  if (result.is === 'bad') throw new Error(result.problems.join('\n'))
  const config = { ...result.config, store: { is: 'surprise' } } as never
  t.throws(() => describeConfig(config), /not a member of the union/)
})

t.test('settings are shown as a person would write them', async (t) => {
  const text = described({
    CHANNELS_FILE: 'c.json',
    TRUST_PROXY: 'loopback',
    COOLDOWN: '1500ms',
    META_APP_IDS: '8',
    BOT_APP_IDS: '9',
  })
  const expected = {
    PORT: '3000',
    TRUST_PROXY: 'loopback',
    API_RATE_LIMIT: '30000',
    STORE: 'memory',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'none',
    METRICS_CHANNELS: 'on',
    SHUTDOWN_GRACE: '25s',
    'META_APP_IDS, BOT_APP_IDS': '8, 9',
    COOLDOWN: '1500ms',
    HISTORY_TTL: '30d',
    HUMAN_TRANSCRIPT: 'off',
    HANDOFF_WORDS: 'none',
    HANDOFF_TEXT: 'none',
  }
  for (const [name, value] of Object.entries(expected)) t.equal(shown(text, name), value, name)
})

t.test('the collector of traces and the switch of metrics by channel are shown', async (t) => {
  const text = described({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/', METRICS_CHANNELS: 'off' })
  t.equal(shown(text, 'OTEL_EXPORTER_OTLP_ENDPOINT'), 'http://collector:4318')
  t.equal(shown(text, 'METRICS_CHANNELS'), 'off')
  // An endpoint with credentials is never in effect, and is not repeated where it is refused.
  for (const endpoint of ['http://user:hidden-z@collector:4318', 'http://collector:4318/?key=hidden-z']) {
    const refused = describeResult(read({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }))
    t.match(refused, /OTEL_EXPORTER_OTLP_ENDPOINT must be a URL without/)
    t.notMatch(refused, 'hidden')
  }
})

t.test('every setting of the process is shown', async (t) => {
  const text = [described({ CHANNEL_ID: '1', DATA_DIR: '/data' }), described({ REDIS_URL: 'redis://host' })].join('\n')
  const ofChannels = /^(CHANNELS?_|DIFY_(URL|KEY|APP)$|REPLIES$|NOTIFY_)/
  for (const name of settingNames.filter((each) => !ofChannels.test(each))) {
    t.match(text, new RegExp(`^ .*\\b${name}\\b`, 'm'), name)
  }
})

t.test('values that all channels share are printed once, others with each channel', async (t) => {
  const text = described({ CHANNELS_FILE: 'c.json' })
  t.equal(shown(text, 'BOT_PAUSE'), undefined)
  t.equal(shown(text, 'bot.pause', 'Channel 11'), '1h')
  t.equal(shown(text, 'bot.pause', 'Channel 22'), '6h')
  t.equal(shown(text, 'bot.fallbackText', 'Channel 11'), 'Sorry,\\nlater', 'a text stays on its line')
  t.equal(shown(text, 'bot.fallbackText', 'Channel 22'), 'none')
  t.equal(shown(text, 'bot.cooldown', 'Channel 11'), undefined)
})

t.test('a channel is shown with its assistant, its hours and its owner', async (t) => {
  const text = described({ CHANNELS_FILE: 'c.json' })
  const expected = {
    platform: 'instagram',
    name: 'north',
    owner: '7',
    graphUrl: 'https://graph.instagram.com/v26.0',
    sendAs: '11',
    'dify.url': 'https://dify/v1',
    'dify.app': 'chat',
    'dify.replies': 'router',
    'dify.inputs': 'shop',
    'bot.mode': 'test',
    'bot.testers': '5, 6',
    'hours.timezone': 'Asia/Tehran',
    'hours.open.sat': '09:00-13:00, 16:05-24:00',
    'hours.bot': 'inside',
    'hours.awayText': 'Away',
  }
  for (const [name, value] of Object.entries(expected)) t.equal(shown(text, name, 'Channel 11'), value, name)
  t.equal(shown(text, 'dify', 'Channel 22'), 'none: recorded and classified, never answered')
  t.equal(shown(text, 'hours.awayText', 'Channel 22'), 'none')
  t.equal(shown(text, 'dify.inputs', 'Channel 33'), 'none')
  t.equal(shown(text, 'hours', 'Channel 33'), 'none: always open')
})

t.test('without channels the settings of the process are shown', async (t) => {
  const text = described({})
  t.equal(shown(text, 'HOST'), '0.0.0.0')
  t.notMatch(text, 'Channel')
})

t.test('the columns are aligned', async (t) => {
  const settings = described({ CHANNEL_ID: '1' }).split('\n\n')[0]!.split('\n').slice(1)
  const columns = settings.map((line) => line.search(/(?<= {2})\S/g))
  t.equal(new Set(columns).size, 1)
})

t.test('a good result ends in one line that says so', async (t) => {
  const text = describeResult(read({ CHANNEL_ID: '1' }))
  t.match(text, /^Settings\n/)
  t.notMatch(text, 'Warnings')
  t.ok(text.endsWith('\n\nThe configuration is good: 1 channel, 0 warnings.\n'))
  const warned = describeResult(read({}))
  t.match(warned, /\nWarnings\n {2}- There is no channel, .*\n\nThe configuration is good: 0 channels, 1 warning\.\n$/)
})

t.test('a bad result lists warnings and problems, and no settings', async (t) => {
  const text = describeResult(read({ PORT: 'x', PROT: '1', CHANNEL_ID: 'y' }))
  t.equal(
    text,
    [
      'Warnings',
      '  - PROT is not known: did you mean PORT?',
      '',
      'Problems',
      '  - PORT must be a whole number from 0 to 65535, not "x"',
      '  - CHANNEL_ID must be an id of 1 to 32 digits, not "y"',
      '',
      'The configuration is bad: 2 problems, 1 warning.',
      '',
    ].join('\n'),
  )
})

t.test('the store in a file is shown with its directory', async (t) => {
  const text = described({ DATA_DIR: '/data' })
  t.match(text, /STORE +sqlite\n +DATA_DIR +\/data\n +SQLITE_SYNC +normal\n/)
})
