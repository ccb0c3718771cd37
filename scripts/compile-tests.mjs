// Checks and compiles the tests into .tests/, where they import what `npm run build` made: compiled once, two hundred
// test files start in a fifth of the time that each would take to compile for itself, and they test what is shipped.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const compiled = `${root}.tests`

rmSync(compiled, { recursive: true, force: true })
const tsc = `${root}node_modules/typescript/bin/tsc`
// The console's page is type-checked here, since its bundler does not check types.
for (const project of ['test/tsconfig.json', 'src/console/page/tsconfig.json']) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', project], { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(1)
}
for (const [name, target] of [
  ['src', '../dist'],
  ['scripts', '../scripts'],
  ['bench', '../bench'],
]) {
  rmSync(`${compiled}/${name}`, { recursive: true, force: true })
  symlinkSync(target, `${compiled}/${name}`)
}

// The tests of a folder share a process: starting one for each of hundreds of small files takes longer than the tests.
// Slow tests have a process of their own.
const folders = ['journeys/', 'long/', 'examples/', 'scripts/']
const single = [
  'app',
  'docs-shell',
  'cli/demo',
  'cli/start',
  'store/redis/cluster',
  'store/redis/sentinel',
  'store/redis/store',
]
const separate = [...folders, ...single.map((name) => `${name}.test.js`)]
const suite = join(compiled, 'suite')
const groups = new Map()
for (const file of readdirSync(join(compiled, 'test'), { recursive: true }).sort()) {
  if (!file.endsWith('.test.js')) continue
  const isSeparate = separate.some((path) => file.startsWith(path))
  const name = isSeparate ? file : join(dirname(file), 'all.test.js')
  groups.set(name, [...(groups.get(name) ?? []), file])
}
for (const [name, files] of groups) {
  const from = join(suite, dirname(name))
  mkdirSync(from, { recursive: true })
  const imports = files.map((file) => `import '${relative(from, join(compiled, 'test', file))}'\n`)
  writeFileSync(join(suite, name), imports.join(''))
}
