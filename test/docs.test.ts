import { existsSync, readdirSync } from 'node:fs'
import { posix } from 'node:path'
import t from 'tap'
// @ts-expect-error a plain script without types
import { settingsPage, withSettings } from '../scripts/settings-table.mjs'
import { settings } from '../src/config/settings.js'
import { LABELS } from '../src/http/metric-labels.js'
import { inProject, readProjectFile } from './fixtures/project.js'

t.test('docs/settings.md is generated from the table of settings', async (t) => {
  const page = readProjectFile('docs/settings.md')
  t.equal(page, settingsPage(settings), 'node scripts/settings-table.mjs writes it anew')
})

t.test('the table of settings in the README is up to date', async (t) => {
  const readme = readProjectFile('README.md')
  t.match(readme, /^\| `META_APP_SECRETS` 🔑 \| \*\*required\*\* \|/m)
  t.equal(readme, withSettings(readme, settings), 'node scripts/settings-table.mjs writes it anew')
})

t.test('every page that is linked to is there, and every heading', async (t) => {
  const docs = readdirSync(inProject('docs')).filter((name) => name.endsWith('.md'))
  const pages = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)]
  const anchorsOf = (page: string): readonly string[] =>
    [...readProjectFile(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-'),
    )
  for (const page of pages) {
    const text = readProjectFile(page)
    for (const [, link = '', picture = ''] of text.matchAll(/\]\(([^)\s]+)\)|src(?:set)?="([^"]+)"/g)) {
      if (picture !== '') t.ok(existsSync(inProject(picture)), `${page}: ${picture}`)
      if (link === '' || /^https?:/.test(link)) continue
      const [path, anchor] = link.split('#') as [string, string?]
      const target = path === '' ? page : posix.normalize(posix.join(posix.dirname(page), path))
      t.ok(existsSync(inProject(target)), `${page}: ${link}`)
      if (anchor !== undefined) t.ok(anchorsOf(target).includes(anchor), `${page}: ${link}`)
    }
  }
})

t.test('every reason has its row', async (t) => {
  const page = readProjectFile('docs/troubleshooting.md')
  const parts = new Map(page.split(/^## /m).map((part) => [part.split('\n')[0], part]))
  const skipped = [
    ...['standby', 'bot_off', 'not_a_tester', 'conversation_closed', 'bot_paused', 'customer_request', 'closed_hours'],
    ...[
      'no_assistant',
      'unsupported',
      'repeated_text',
      'share_held',
      'share_expired',
      'share_replaced',
      'assistant_failed',
      'answered',
      'window_closed',
    ],
  ]
  for (const [heading, reasons] of [
    ['The bot does not answer', skipped],
    ['The bot is paused', LABELS.pauses.map(({ reason }) => reason!)],
    ['The answer does not arrive', LABELS.deadLetters.map(({ reason }) => reason!)],
  ] as const) {
    const rows = (parts.get(heading) ?? '').split('\n').map((line) => line.split(' | ')[0] ?? '')
    for (const reason of reasons)
      t.ok(
        rows.some((row) => row.includes(`\`${reason}\``)),
        `${heading}: ${reason}`,
      )
  }
})
