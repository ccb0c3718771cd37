import t from 'tap'
import { type Config, readConfig } from '../../src/config.js'
import { NOTIFICATION_TYPES } from '../../src/conversation/channel.js'
import { SETTINGS } from '../fixtures/settings.js'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const DEFAULT = NOTIFICATION_TYPES.filter((type) => !type.startsWith('message.'))

const read = (env: Record<string, string>, notify: unknown = null, file = '') => {
  const { CHANNEL_ID: _, ...settings } = SETTINGS
  const channels = [{ id: '1', platform: 'instagram', ...(notify !== null && { notify }) }]
  return readConfig({ ...settings, CHANNELS_FILE: 'channels.json', ...env }, (path) =>
    path === 'channels.json' ? JSON.stringify({ channels }) : file,
  )
}
const configOf = (...given: Parameters<typeof read>): Config => {
  const result = read(...given)
  if (result.is === 'bad') throw new Error(result.problems.join('\n'))
  return result.config
}
const problemsOf = (...given: Parameters<typeof read>): readonly string[] => {
  const result = read(...given)
  return result.is === 'bad' ? result.problems : []
}

t.test('without a notification setting there is no target', async (t) => {
  const { notify, channels } = configOf({})
  t.equal(notify, null)
  t.equal(channels.get('1')?.notify, null)
})

t.test('a target of all channels, and one of a single channel', async (t) => {
  const { notify, channels } = configOf(
    { NOTIFY_URL: 'https://a.example/hook?x=1', NOTIFY_SECRET: SECRET, NOTIFY_EVENTS: 'message.*' },
    { url: 'https://b.example', secret: SECRET, events: ['channel.*', 'message.sent'] },
  )
  const messages = ['message.received', 'message.sent', 'message.failed']
  t.strictSame(notify, { url: 'https://a.example/hook?x=1', secret: SECRET, events: messages })
  const events = ['message.sent', 'channel.disconnected', 'channel.connected']
  t.strictSame(channels.get('1')?.notify, { url: 'https://b.example', secret: SECRET, events })
})

t.test('by default a target gets all types but messages; a channel’s target has the global one’s types', async (t) => {
  const target = { url: 'https://b.example', secret: SECRET }
  t.strictSame(configOf({ NOTIFY_URL: 'https://a.example', NOTIFY_SECRET: SECRET }).notify?.events, DEFAULT)
  t.strictSame(configOf({}, target).channels.get('1')?.notify?.events, DEFAULT)
  const chosen = configOf({ NOTIFY_EVENTS: 'channel.connected' }, target)
  t.strictSame(chosen.channels.get('1')?.notify?.events, ['channel.connected'])
})

t.test('a target’s URL and secret may come from files', async (t) => {
  const { notify } = configOf(
    { NOTIFY_URL: 'https://a.example', NOTIFY_SECRET_FILE: '/run/secret' },
    null,
    `${SECRET}\n`,
  )
  t.equal(notify?.secret, SECRET)
  t.equal(
    configOf({ NOTIFY_URL_FILE: '/run/url', NOTIFY_SECRET: SECRET }, null, 'https://c.example').notify?.url,
    'https://c.example',
  )
})

t.test('every problem is named at once', async (t) => {
  t.match(problemsOf({ NOTIFY_URL: 'https://a.example' }), [/^NOTIFY_SECRET is required with NOTIFY_URL: whsec_/])
  const bad = { NOTIFY_URL: 'a.example', NOTIFY_SECRET: 'secret', NOTIFY_EVENTS: 'paused' }
  t.match(problemsOf(bad, { url: 7, events: ['x'] }), [
    /^NOTIFY_URL must be a URL/,
    /^NOTIFY_SECRET must be whsec_/,
    /^NOTIFY_EVENTS has "paused", and knows conversation\.paused, /,
    /^channels\[0\]\.notify\.url must be a URL/,
    /^channels\[0\]\.notify\.secret is required: /,
    /^channels\[0\]\.notify\.events has "x"/,
  ])
  t.match(problemsOf({}, {}), [/notify\.url is required/, /notify\.secret is required/])
  t.match(problemsOf({}, 'https://a.example'), [/^channels\[0\]\.notify must be an object/])
})

t.test('a notification setting without effect and a weak secret are warned of', async (t) => {
  t.match(read({ NOTIFY_SECRET: SECRET }).warnings, ['NOTIFY_SECRET has no effect without NOTIFY_URL'])
  t.match(read({ NOTIFY_URL: 'https://a.example', NOTIFY_SECRET: 'whsec_YWJj' }).warnings, [
    /^NOTIFY_SECRET has a key of less/,
  ])
  t.match(read({}, { url: 'https://b.example', secret: 'whsec_YWJj', event: [] }).warnings, [
    /^channels\[0\]\.notify\.event is not known: did you mean events\?/,
    /^channels\[0\]\.notify\.secret has a key of less/,
  ])
  t.match(read({ NOTIFY_URI: 'https://a.example' }).warnings, [/^NOTIFY_URI is not known: did you mean NOTIFY_URL/])
})
