import t from 'tap'
import { createLookup, type Env, readEnvironment } from '../../src/config/environment.js'
import { channelPolicies, policyFields } from '../../src/config/policies.js'
import { createReport } from '../../src/config/report.js'
import { openSheet } from '../../src/config/sheet.js'
import { FOREVER } from '../../src/conversation/channel.js'

const needed = { META_APP_SECRETS: 's', META_VERIFY_TOKEN: 'v' }
const noFile = (): string => ''

const read = (env: Env, bot?: unknown) => {
  const report = createReport()
  const environment = readEnvironment(createLookup({ ...needed, ...env }, noFile, report), report)
  const sheet = bot === undefined ? null : openSheet(bot, 'channels[0].bot', report)
  const policies = policyFields(channelPolicies(environment, sheet, report))
  sheet?.done()
  return { policies, problems: report.problems, warnings: report.warnings }
}

t.test('without settings every rule has its default', async (t) => {
  const { policies, problems } = read({}, {})
  t.same(problems, [])
  t.same(policies, {
    otherApps: 'human',
    pauseMs: 21_600_000,
    flagTtlMs: 300_000,
    flagTailMs: 3000,
    echoTtlMs: 60_000,
    autoReplyWindowMs: 5000,
    debounceMs: 2000,
    debounceMaxMs: 5000,
    cooldownMs: 3000,
    repeatWindowMs: 10_000,
    shareWaitMs: 120_000,
    shareTemplate: 'en',
    sendRate: 3,
    sendAttempts: 5,
    unknownSend: 'dead',
    unknownSendWaitMs: 30_000,
    difyTimeoutMs: 120_000,
    difyAttempts: 2,
    markdown: 'plain',
    introText: null,
    markSeen: false,
    suggested: false,
    voice: 'file',
    fallbackText: null,
    handoffWords: [],
    handoffText: null,
    resumeWords: [],
    pauseOnFailure: false,
    humanTranscript: false,
    reopenAfterMs: 86_400_000,
    historyTtlMs: 2_592_000_000,
    backfillMs: 0,
  })
  t.same(read({}).policies, policies, 'a channel without rules has the common ones')
})

t.test('the environment gives the rules for all, a channel its own', async (t) => {
  const env = {
    BOT_PAUSE: '2h',
    SEND_RATE: '5',
    FALLBACK_TEXT: 'Sorry',
    HANDOFF_WORDS: 'agent, human',
    OTHER_APPS: 'bot',
  }
  const { policies, problems, warnings } = read(env, {
    pause: 'forever',
    sendRate: 10,
    handoffWords: ['a person, please'],
    humanTranscript: 'on',
    pauseOnFailure: true,
    flagTtl: null,
    cooldown: 0,
  })
  t.same([problems, warnings], [[], []])
  t.match(policies, {
    otherApps: 'bot',
    pauseMs: FOREVER,
    sendRate: 10,
    fallbackText: 'Sorry',
    handoffWords: ['a person, please'],
    humanTranscript: true,
    pauseOnFailure: true,
    flagTtlMs: 300_000,
    cooldownMs: 0,
  })
})

t.test('a channel can do without a text or words of the environment', async (t) => {
  const env = { FALLBACK_TEXT: 'Sorry', HANDOFF_TEXT: 'A moment', HANDOFF_WORDS: 'agent', RESUME_WORDS: '🤖' }
  const { policies, problems } = read(env, { fallbackText: '', handoffText: null, handoffWords: [], resumeWords: '' })
  t.same(problems, [])
  t.match(policies, { fallbackText: null, handoffText: 'A moment', handoffWords: [], resumeWords: [] })
})

t.test('a bad rule is a problem with its path', async (t) => {
  t.same(read({}, { pause: '6 hours', sendRate: 0.5, cooldown: '', unknownSend: 'again' }).problems, [
    'channels[0].bot.pause must be a duration such as 500ms, 3s, 10m, 6h, 30d, 0 or forever, not "6 hours"',
    'channels[0].bot.cooldown must be a duration such as 500ms, 3s, 10m, 6h, 30d or 0',
    'channels[0].bot.sendRate must be a whole number from 1 to 10000, not "0.5"',
    'channels[0].bot.unknownSend must be dead or retry, not "again"',
  ])
})

t.test('an unknown key in a channel’s rules is warned of', async (t) => {
  t.same(read({}, { historyTtl: '1d', otherApps: 'bot' }).warnings.length, 2)
})

t.test('when only one debounce time is given, the other’s default is adjusted to it', async (t) => {
  t.match(read({ DEBOUNCE: '8s' }), { problems: [], policies: { debounceMs: 8000, debounceMaxMs: 8000 } })
  t.match(read({ DEBOUNCE_MAX: '1s' }), { problems: [], policies: { debounceMs: 1000, debounceMaxMs: 1000 } })
  t.match(read({}, { debounce: '8s' }), { problems: [], policies: { debounceMs: 8000, debounceMaxMs: 8000 } })
})

t.test('a debounce longer than its own limit is a problem that names both places', async (t) => {
  const line = (quiet: string, longest: string) => [`${quiet} must not be longer than ${longest}`]
  const env = { DEBOUNCE: '8s', DEBOUNCE_MAX: '6s' }
  t.same(read(env).problems, line('DEBOUNCE (8s)', 'DEBOUNCE_MAX (6s)'))
  t.same(
    read({ DEBOUNCE_MAX: '6s' }, { debounce: '8s' }).problems,
    line('channels[0].bot.debounce (8s)', 'DEBOUNCE_MAX (6s)'),
  )
  t.same(
    read({ DEBOUNCE: '8s' }, { debounceMax: '6s' }).problems,
    line('DEBOUNCE (8s)', 'channels[0].bot.debounceMax (6s)'),
  )
})
