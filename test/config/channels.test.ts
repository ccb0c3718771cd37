import t from 'tap'
import { readChannels } from '../../src/config/channels.js'
import { createLookup, type Env, readEnvironment } from '../../src/config/environment.js'
import { createReport } from '../../src/config/report.js'

const needed = { META_APP_SECRETS: 's', META_VERIFY_TOKEN: 'v' }
const noChannel =
  'There is no channel, so every event will be ignored (unknown_channel): set CHANNELS_FILE or CHANNEL_ID'

const read = (env: Env, rows?: readonly unknown[]) => {
  const report = createReport()
  const readFile = (): string => JSON.stringify({ channels: rows })
  const whole = { ...needed, ...(rows && { CHANNELS_FILE: 'channels.json' }), ...env }
  const lookup = createLookup(whole, readFile, report)
  const environment = readEnvironment(lookup, report)
  const { channels, used } = readChannels(environment, lookup, readFile, report)
  return { channels, ids: [...channels.keys()], used: [...used], problems: report.problems, warnings: report.warnings }
}

t.test('a single channel needs no channels file', async (t) => {
  const { channels, problems, warnings } = read({
    CHANNEL_ID: '1',
    CHANNEL_TOKEN: 'x',
    DIFY_URL: 'https://d/v1',
    DIFY_KEY: 'k',
    DIFY_APP: 'workflow',
    REPLIES: 'dify',
  })
  t.same([problems, warnings], [[], []])
  t.same(channels.get('1')?.assistant, {
    url: 'https://d/v1',
    key: 'k',
    app: 'workflow',
    replies: 'dify',
    inputs: {},
  })
})

t.test('the channel of the environment comes beside those of the file', async (t) => {
  const { ids, problems } = read({ CHANNEL_ID: '3' }, [
    { id: '1', platform: 'instagram' },
    { id: '2', platform: 'facebook' },
  ])
  t.same(problems, [])
  t.same(ids, ['1', '2', '3'])
})

t.test('a file without channels is warned of as no channel at all is', async (t) => {
  t.same(read({}, []).warnings, [noChannel])
  t.same(read({ CHANNEL_ID: '3' }, []).warnings, [])
  t.same(read({ CHANNELS_FILE: 'c.json' }).warnings, [], 'one that cannot be read is a problem by itself')
})

t.test('the same id twice is a problem that names both places', async (t) => {
  const rows = [
    { id: '1', platform: 'instagram' },
    { id: '1', platform: 'facebook' },
  ]
  t.same(read({ CHANNEL_ID: '1' }, rows).problems, [
    'channels[1].id is the same as channels[0].id: every channel has an id of its own',
    'CHANNEL_ID is the same as channels[0].id: every channel has an id of its own',
  ])
})

t.test('an invalid row is a problem with its number', async (t) => {
  const { ids, problems } = read({}, ['x', { id: '1' }, { id: '2', platform: 'instagram' }])
  t.same(ids, ['2'])
  t.same(problems, [
    'channels[0] must be an object: { ... }',
    'channels[1].platform is required: instagram or facebook',
  ])
})

t.test('a router without channels is allowed, with a warning', async (t) => {
  t.match(read({}), { ids: [], problems: [], warnings: [noChannel] })
})

t.test('a file without channels is what its owner wants', async (t) => {
  t.match(read({}, []), { ids: [], problems: [], warnings: [] })
})

t.test('a channel id that is no id is a problem and nothing besides', async (t) => {
  t.same(read({ CHANNEL_ID: 'shop', CHANNEL_TOKEN: 'x' }), {
    channels: new Map(),
    ids: [],
    used: [],
    problems: ['CHANNEL_ID must be an id of 1 to 32 digits, not "shop"'],
    warnings: [],
  })
})

t.test('settings of a channel without its id are warned of, unless the file refers to them', async (t) => {
  t.same(read({ CHANNEL_TOKEN: 'x', DIFY_KEY: 'k', REPLIES: 'dify' }).warnings, [
    'CHANNEL_TOKEN has no effect without CHANNEL_ID',
    'DIFY_KEY has no effect without CHANNEL_ID',
    'REPLIES has no effect without CHANNEL_ID',
    noChannel,
  ])
  const row = { id: '1', platform: 'instagram', token: `\${CHANNEL_TOKEN}` }
  const { warnings, used } = read({ CHANNEL_TOKEN: 'x', DIFY_KEY: 'k' }, [row])
  t.same(warnings, ['DIFY_KEY has no effect without CHANNEL_ID'])
  t.same(used, ['CHANNEL_TOKEN'])
})

t.test('an assistant needs both its address and its key', async (t) => {
  t.match(read({ CHANNEL_ID: '1', DIFY_KEY: 'k' }).problems, [/^DIFY_URL is required with DIFY_KEY: .*api\.dify\.ai/])
  t.match(read({ CHANNEL_ID: '1', DIFY_URL: 'http://d' }).problems, [/^DIFY_KEY is required with DIFY_URL: /])
  t.same(
    read({ CHANNEL_ID: '1', DIFY_URL: 'http://d', DIFY_KEY: 'a b' }).problems,
    ['DIFY_KEY must be plain ASCII without blanks, to fit an HTTP header'],
    'a bad one is not also missing',
  )
})

t.test('a key that the file alone refers to is not taken for the channel of the environment', async (t) => {
  const row = { id: '1', platform: 'instagram', token: 'x', dify: { url: 'http://d', key: `\${DIFY_KEY}` } }
  const { channels, problems } = read({ CHANNEL_ID: '2', DIFY_KEY: 'k' }, [row])
  t.same(problems, [])
  t.equal(channels.get('1')?.assistant?.key, 'k')
  t.equal(channels.get('2')?.assistant, null)
})

t.test('the app ids of Meta and of other bots are the bot', async (t) => {
  const { channels } = read({ CHANNEL_ID: '1', META_APP_IDS: '11,12', BOT_APP_IDS: '12,13' })
  t.same([...channels.get('1')!.policy.botApps], ['11', '12', '13'])
})
