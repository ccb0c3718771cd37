import t from 'tap'
import type { Setting } from '../../src/config/setting.js'
import { policyNames, settingNames, settings } from '../../src/config/settings.js'

const entries: [string, Setting<unknown>][] = settingNames.map((name) => [name, settings[name]])

t.test('every default is a value of its own kind', async (t) => {
  for (const [name, { kind, default: standard }] of entries) {
    if (standard !== undefined) t.equal(kind.parse(standard).is, 'ok', name)
  }
})

t.test('every meaning is one line that follows its name', async (t) => {
  for (const [name, { meaning }] of entries) t.match(meaning, /^\S.*[^.\s]$/, name)
})

t.test('the table says which settings are required and which are secret', async (t) => {
  const names = (has: (entry: Setting<unknown>) => unknown) =>
    entries.filter(([, one]) => has(one)).map(([name]) => name)
  t.same(
    names((one) => one.required),
    ['META_APP_SECRETS', 'META_VERIFY_TOKEN'],
  )
  t.same(
    names((one) => one.secret),
    [
      ...['META_APP_SECRETS', 'META_VERIFY_TOKEN', 'API_TOKENS', 'DIFY_TOKENS'],
      ...['REDIS_URL', 'CHANNEL_TOKEN', 'DIFY_KEY', 'NOTIFY_URL', 'NOTIFY_SECRET'],
    ],
  )
  t.same(
    names((one) => one.policy),
    policyNames,
    'the policies are those of the policy table',
  )
})
