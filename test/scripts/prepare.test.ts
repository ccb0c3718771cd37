import { spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { readProjectFile } from '../fixtures/project.js'

const script = readProjectFile('scripts/prepare.mjs')

const root = { name: 'checkout' }
const fastify = { version: '5.0.0', integrity: 'sha512-a' }
const typescript = { version: '6.0.0', integrity: 'sha512-b', dev: true }
const forMacs = { version: '1.0.0', integrity: 'sha512-c', optional: true }
const lockOf = (packages: Record<string, object>): string => JSON.stringify({ lockfileVersion: 3, packages })
const locked = { '': root, 'node_modules/fastify': fastify, 'node_modules/typescript': typescript }
const packageLock = lockOf({ ...locked, 'node_modules/for-macs': forMacs })

/** Does as npm does with a lock file, and says so in `done`. */
const npm = `#!/usr/bin/env node
const { appendFileSync, copyFileSync, mkdirSync } = require('node:fs')
appendFileSync('done', 'npm ' + process.argv.slice(2).join(' ') + '\\n')
mkdirSync('node_modules', { recursive: true })
copyFileSync('package-lock.json', 'node_modules/.package-lock.json')
`
/** Does as tsc does with sources that are JavaScript already. A source named bad has a type error. */
const tsc = `
const { appendFileSync, copyFileSync, mkdirSync, readdirSync, writeFileSync } = require('node:fs')
appendFileSync('done', 'tsc\\n')
mkdirSync('dist/room', { recursive: true })
for (const file of readdirSync('src', { recursive: true })) {
  if (!file.endsWith('.ts') || file.startsWith('console')) continue
  const output = 'dist/' + file.replace('.ts', '.js')
  copyFileSync('src/' + file, output)
  writeFileSync(output + '.map', '{}')
  if (file === 'bad.ts') process.exitCode = 2
}
console.log('tsc was here')
`
/** Does as the bundler of the page does. */
const bundler = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
appendFileSync('done', 'bundler\\n')
mkdirSync('dist/console/assets', { recursive: true })
writeFileSync('dist/console/assets/main-1.js', '')
writeFileSync('dist/console/assets/index.html', '<script src="console/main-1.js"></script>')
`

interface Outcome {
  readonly code: unknown
  readonly stdout: string
  readonly stderr: string
}

/** A checkout with everything installed and nothing built. */
const checkout = (t: Test) => {
  const dir = t.testdir({
    scripts: { 'prepare.mjs': script },
    bin: { npm },
    src: {
      'main.ts': 'main()',
      room: { 'table.ts': 'table()' },
      console: { 'build.mjs': bundler, page: { 'app.ts': 'app()', 'style.css': '' } },
    },
    'package.json': JSON.stringify({ engines: { node: '>=20.18' }, bin: { router: 'dist/main.js' } }),
    'package-lock.json': packageLock,
    'tsconfig.json': '{}',
    node_modules: {
      '.package-lock.json': lockOf({ 'node_modules/fastify': fastify, 'node_modules/typescript': typescript }),
      typescript: { bin: { tsc } },
    },
    done: '',
  })
  chmodSync(join(dir, 'bin/npm'), 0o755)
  const at = (path: string): string => join(dir, path)
  return {
    at,
    write: (path: string, content: string): void => writeFileSync(at(path), content),
    installed: (packages: Record<string, object>): void =>
      writeFileSync(at('node_modules/.package-lock.json'), lockOf(packages)),
    /** What npm and tsc were asked to do since last asked. */
    done: (): string[] => {
      const lines = readFileSync(at('done'), 'utf8').split('\n').filter(Boolean)
      writeFileSync(at('done'), '')
      return lines
    },
    prepare: async (
      targets: readonly string[],
      nodeArgs: readonly string[] = [],
      path = `${at('bin')}${delimiter}${process.env.PATH}`,
    ): Promise<Outcome> => {
      // Without what tap puts into every process below it: that is slow, and there is nothing here to cover.
      const command = ['-u', 'NODE_OPTIONS', process.execPath, ...nodeArgs, at('scripts/prepare.mjs'), ...targets]
      const child = spawn('/usr/bin/env', command, {
        env: { ...process.env, NODE_ENV: 'production', PATH: path },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const exit = new Promise((resolve) => child.once('close', resolve))
      const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit])
      return { code, stdout, stderr }
    },
  }
}

const nothing = { code: 0, stdout: '', stderr: '' }
const built = ['tsc', 'bundler']
const install = 'npm ci --include=dev --no-audit'

t.test('preparing again makes nothing anew and prints nothing', async (t) => {
  const { prepare, done, at } = checkout(t)
  const first = await prepare(['modules', 'tools', 'build'])
  t.equal(first.code, 0)
  t.equal(first.stdout, '', 'stdout belongs to the command that follows')
  t.match(first.stderr, /tsc was here/)
  t.same(done(), built)
  t.equal(statSync(at('dist/main.js')).mode & 0o111, 0o111, 'npx runs it')
  t.same(await prepare(['modules', 'tools', 'build']), nothing)
  t.same(done(), [])
})

t.test('packages are installed when missing or not those of the lock file', async (t) => {
  const { prepare, done, installed, at } = checkout(t)
  rmSync(at('node_modules'), { recursive: true })
  t.equal((await prepare(['modules'])).code, 0)
  t.same(done(), [install])
  t.same(await prepare(['modules']), nothing)

  installed({ ...locked, 'node_modules/fastify': { ...fastify, version: '4.0.0' } })
  t.equal((await prepare(['modules'])).code, 0)
  t.same(done(), [install])

  installed({ 'node_modules/typescript': typescript })
  t.equal((await prepare(['modules'])).code, 0)
  t.same(done(), [install])
})

t.test('a fresh build runs without development packages, a stale one fetches them', async (t) => {
  const { prepare, done, installed, write } = checkout(t)
  await prepare(['build'])
  installed({ 'node_modules/fastify': fastify })
  done()
  t.same(await prepare(['modules', 'build']), nothing)
  write('src/main.ts', 'main(2)')
  t.equal((await prepare(['modules', 'build'])).code, 0)
  t.same(done(), [install, ...built])
})

t.test('a build is stale when a source, the settings of the compiler or a package changed', async (t) => {
  const { prepare, done, write, at } = checkout(t)
  await prepare(['build'])
  done()
  for (const [what, change] of [
    ['an edited source', () => write('src/main.ts', 'main(2)')],
    ['a new source', () => write('src/room/chair.ts', 'chair()')],
    ['a deleted source', () => rmSync(at('src/room/table.ts'))],
    ['a changed tsconfig.json', () => write('tsconfig.json', '{ "strict": true }')],
    ['a changed lock file', () => write('package-lock.json', packageLock.replace('checkout', 'renamed'))],
    ['a missing output', () => rmSync(at('dist/main.js'))],
    ['an output without source', () => write('dist/gone.js', '')],
    ['an edited style of the page', () => write('src/console/page/style.css', 'a {}')],
    ['another bundler', () => write('src/console/build.mjs', `${bundler}//`)],
    ['a missing file of the page', () => rmSync(at('dist/console/assets/main-1.js'))],
    ['a missing page', () => rmSync(at('dist/console/assets/index.html'))],
  ] as const) {
    change()
    t.equal((await prepare(['build'])).code, 0)
    t.same(done(), built, what)
  }
  t.same(await prepare(['build']), nothing)
  for (const gone of ['dist/room/table.js', 'dist/room/table.js.map', 'dist/gone.js']) t.notOk(existsSync(at(gone)))
  t.equal(readFileSync(at('dist/room/chair.js'), 'utf8'), 'chair()')

  utimesSync(at('src/main.ts'), 4_000_000_000, 4_000_000_000)
  t.same(await prepare(['build']), nothing, 'another time alone is no change')
})

t.test('a build that failed is no build', async (t) => {
  const { prepare, done, write, at } = checkout(t)
  write('src/bad.ts', 'bad()')
  for (const _ of [1, 2]) {
    const { code, stderr } = await prepare(['build'])
    t.equal(code, 1)
    t.match(stderr, /tsc -p tsconfig\.json failed: exit code 2/)
    t.same(done(), ['tsc'])
  }
  rmSync(at('src/bad.ts'))
  t.equal((await prepare(['build'])).code, 0)
})

t.test('two concurrent runs make each thing once', async (t) => {
  const { prepare, done, at } = checkout(t)
  rmSync(at('node_modules/.package-lock.json'))
  const both = await Promise.all([prepare(['modules', 'build']), prepare(['modules', 'build'])])
  t.same(
    both.map(({ code }) => code),
    [0, 0],
  )
  t.same(done(), [install, ...built])
  t.notOk(existsSync(at('dist/.preparing')))
})

t.test('a run that was killed blocks no other', async (t) => {
  const { prepare, done, at } = checkout(t)
  await prepare(['build'])
  rmSync(at('dist/main.js'))
  // Above the highest process id that Linux gives.
  writeFileSync(at('dist/.preparing'), '4194305')
  t.equal((await prepare(['build'])).code, 0)
  t.same(done(), [...built, ...built])
})

t.test('an installation that failed is named', async (t) => {
  const { prepare, installed, write } = checkout(t)
  installed({})
  write('bin/npm', '#!/bin/sh\necho no network >&2\nexit 7\n')
  t.same(await prepare(['modules', 'build']), {
    code: 1,
    stdout: '',
    stderr: `prepare: ${install}\nno network\n${install} failed: exit code 7\n`,
  })
})

t.test('a Node.js that is too old is told so before anything else', async (t) => {
  const { prepare, done } = checkout(t)
  for (const [version, isFine] of [
    ['18.20.8', false],
    ['20.17.0', false],
    ['20.18.0', true],
    ['22.0.0', true],
  ] as const) {
    const pretend = `data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"${version}"}})`
    const { code, stderr } = await prepare(['modules'], ['--import', pretend])
    t.equal(code, isFine ? 0 : 1, version)
    t.equal(stderr.includes(`needs Node.js 20.18 or newer, and runs on ${version}`), !isFine)
  }
  t.same(done(), [])
})

t.test('an unknown name is refused', async (t) => {
  const { prepare } = checkout(t)
  for (const targets of [[], ['module'], ['build', 'toString']]) {
    const { code, stderr } = await prepare(targets)
    t.equal(code, 1)
    t.match(stderr, /^usage: node scripts\/prepare\.mjs <modules\|tools\|runner\|build\|redis\|chromium\|prometheus>/)
  }
})

/** Says what it was asked to do. The installation puts a server of that version there. */
const aptGet = (version: string) => `#!/bin/sh
echo "apt-get $*" >> done
if [ "$1" = install ]; then
  printf '#!/bin/sh\\necho "Redis server v=${version} sha=0"\\n' > bin/redis-server
  /bin/chmod +x bin/redis-server
fi
`
const sudo = `#!/bin/sh
echo "sudo $*" >> done
shift
"$@"
`
const systemctl = '#!/bin/sh\necho "systemctl $*" >> done\nexit 1\n'

/** Nothing is on the PATH but these. */
function machine(t: Test, commands: Readonly<Record<string, string>>) {
  const { at, done, prepare, write } = checkout(t)
  for (const [name, text] of Object.entries(commands)) {
    write(`bin/${name}`, text)
    chmodSync(at(`bin/${name}`), 0o755)
  }
  const as = (uid: number) => ['--import', `data:text/javascript,process.getuid=()=>${uid}`]
  return { done, prepare: (uid: number, target = 'redis') => prepare([target], as(uid), at('bin')) }
}

const redisServer = (version: string) => `#!/bin/sh\necho "Redis server v=${version} sha=00000000:0 bits=64"\n`
const update = 'apt-get update'
const installRedis = 'apt-get install -y --no-install-recommends redis-server'

t.test('a Redis server that is there is taken', async (t) => {
  for (const version of ['7.0.15', '8.2.1', '10.0.0']) {
    const { prepare, done } = machine(t, { 'redis-server': redisServer(version), 'apt-get': aptGet('7.0.15') })
    t.same(await prepare(0), nothing, version)
    t.same(done(), [])
  }
})

t.test('as root a Debian package is installed without starting its service', async (t) => {
  const { prepare, done } = machine(t, { 'apt-get': aptGet('7.0.15'), sudo, systemctl })
  const { code, stdout, stderr } = await prepare(0)
  t.same({ code, stdout }, { code: 0, stdout: '' })
  t.equal(stderr, `prepare: ${update}\nprepare: ${installRedis}\n`)
  t.same(done(), [update, installRedis, 'systemctl disable --now redis-server'])
  t.same(await prepare(0), nothing)
})

t.test('other users install Debian packages through sudo without a password', async (t) => {
  const { prepare, done } = machine(t, {
    'apt-get': aptGet('7.0.15'),
    sudo: sudo.replace('shift', 'shift\n[ "$1" = true ] && exit 0'),
  })
  t.equal((await prepare(1000)).code, 0)
  t.same(done(), ['sudo -n true', `sudo -n ${update}`, update, `sudo -n ${installRedis}`, installRedis])
})

t.test('without permission to install, it says what to install', async (t) => {
  for (const [what, uid, commands] of [
    ['no apt', 0, { sudo }],
    ['no sudo', 1000, { 'apt-get': aptGet('7.0.15') }],
    ['a sudo that asks', 1000, { 'apt-get': aptGet('7.0.15'), sudo: '#!/bin/sh\nexit 1\n' }],
    ['an old server', 0, { 'redis-server': redisServer('6.0.16'), 'apt-get': aptGet('7.0.15') }],
    ['a server that does not say what it is', 0, { 'redis-server': '#!/bin/sh\n' }],
  ] as const) {
    const { prepare, done } = machine(t, commands as Readonly<Record<string, string>>)
    const { code, stdout, stderr } = await prepare(uid)
    t.same({ code, stdout }, { code: 1, stdout: '' }, what)
    t.match(stderr, /^The tests need redis-server 7 or newer on the PATH/, what)
    t.match(stderr, 'apt-get install redis-server')
    t.same(done(), [], what)
  }
})

t.test('an old server that apt brings is not enough, and a failed installation is named', async (t) => {
  const old = machine(t, { 'apt-get': aptGet('6.0.16') })
  t.match(await old.prepare(0), { code: 1, stderr: /The tests need redis-server 7 or newer/ })
  const failing = machine(t, { 'apt-get': '#!/bin/sh\nexit 100\n' })
  t.match(await failing.prepare(0), { code: 1, stderr: /apt-get update failed: exit code 100/ })
})

/** The installation puts a browser there. */
const aptGetChromium = `#!/bin/sh
echo "apt-get $*" >> done
[ "$1" = install ] && printf '#!/bin/sh\\n' > bin/chromium && /bin/chmod +x bin/chromium
exit 0
`
const installChromium = 'apt-get install -y --no-install-recommends chromium'

t.test('a Chromium that is there is taken, and else installed where that may be', async (t) => {
  const there = machine(t, { chromium: '#!/bin/sh\n', 'apt-get': aptGetChromium })
  t.same(await there.prepare(0, 'chromium'), nothing)
  t.same(there.done(), [])
  const missing = machine(t, { 'apt-get': aptGetChromium })
  t.equal((await missing.prepare(0, 'chromium')).code, 0)
  t.same(missing.done(), [update, installChromium])
  for (const [uid, commands] of [
    [0, {}],
    [1000, { 'apt-get': aptGetChromium }],
  ] as const) {
    const { code, stderr } = await machine(t, commands).prepare(uid, 'chromium')
    t.equal(code, 1)
    t.match(stderr, /^The tests need chromium on the PATH/)
  }
})

/** The installation puts both programs there. */
const aptGetPrometheus = `#!/bin/sh
echo "apt-get $*" >> done
if [ "$1" = install ]; then
  for name in prometheus promtool; do printf '#!/bin/sh\\n' > bin/$name; /bin/chmod +x bin/$name; done
fi
exit 0
`
const installPrometheus = 'apt-get install -y --no-install-recommends prometheus'

t.test('a Prometheus that is there is taken with its promtool, and else installed where that may be', async (t) => {
  const program = '#!/bin/sh\n'
  const there = machine(t, { prometheus: program, promtool: program, 'apt-get': aptGetPrometheus })
  t.same(await there.prepare(0, 'prometheus'), nothing)
  t.same(there.done(), [])
  const missing = machine(t, { prometheus: program, 'apt-get': aptGetPrometheus, systemctl })
  t.equal((await missing.prepare(0, 'prometheus')).code, 0)
  t.same(
    missing.done(),
    [update, installPrometheus, 'systemctl disable --now prometheus'],
    'a service nobody asked for',
  )
  for (const [uid, commands] of [
    [0, {}],
    [1000, { 'apt-get': aptGetPrometheus }],
  ] as const) {
    const { code, stderr } = await machine(t, commands).prepare(uid, 'prometheus')
    t.equal(code, 1)
    t.match(stderr, /^The tests need prometheus and promtool on the PATH/)
  }
})
