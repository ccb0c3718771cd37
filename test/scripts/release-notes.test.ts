import { spawnSync } from 'node:child_process'
import t from 'tap'
// @ts-expect-error a plain script without types
import { sectionOf, versionsIn } from '../../scripts/release-notes.mjs'
import { inProject, readProjectFile } from '../fixtures/project.js'

const run = (...args: string[]) =>
  spawnSync('env', ['-u', 'NODE_OPTIONS', process.execPath, inProject('scripts/release-notes.mjs'), ...args], {
    encoding: 'utf8',
  })

t.test('of the changelog the section of a version is found, and no other', async (t) => {
  const changelog =
    '# Changelog\n\n## Unreleased\n\n- c\n\n## 1.2.0, 2026-01-01\n\n- b\n  more\n\n### Fixes\n\n- d\n\n## 1.1.0\n\n## 1.0.0\n\n- a\n'
  t.equal(sectionOf(changelog, '1.2.0'), '- b\n  more\n\n### Fixes\n\n- d')
  t.equal(sectionOf(changelog, '1.0.0'), '- a')
  for (const none of ['1.1.0', '1.2', '2.0.0']) t.equal(sectionOf(changelog, none), null, none)
})

t.test('every place names the same version, and a tag must be it', async (t) => {
  const { version } = JSON.parse(readProjectFile('package.json'))
  const places = versionsIn(readProjectFile)
  t.same(new Set(Object.values(places)), new Set([version]))
  t.equal(Object.keys(places).length, 4)
  const released = run(`v${version}`)
  t.equal(released.status, 0)
  t.equal(released.stdout.trim(), sectionOf(readProjectFile('CHANGELOG.md'), version))
  t.match(run('v99.0.0'), {
    status: 1,
    stdout: '',
    stderr: /package\.json says .*, the tag 99\.0\.0\n[\s\S]*CHANGELOG\.md has no section ## 99\.0\.0/,
  })
  for (const bad of [[], ['1.2.3'], ['v1.2']]) t.match(run(...bad), { status: 1, stderr: /^usage:/ })
})
