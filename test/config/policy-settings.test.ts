import t from 'tap'
import { policySettings } from '../../src/config/policy-settings.js'
import type { Setting } from '../../src/config/setting.js'

const entries: [string, Setting<unknown>][] = Object.entries(policySettings)
const camel = (name: string): string => name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

t.test('a channel has the rules from BOT_PAUSE to HUMAN_TRANSCRIPT under their names in camelCase', async (t) => {
  const common = ['OTHER_APPS', 'REOPEN_AFTER', 'HISTORY_TTL']
  for (const [name, { bot }] of entries) {
    t.equal(bot, common.includes(name) ? undefined : name === 'BOT_PAUSE' ? 'pause' : camel(name), name)
  }
})

t.test('no two rules fill the same field of a policy', async (t) => {
  t.equal(new Set(entries.map(([, { policy }]) => policy)).size, entries.length)
})

t.test('a pause may last forever, a flag may not', async (t) => {
  const takesForever = entries.filter(([, { kind }]) => kind.parse('forever').is === 'ok').map(([name]) => name)
  const asTexts = ['INTRO_TEXT', 'FALLBACK_TEXT', 'HANDOFF_WORDS', 'HANDOFF_TEXT', 'RESUME_WORDS']
  t.same(
    takesForever.filter((name) => !asTexts.includes(name)),
    ['BOT_PAUSE', 'REOPEN_AFTER', 'HISTORY_TTL'],
  )
})
