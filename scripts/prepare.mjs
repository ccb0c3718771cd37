// Makes what a command needs, and is silent and quick when all of it is there:
//   node scripts/prepare.mjs modules build
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const at = (...path) => join(root, ...path)

/** What the last build was made from and consists of. */
const buildRecord = at('dist/.fingerprint')
/** Held by the process that prepares this checkout. In dist, which git ignores and npm does not empty. */
const lock = at('dist/.preparing')

/** `isThere` says whether `make` has nothing to do; `needs` are made before it. */
const targets = {
  /** What the program runs on. An installation without development packages will do. */
  modules: { isThere: () => areInstalled((wanted) => !wanted.dev && !wanted.devOptional), make: installPackages },
  /** What building and testing take besides. */
  tools: { isThere: () => areInstalled(() => true), make: installPackages },
  /** tap without the compiler that .taprc leaves out: otherwise the first run loads it into each test's process. */
  runner: {
    isThere: () =>
      readText(at('node_modules/@tapjs/test/test-built/dist/esm/index.js'))?.includes('@tapjs/typescript') === false,
    needs: ['tools'],
    make: () => run('npm', 'exec', '--', 'tap', 'build'),
  },
  /** dist/, as its sources are now. */
  build: { isThere: isBuilt, needs: ['tools'], make: build },
  redis: program({
    commands: ['redis-server'],
    // The oldest version whose commands the tests know. The router itself is content with 6.2.
    isGood: () => Number(/ v=(\d+)\./.exec(tryToRun('redis-server', '--version').stdout)?.[1]) >= 7,
    aptPackage: 'redis-server',
    service: 'redis-server',
    otherwise:
      'The tests need redis-server 7 or newer on the PATH: they start it themselves, on free ports.\n' +
      'Debian 12, Ubuntu 24.04: apt-get install redis-server   macOS: brew install redis\n' +
      'Elsewhere: https://redis.io/docs/latest/operate/oss_and_stack/install/',
  }),
  chromium: program({
    commands: ['chromium'],
    aptPackage: 'chromium',
    otherwise:
      'The tests need chromium on the PATH: they drive the console with it.\n' +
      'Debian: apt-get install chromium   elsewhere: any Chromium or Chrome, by a link named chromium',
  }),
  prometheus: program({
    commands: ['prometheus', 'promtool'],
    aptPackage: 'prometheus',
    service: 'prometheus',
    otherwise:
      'The tests need prometheus and promtool on the PATH: they have a real one scrape the router.\n' +
      'Debian, Ubuntu: apt-get install prometheus   macOS: brew install prometheus\n' +
      'Elsewhere: https://prometheus.io/download/',
  }),
}

class Problem extends Error {}

function requireNode() {
  const wanted = readJson(at('package.json')).engines.node.match(/\d+/g).map(Number)
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return
  throw new Problem(
    `This needs Node.js ${wanted.join('.')} or newer, and runs on ${process.versions.node}. Get one at https://nodejs.org/`,
  )
}

function namedTargets() {
  const names = process.argv.slice(2)
  if (names.length > 0 && names.every((name) => Object.hasOwn(targets, name))) return names
  throw new Problem(`usage: node scripts/prepare.mjs <${Object.keys(targets).join('|')}>...`)
}

function make({ isThere, needs = [], make: makeIt }) {
  // Asked again: another process may have made it while this one waited for its turn.
  if (isThere()) return
  for (const need of needs) make(targets[need])
  makeIt()
}

function areInstalled(isNeeded) {
  const installed = readJson(at('node_modules/.package-lock.json'))?.packages
  if (!installed) return false
  return Object.entries(readJson(at('package-lock.json')).packages).every(([path, wanted]) => {
    if (path === '' || !isNeeded(wanted)) return true
    const found = installed[path]
    // An optional package is one for another kind of machine.
    if (!found) return wanted.optional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function installPackages() {
  // With the development packages even where NODE_ENV says production: a checkout has to be built.
  run('npm', 'ci', '--include=dev', '--no-audit')
}

function isBuilt() {
  const record = readText(buildRecord)
  return record !== undefined && record === recordOf(sources())
}

function build() {
  // Taken before compiling: what is edited meanwhile is built next time.
  const from = sources()
  const { mtimeMs: startedAt } = statSync(lock)
  rmSync(buildRecord, { force: true })
  run(process.execPath, at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json')
  run(process.execPath, at('src/console/build.mjs'))
  // What this build has not written is left from an earlier one.
  for (const file of outputs()) if (statSync(at('dist', file)).mtimeMs < startedAt) rmSync(at('dist', file))
  // npx runs the commands of this checkout as they are; the compiler knows nothing of them.
  for (const file of Object.values(readJson(at('package.json')).bin)) chmodSync(at(file), 0o755)
  writeFileSync(buildRecord, recordOf(from))
}

/** A digest by content and not by time: a checkout, a copy or an image build sets times as it likes. */
function sources() {
  const hash = createHash('sha256')
  for (const file of ['package-lock.json', 'tsconfig.json', ...filesOf('src').map((file) => `src/${file}`)]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** What a build was made from, and the files that it consists of. */
function recordOf(from) {
  return [from, ...outputs()].join('\n')
}

function outputs() {
  return filesOf('dist').filter((file) => !file.startsWith('.'))
}

function filesOf(folder) {
  return readdirSync(at(folder), { recursive: true })
    .filter((file) => lstatSync(at(folder, file)).isFile())
    .map((file) => file.split(sep).join('/'))
    .sort()
}

/** A program that tests start: taken from the PATH, or installed where apt-get is and may be used. */
function program({ commands, isGood = () => true, aptPackage, service, otherwise }) {
  const isThere = () => commands.every(isOnPath) && isGood()
  return {
    isThere,
    make() {
      const isInstalled = !commands.every(isOnPath) && aptInstall(aptPackage)
      // Where systemd runs, the package has started a server that nobody asked for.
      if (isInstalled && service !== undefined && isOnPath('systemctl')) {
        tryToRun(...asRoot(), 'systemctl', 'disable', '--now', service)
      }
      if (!isThere()) throw new Problem(otherwise)
    },
  }
}

/** False where this process may not. */
function aptInstall(name) {
  if (!isOnPath('apt-get') || (asRoot().length > 0 && !maySudo())) return false
  run(...asRoot(), 'apt-get', 'update')
  run(...asRoot(), 'apt-get', 'install', '-y', '--no-install-recommends', name)
  return true
}

function asRoot() {
  return process.getuid?.() === 0 ? [] : ['sudo', '-n']
}

function maySudo() {
  return isOnPath('sudo') && tryToRun('sudo', '-n', 'true').status === 0
}

function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Runs the work while no other process prepares this checkout. */
function alone(work) {
  mkdirSync(at('dist'), { recursive: true })
  for (let waits = 0; !take(lock); waits++) {
    const holder = Number(readText(lock))
    // A process that was interrupted has left its lock behind.
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true })
    else {
      if (waits === 0 && holder > 0) say(`waiting for process ${holder}, which prepares this checkout`)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
  }
  try {
    work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}

function run(command, ...args) {
  const line = [command, ...args].map((part) => part.replace(root, '')).join(' ')
  say(line)
  // All its output goes to stderr: stdout belongs to the command that this one prepares.
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: command === 'npm' && process.platform === 'win32',
  })
  if (status !== 0) throw new Problem(`${line} failed: ${error?.message ?? signal ?? `exit code ${status}`}`)
}

function tryToRun(command, ...args) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' })
}

function say(text) {
  console.error(`prepare: ${text}`)
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

function readJson(path) {
  const text = readText(path)
  return text === undefined ? undefined : JSON.parse(text)
}

try {
  requireNode()
  for (const name of namedTargets()) {
    if (!targets[name].isThere()) alone(() => make(targets[name]))
  }
} catch (problem) {
  console.error(problem instanceof Problem ? problem.message : problem)
  process.exitCode = 1
}
