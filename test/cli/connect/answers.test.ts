import t from 'tap'
import { answersOf } from '../../../src/cli/connect/answers.js'
import type { Asker } from '../../../src/cli/connect/asker.js'
import type { Values } from '../../../src/cli/options.js'
import { type Around, pretendWorld } from '../../fixtures/command.js'

/** Answers by the first word of the question. */
function answering(answers: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const answer = (isHidden: boolean) => async (question: string) => {
    asked.push(isHidden ? `${question}(hidden)` : question)
    return answers[question.split(/[ ,]/)[0]!] ?? ''
  }
  const asker: Asker = { ask: answer(false), askHidden: answer(true), close: () => {} }
  return { asker, asked }
}

const of = (values: Values, around: Around, asker = answering({}).asker) =>
  answersOf(values, pretendWorld(around).world, asker)

const SECRETS = { META_APP_SECRETS: 'a-secret, b-secret' }

t.test('options come before the environment', async (t) => {
  const env = {
    ...SECRETS,
    CHANNEL_PLATFORM: 'Instagram',
    META_APP_IDS: '7,8',
    META_USER_TOKEN: 'from-env',
    CHANNELS_FILE: '/etc/c.json',
  }
  t.same(await of({}, { env }), {
    login: {
      platform: 'instagram',
      graphUrl: 'https://graph.instagram.com/v26.0',
      appId: '7',
      appSecrets: ['a-secret', 'b-secret'],
      userToken: 'from-env',
    },
    path: '/etc/c.json',
  })
  const values: Values = {
    platform: 'facebook',
    'app-id': '9',
    'user-token': 'typed',
    'graph-url': 'http://g',
    channels: 'my.json',
  }
  t.match(await of(values, { env }), {
    login: { platform: 'facebook', graphUrl: 'http://g', appId: '9', userToken: 'typed' },
    path: 'my.json',
  })
  t.match(await of({ platform: 'facebook', 'app-id': '9', 'user-token': 'x' }, { env: SECRETS }), {
    login: { graphUrl: 'https://graph.facebook.com/v26.0' },
    path: 'channels.json',
  })
})

t.test('a user token may come on standard input, or in a file', async (t) => {
  const { world, input } = pretendWorld({ env: SECRETS })
  input.end('from-input\n')
  const values: Values = { platform: 'instagram', 'user-token': '-' }
  t.match(await answersOf(values, world, answering({}).asker), { login: { userToken: 'from-input', appId: '' } })
  const env = { ...SECRETS, META_USER_TOKEN_FILE: '/token' }
  t.match(await of({ platform: 'instagram' }, { env, readFile: () => 'from-file\n' }), {
    login: { userToken: 'from-file' },
  })
  const { world: silent, input: empty } = pretendWorld({ env: SECRETS })
  empty.end('\n')
  await t.rejects(answersOf(values, silent, answering({}).asker), { exitCode: 2, message: /^--user-token is missing/ })
})

t.test('all that is missing is said at once', async (t) => {
  const lines =
    /^META_APP_SECRETS is missing.*\n--platform is missing.*\n--app-id is missing.*\n--user-token is missing.*$/
  await t.rejects(of({}, { env: {} }), { exitCode: 2, message: lines })
  await t.rejects(of({ platform: 'instagram' }, { env: SECRETS }), { message: /^--user-token is missing.*$/ })
  await t.rejects(of({}, { env: { META_APP_SECRETS: ',' }, isTerminal: true }), {
    message: /^META_APP_SECRETS is missing.*$/,
  })
})

t.test('at a terminal it asks for what is missing, and no more', async (t) => {
  const page = answering({ Platform: 'facebook', App: '9', User: 'typed' })
  t.match(await of({}, { env: SECRETS, isTerminal: true }, page.asker), {
    login: { platform: 'facebook', appId: '9', userToken: 'typed' },
  })
  t.match(page.asked, [/^Platform/, /^App id/, /^User token.*\(hidden\)$/])
  const account = answering({ Platform: 'instagram', User: 'typed' })
  t.match(await of({}, { env: SECRETS, isTerminal: true }, account.asker), { login: { appId: '' } })
  t.match(account.asked, [/^Platform/, /^User token/])
})

t.test('what does not fit is refused, a token without being repeated', async (t) => {
  const isTerminal = true
  for (const [answers, message] of [
    [{ Platform: 'telegram' }, 'The platform must be instagram or facebook, not "telegram"'],
    [{ Platform: 'facebook', App: 'x' }, 'The app id must be an id of 1 to 32 digits, not "x"'],
    [
      { Platform: 'instagram', User: 'hush hush' },
      'The user token must be plain ASCII without blanks, to fit an HTTP header',
    ],
  ] as const) {
    await t.rejects(of({}, { env: SECRETS, isTerminal }, answering(answers).asker), { exitCode: 2, message })
  }
})
