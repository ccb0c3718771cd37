import t from 'tap'
import { createLookup, type Env, readEnvironment, reasonOf } from '../../src/config/environment.js'
import { createReport } from '../../src/config/report.js'
import { settingNames } from '../../src/config/settings.js'

const files: Record<string, string> = { '/run/secret': 'from the file\r\n', '/run/empty': ' \n', '/run/list': 'a\nb\n' }
const readFile = (path: string): string => {
  const text = files[path]
  if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
  return text
}

const lookup = (env: Env, name: string, orFile = true) => {
  const report = createReport()
  return { found: createLookup(env, readFile, report)(name, orFile), problems: report.problems }
}

const read = (env: Env) => {
  const report = createReport()
  const { values, given } = readEnvironment(createLookup(env, readFile, report), report)
  return { values, given: [...given], problems: report.problems }
}

t.test('a name stands for its value without the blanks around it', async (t) => {
  t.same(lookup({ X: ' a b ' }, 'X'), { found: { is: 'given', text: 'a b' }, problems: [] })
})

t.test('unset, undefined, empty and blank all mean not given', async (t) => {
  for (const env of [{}, { X: undefined }, { X: '' }, { X: ' ', X_FILE: ' ' }]) {
    t.same(lookup(env, 'X'), { found: { is: 'absent' }, problems: [] })
  }
  t.same(lookup({}, 'constructor').found, { is: 'absent' }, 'what every object inherits is not given')
})

t.test('a secret may come from a file, without the line end', async (t) => {
  t.same(lookup({ X_FILE: '/run/secret' }, 'X').found, { is: 'given', text: 'from the file' })
  t.same(lookup({ X: '', X_FILE: '/run/secret' }, 'X').found, { is: 'given', text: 'from the file' })
  t.same(lookup({ X_FILE: '/run/secret' }, 'X', false).found, { is: 'absent' }, 'what is no secret may not')
})

t.test('giving a value and a file for it is a problem', async (t) => {
  t.same(lookup({ X: 'a', X_FILE: '/run/secret' }, 'X'), {
    found: { is: 'broken' },
    problems: ['X and X_FILE are both set: keep one of them'],
  })
})

t.test('a file that cannot be read or is empty is a problem that names it', async (t) => {
  t.same(lookup({ X_FILE: '/run/none' }, 'X'), {
    found: { is: 'broken' },
    problems: ['X_FILE names a file that cannot be read: /run/none (ENOENT)'],
  })
  t.same(lookup({ X_FILE: '/run/empty' }, 'X').problems, ['X_FILE names a file that is empty: /run/empty'])
  t.equal(reasonOf(new Error('why')), 'why', 'a failure without a code is named by its message')
})

t.test(
  'without anything every setting has its default, and the required ones are named with their meaning',
  async (t) => {
    const { values, given, problems } = read({})
    t.same(Object.keys(values), settingNames)
    t.same(given, [])
    t.equal(values.PORT, 3000)
    t.equal(values.BOT_PAUSE, 21_600_000)
    t.equal(values.FALLBACK_TEXT, null)
    t.same(values.META_APP_IDS, [])
    t.equal(problems.length, 2)
    t.equal(
      problems[0],
      'META_APP_SECRETS is required: the app secret(s) of your Meta app, comma-separated; any of them may sign',
    )
    t.match(problems[1], /^META_VERIFY_TOKEN is required: /)
  },
)

t.test('a valid value given in the environment is used', async (t) => {
  const { values, given, problems } = read({
    META_APP_SECRETS_FILE: '/run/list',
    META_VERIFY_TOKEN: 'v',
    SEND_RATE: '7',
  })
  t.same(problems, [])
  t.same(values.META_APP_SECRETS, ['a', 'b'])
  t.equal(values.SEND_RATE, 7)
  t.same(given, ['META_APP_SECRETS', 'META_VERIFY_TOKEN', 'SEND_RATE'])
})

t.test('a bad value is a problem and leaves the default', async (t) => {
  const { values, given, problems } = read({
    META_APP_SECRETS: 'a',
    META_VERIFY_TOKEN: 'v',
    PORT: '-1',
    BOT_PAUSE: '6 h',
  })
  t.same(problems, [
    'PORT must be a whole number from 0 to 65535, not "-1"',
    'BOT_PAUSE must be a duration such as 500ms, 3s, 10m, 6h, 30d, 0 or forever, not "6 h"',
  ])
  t.equal(values.PORT, 3000)
  t.notOk(given.includes('PORT'))
})

t.test('a required list of nothing is missing, a broken file is not missing besides', async (t) => {
  const { problems } = read({ META_APP_SECRETS: ' , ', META_VERIFY_TOKEN_FILE: '/run/none' })
  t.equal(problems.length, 2)
  t.match(problems[0], /^META_APP_SECRETS is required/)
  t.match(problems[1], /^META_VERIFY_TOKEN_FILE names a file that cannot be read/)
})

t.test('a value that stands in quotes is warned of, since they count', async (t) => {
  for (const [value, isQuoted] of [
    ['"a-secret"', true],
    ["'a-secret'", true],
    ['"', false],
    ['a "quoted" word', false],
    ['\'a"', false],
  ] as const) {
    const report = createReport()
    t.same(createLookup({ X: value }, () => '', report)('X', true), { is: 'given', text: value })
    t.same(report.warnings, isQuoted ? ['X stands in quotes, which count as part of it: leave them out'] : [], value)
  }
})
