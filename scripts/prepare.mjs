// Makes what a command needs, and is silent and quick when all of it is there:
//   node scripts/prepare.mjs modules build
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const at = (...path) => join(root, ...path)

const targets = {
  /** What the program runs on. An installation without development packages will do. */
  modules: {
    isThere: () => areInstalled((wanted) => !wanted.dev && !wanted.devOptional),
    make: installPackages,
  },
  /** What building and testing take besides. */
  tools: {
    isThere: () => areInstalled(() => true),
    make: installPackages,
  },
  /** tap without the compiler that .taprc leaves out: otherwise the first run loads it into each test's process. */
  runner: {
    isThere: () =>
      readText(at('node_modules/@tapjs/test/test-built/dist/esm/index.js'))?.includes('@tapjs/typescript') === false,
    needs: ['tools'],
    make: () => run('npm', 'exec', '--', 'tap', 'build'),
  },
  /** dist/, as its sources are now. */
  build: {
    isThere: isBuilt,
    needs: ['tools'],
    make: build,
  },
  /** A server for the tests, which start their own on free ports. */
  redis: {
    isThere: hasRedis,
    make: installRedis,
  },
  /** A browser for the tests of the console. */
  chromium: {
    isThere: () => isOnPath('chromium'),
    make: installChromium,
  },
  /** Prometheus and its promtool for the tests of metrics, alerts and dashboard. */
  prometheus: {
    isThere: hasPrometheus,
    make: installPrometheus,
  },
}

class Problem extends Error {}

/** The console's page as it is served: names with hashes, made of everything below src/console/page/. */
const pageFolder = join('dist', 'console', 'assets')

/** Where the last build says what it was made from. */
const fingerprintFile = at('dist', '.fingerprint')

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

function make(name) {
  const target = targets[name]
  // Asked again: somebody else may have made it while this process waited for its turn.
  if (target.isThere()) return
  for (const need of target.needs ?? []) make(need)
  target.make()
}

function areInstalled(isNeeded) {
  const installed = readJson(at('node_modules', '.package-lock.json'))?.packages
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
  if (readText(fingerprintFile) !== fingerprint()) return false
  const wanted = new Set(outputs())
  const found = builtFiles().filter((file) => file.endsWith('.js') && !isOfPage(file))
  const index = readText(at(pageFolder, 'index.html')) ?? ''
  const files = [...index.matchAll(/console\/([\w.-]+)"/g)].map(([, file]) => file)
  return (
    found.length === wanted.size &&
    found.every((file) => wanted.has(file)) &&
    files.length > 0 &&
    files.every((file) => existsSync(at(pageFolder, file)))
  )
}

function build() {
  // Taken before compiling: what is edited meanwhile is built next time.
  const from = fingerprint()
  rmSync(fingerprintFile, { force: true })
  run(process.execPath, at('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json')
  const wanted = new Set(outputs().flatMap((file) => [file, `${file}.map`]))
  for (const file of builtFiles()) {
    if (/\.js(\.map)?$/.test(file) && !wanted.has(file) && !isOfPage(file)) rmSync(at('dist', file))
  }
  run(process.execPath, at('src', 'console', 'build.mjs'))
  // npx runs the commands of this checkout as they are; the compiler knows nothing of them.
  for (const file of Object.values(readJson(at('package.json')).bin ?? {})) chmodSync(at(file), 0o755)
  writeFileSync(fingerprintFile, from)
}

/** The oldest whose commands the tests know. The router itself is content with 6.2. */
const oldestRedis = 7

function hasRedis() {
  if (!isOnPath('redis-server')) return false
  const { stdout } = tryToRun('redis-server', '--version')
  return Number(/ v=(\d+)\./.exec(stdout)?.[1]) >= oldestRedis
}

function installRedis() {
  // Where systemd runs, the package has started a server that nobody asked for.
  if (!isOnPath('redis-server') && aptInstall('redis-server') && isOnPath('systemctl')) {
    tryToRun(...asRoot(), 'systemctl', 'disable', '--now', 'redis-server')
  }
  if (hasRedis()) return
  throw new Problem(
    `The tests need redis-server ${oldestRedis} or newer on the PATH: they start it themselves, on free ports.\n` +
      'Debian 12, Ubuntu 24.04: apt-get install redis-server   macOS: brew install redis\n' +
      'Elsewhere: https://redis.io/docs/latest/operate/oss_and_stack/install/',
  )
}

function installChromium() {
  aptInstall('chromium')
  if (isOnPath('chromium')) return
  throw new Problem(
    'The tests need chromium on the PATH: they drive the console with it.\n' +
      'Debian: apt-get install chromium   elsewhere: any Chromium or Chrome, by a link named chromium',
  )
}

function hasPrometheus() {
  return isOnPath('prometheus') && isOnPath('promtool')
}

function installPrometheus() {
  // Where systemd runs, the package has started a server that nobody asked for.
  if (aptInstall('prometheus') && isOnPath('systemctl')) {
    tryToRun(...asRoot(), 'systemctl', 'disable', '--now', 'prometheus')
  }
  if (hasPrometheus()) return
  throw new Problem(
    'The tests need prometheus and promtool on the PATH: they have a real one scrape the router.\n' +
      'Debian, Ubuntu: apt-get install prometheus   macOS: brew install prometheus\n' +
      'Elsewhere: https://prometheus.io/download/',
  )
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

/** By content and not by time: a checkout, a copy or an image build sets times as it likes. */
function fingerprint() {
  const hash = createHash('sha256')
  const inputs = ['package-lock.json', 'tsconfig.json', ...filesOf('src').map((file) => join('src', file))]
  for (const file of inputs)
    hash
      .update(`${file.split(sep).join('/')}\0`)
      .update(readFileSync(at(file)))
      .update('\0')
  return hash.digest('hex')
}

function filesOf(folder) {
  return readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(at(folder), join(entry.parentPath, entry.name)))
    .sort()
}

/** What the compiler makes; the page is bundled apart from it. */
function outputs() {
  return filesOf('src')
    .filter((file) => file.endsWith('.ts') && !file.startsWith(join('console', 'page')))
    .map((file) => file.replace(/\.ts$/, '.js'))
}

function builtFiles() {
  return filesOf('dist')
}

function isOfPage(file) {
  return join('dist', file).startsWith(pageFolder)
}

/** Runs the work while no other process prepares this checkout. */
function alone(work) {
  // In dist, because it is ours, ignored by git, and not emptied by npm as node_modules is.
  const lock = at('dist', '.preparing')
  mkdirSync(at('dist'), { recursive: true })
  for (let waits = 0; !take(lock); waits++) {
    const holder = Number(readText(lock))
    // One that was interrupted left its lock behind.
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true })
    else {
      if (waits === 0 && holder > 0) say(`waiting for process ${holder}, which prepares this checkout`)
      sleep(100)
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

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
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
    if (!targets[name].isThere()) alone(() => make(name))
  }
} catch (problem) {
  console.error(problem instanceof Problem ? problem.message : problem)
  process.exitCode = 1
}
