import { readFileSync } from 'node:fs'
import t from 'tap'
// @ts-expect-error a plain script without types
import { settingsPage } from '../scripts/settings-table.mjs'
import { settings } from '../src/config/settings.js'

t.test('docs/settings.md is what the table of settings says', async (t) => {
  const page = readFileSync(new URL('../docs/settings.md', import.meta.url), 'utf8')
  t.equal(page, settingsPage(settings), 'node scripts/settings-table.mjs writes it anew')
})
