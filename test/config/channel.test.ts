import t from 'tap'
import { channelOf, draftFromEnvironment, readDraft } from '../../src/config/channel.js'
import { createLookup, type Env, readEnvironment } from '../../src/config/environment.js'
import { channelPolicies } from '../../src/config/policies.js'
import { createReport } from '../../src/config/report.js'
import { openSheet } from '../../src/config/sheet.js'

const needed = { META_APP_SECRETS: 's', META_VERIFY_TOKEN: 'v' }
const noFile = (): string => ''

const settled = (env: Env = {}) => {
  const report = createReport()
  const environment = readEnvironment(createLookup({ ...needed, ...env }, noFile, report), report)
  return { report, environment }
}

const read = (row: unknown, { env = {}, botApps = [] as readonly string[] } = {}) => {
  const { report, environment } = settled(env)
  const draft = readDraft(openSheet(row, 'channels[0]', report)!, environment, report)
  const channel = draft && channelOf(draft, { ours: botApps, others: [] }, report)
  return { channel, problems: report.problems, warnings: report.warnings }
}

t.test('a full row is read into a channel', async (t) => {
  const { channel, problems, warnings } = read(
    {
      id: '123456789',
      platform: 'instagram',
      name: 'my_shop',
      owner: { id: '7', email: 'owner@example.com' },
      token: 'IGtoken',
      graphUrl: 'http://127.0.0.1:9/v26.0/',
      sendAs: '42',
      difyTokens: ['dify-1'],
      dify: {
        url: 'https://api.dify.ai/v1/',
        key: 'app-key',
        app: 'workflow',
        replies: 'dify',
        inputs: { shop: 'north', vip: true, tier: 2 },
      },
      bot: { mode: 'test', testers: ['5', '6'], pause: '1h' },
      hours: { timezone: 'UTC', open: { mon: ['09:00-17:00'] } },
    },
    { botApps: ['99'] },
  )
  t.same([problems, warnings], [[], []])
  t.match(channel, {
    id: '123456789',
    platform: 'instagram',
    name: 'my_shop',
    owner: { id: '7', email: 'owner@example.com' },
    token: 'IGtoken',
    graphUrl: 'http://127.0.0.1:9/v26.0',
    sendAs: '42',
    difyTokens: ['dify-1'],
    assistant: {
      url: 'https://api.dify.ai/v1',
      key: 'app-key',
      app: 'workflow',
      replies: 'dify',
      inputs: { shop: 'north', vip: true, tier: 2 },
    },
    policy: {
      hours: { timezone: 'UTC', open: { mon: [{ from: 540, to: 1020 }] }, bot: 'always', awayText: null },
      platform: 'instagram',
      mode: 'test',
      hasAssistant: true,
      assistantSends: true,
      canSend: true,
      pauseMs: 3_600_000,
      cooldownMs: 3000,
    },
  })
  t.same([...channel!.policy.testers], ['5', '6'])
  t.same([...channel!.policy.botApps], ['99'])
})

t.test('a short row gets the defaults of its platform', async (t) => {
  const { channel, problems, warnings } = read({ id: '1', platform: 'facebook' })
  t.same([problems, warnings], [[], []])
  t.match(channel, {
    name: null,
    owner: null,
    token: null,
    graphUrl: 'https://graph.facebook.com/v26.0',
    sendAs: '1',
    difyTokens: [],
    assistant: null,
    hours: null,
    policy: { platform: 'facebook', mode: 'on', hasAssistant: false, assistantSends: false, canSend: false },
  })
  t.equal(read({ id: '1', platform: 'instagram' }).channel?.graphUrl, 'https://graph.instagram.com/v26.0')
})

t.test('an assistant is a chat whose answers the router sends, unless it says otherwise', async (t) => {
  const { channel } = read({ id: '1', platform: 'instagram', token: 'x', dify: { url: 'https://d/v1', key: 'k' } })
  t.same(channel?.assistant, { url: 'https://d/v1', key: 'k', app: 'chat', replies: 'router', inputs: {} })
  t.match(channel?.policy, { hasAssistant: true, assistantSends: false, canSend: true })
})

t.test('an owner may have no email', async (t) => {
  const { channel } = read({ id: '1', platform: 'instagram', owner: { id: 'a7' } })
  t.same(channel?.owner, { id: 'a7', email: null })
})

t.test('every problem of a row is named at once with its path', async (t) => {
  const { channel, problems } = read({
    id: 17841400000000,
    platform: 'telegram',
    owner: { email: 'x' },
    token: 'a b',
    graphUrl: 'graph.facebook.com',
    sendAs: 'me',
    difyTokens: 'ä',
    dify: { url: 'dify', app: 'agent', replies: 'both', inputs: { a: null } },
    bot: { mode: 'maybe', testers: [5], pause: 'x' },
    hours: { timezone: 'UTC' },
  })
  t.equal(channel, null)
  t.same(
    problems.map((line) => line.split(' ')[0]).toSorted(),
    [
      ...['id', 'platform', 'owner.id', 'token', 'graphUrl', 'sendAs', 'difyTokens'],
      ...['dify.url', 'dify.key', 'dify.app', 'dify.replies', 'dify.inputs'],
      ...['bot.mode', 'bot.testers', 'bot.pause', 'hours.open'],
    ]
      .map((key) => `channels[0].${key}`)
      .toSorted(),
  )
  t.match(read({ platform: 'instagram' }).problems, [/^channels\[0\]\.id is required/])
  t.match(read({ id: '1' }).problems, [/^channels\[0\]\.platform is required: instagram or facebook/])
})

t.test('inputs are plain values by name', async (t) => {
  const withInputs = (inputs: unknown) =>
    read({ id: '1', platform: 'instagram', token: 'x', dify: { url: 'https://d/v1', key: 'k', inputs } })
  for (const bad of ['x', ['x'], { a: { b: 1 } }, { a: null }]) {
    t.same(withInputs(bad).problems, ['channels[0].dify.inputs must be an object of texts, numbers, true and false'])
  }
  t.same(withInputs({ page_id: '1', shop: 'a' }).warnings, [
    'channels[0].dify.inputs.page_id has no effect: the router sets that input itself',
  ])
})

t.test('unknown keys are warned of, wherever they stand', async (t) => {
  const { problems, warnings } = read({
    id: '1',
    platform: 'instagram',
    tokn: 'x',
    owner: { id: '7', mail: 'x' },
    dify: { url: 'https://d/v1', key: 'k', aps: 'chat' },
    bot: { mod: 'on' },
    token: 'x',
  })
  t.same(problems, [])
  t.same(warnings.toSorted(), [
    'channels[0].bot.mod is not known: did you mean mode?',
    'channels[0].dify.aps is not known: did you mean app?',
    'channels[0].owner.mail is not known: did you mean email?',
    'channels[0].tokn is not known: did you mean token?',
  ])
})

t.test('a key that stands a level too high or too low is told where it belongs', async (t) => {
  const { warnings } = read({ id: '1', platform: 'instagram', pause: '1h', bot: { hours: {}, name: 'x' } })
  t.same(warnings, [
    'channels[0].bot.hours is not known: did you mean channels[0].hours?',
    'channels[0].bot.name is not known: did you mean channels[0].name?',
    'channels[0].pause is not known: did you mean channels[0].bot.pause?',
  ])
})

t.test('an address that is no Dify API’s is warned of', async (t) => {
  const warned = (url: string) => read({ id: '1', platform: 'instagram', token: 'x', dify: { url, key: 'k' } }).warnings
  t.match(warned('https://dify.example'), [/^channels\[0\]\.dify\.url does not end in \/v1/])
  t.same(warned('https://dify.example/v1/'), [])
})

t.test('a facebook channel whose workflow answers needs an app id, or its first answer would pause it', async (t) => {
  const dify = { url: 'https://d/v1', key: 'k', replies: 'dify' }
  const [problem, ...more] = read({ id: '1', platform: 'facebook', dify }).problems
  t.match(problem, /^channels\[0\]\.dify\.replies is dify on facebook, which needs META_APP_IDS or BOT_APP_IDS/)
  t.same(more, [])
  t.same(read({ id: '1', platform: 'facebook', dify }, { botApps: ['9'] }).problems, [])
  t.same(read({ id: '1', platform: 'instagram', dify }).problems, [])
  t.same(read({ id: '1', platform: 'facebook', dify: { ...dify, replies: 'router' } }).problems, [])
})

t.test('an assistant whose answers nobody can send is warned of', async (t) => {
  const dify = { url: 'https://d/v1', key: 'k' }
  t.same(read({ id: '1', platform: 'instagram', dify }).warnings, [
    'channels[0].token is not set: the router can ask the assistant of channel 1, but not send the answers',
  ])
  t.same(read({ id: '1', platform: 'instagram', dify: { ...dify, replies: 'dify' } }).warnings, [])
  t.same(read({ id: '1', platform: 'instagram', dify, token: 'x' }).warnings, [])
})

t.test('a text for a handover that no word brings is warned of', async (t) => {
  const warned = /^channel 1 has HANDOFF_TEXT without HANDOFF_WORDS: no customer's word brings it/
  t.match(read({ id: '1', platform: 'instagram', bot: { handoffText: 'soon' } }).warnings, [warned])
  t.same(read({ id: '1', platform: 'instagram', bot: { handoffText: 'soon', handoffWords: ['human'] } }).warnings, [])
})

t.test('missed messages that cannot be read are warned of', async (t) => {
  const bot = { backfill: '24h' }
  t.same(read({ id: '1', platform: 'instagram', bot }).warnings, [
    'channels[0].token is not set: missed messages of channel 1 cannot be read (BACKFILL)',
  ])
  t.same(read({ id: '1', platform: 'instagram', bot, token: 'x' }).warnings, [])
  t.same(read({ id: '1', platform: 'instagram', bot: { backfill: 'off' } }).warnings, [])
  t.match(read({ id: '1', platform: 'instagram', bot: { backfill: '2d' } }).problems, [
    /^channels\[0\]\.bot\.backfill must be off or a duration of at most 1d, not "2d"$/,
  ])
})

t.test('test mode without testers is warned of', async (t) => {
  t.same(read({ id: '1', platform: 'instagram', bot: { mode: 'test' } }).warnings, [
    'channels[0].bot has mode test without testers: nobody gets answers on channel 1',
  ])
})

t.test('the channel of the environment has its settings and the common rules', async (t) => {
  const { report, environment } = settled({
    CHANNEL_PLATFORM: 'facebook',
    CHANNEL_TOKEN: 'x',
    CHANNEL_GRAPH_URL: 'http://127.0.0.1:1/',
    BOT_PAUSE: '2h',
  })
  const draft = draftFromEnvironment(environment, '5', null, channelPolicies(environment, null, report))
  t.match(channelOf(draft, { ours: [], others: [] }, report), {
    id: '5',
    platform: 'facebook',
    token: 'x',
    graphUrl: 'http://127.0.0.1:1',
    sendAs: '5',
    assistant: null,
    policy: { mode: 'on', pauseMs: 7_200_000 },
  })
  t.same([report.problems, report.warnings], [[], []])
})
