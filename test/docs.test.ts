import t from 'tap'
// @ts-expect-error a plain script without types
import { settingsPage, withSettings } from '../scripts/settings-table.mjs'
import { settings } from '../src/config/settings.js'
import { readProjectFile } from './fixtures/project.js'

t.test('docs/settings.md is what the table of settings says', async (t) => {
  const page = readProjectFile('docs/settings.md')
  t.equal(page, settingsPage(settings), 'node scripts/settings-table.mjs writes it anew')
})

t.test('so is the table in the README', async (t) => {
  const readme = readProjectFile('README.md')
  t.match(readme, /^\| `META_APP_SECRETS` 🔑 \| \*\*required\*\* \|/m)
  t.equal(readme, withSettings(readme, settings), 'node scripts/settings-table.mjs writes it anew')
})
