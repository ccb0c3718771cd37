import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import t from 'tap'
import { ROOT, readProjectFile } from './fixtures/project.js'

const root = ROOT
const read = readProjectFile

interface Manifest {
  readonly version: string
  readonly main: string
  readonly private?: boolean
  readonly bin: Record<string, string>
  readonly exports: Record<string, string | Record<string, string>>
  readonly type: string
  readonly license: string
  readonly files: readonly string[]
  readonly engines: { readonly node: string }
  readonly scripts: Record<string, string>
  readonly dependencies: Record<string, string>
  readonly devDependencies: Record<string, string>
}
interface Locked extends Partial<Manifest> {
  readonly dev?: boolean
  readonly integrity?: string
  readonly optionalDependencies?: Record<string, string>
}
interface Lock {
  readonly packages: Record<string, Locked>
}

const manifest = JSON.parse(read('package.json')) as Manifest
const { packages } = JSON.parse(read('package-lock.json')) as Lock
const installed = Object.entries(packages).filter(([path]) => path !== '')

t.test('every dependency is pinned, and the lock file agrees', async (t) => {
  for (const kind of ['dependencies', 'devDependencies'] as const) {
    for (const [name, version] of Object.entries(manifest[kind])) {
      t.match(version, /^\d+\.\d+\.\d+$/, `${name} is pinned`)
      t.equal(packages[`node_modules/${name}`]?.version, version, `${name} is locked`)
    }
    t.same(packages['']?.[kind], manifest[kind])
  }
  t.same(
    installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path),
    [],
    'every package is locked by its content',
  )
})

t.test('the lock file knows the packages for every kind of machine, or npm ci refuses it', async (t) => {
  const known = new Set(
    installed.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
  )
  t.same(
    installed.flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !known.has(name))
        .map((name) => `${path} needs ${name}`),
    ),
    [],
  )
})

t.test('the installed size for production is bounded', async (t) => {
  const production = installed.filter(([, { dev }]) => dev !== true)
  // The seven planned ones bring 73. Each further one is somebody else's code in front of customers' messages.
  t.ok(production.length <= 110, `${production.length} packages`)
})

t.test('the package is what its manifest says', async (t) => {
  t.equal(manifest.private, undefined, 'it may be published')
  t.equal(manifest.type, 'module')
  t.equal(manifest.license, 'MIT')
  t.match(read('LICENSE'), /^MIT License/)
  for (const folder of ['dist', 'types']) t.ok(manifest.files.includes(folder), folder)
  t.equal(packages['']?.version, manifest.version)
  t.same(packages['']?.engines, manifest.engines)
})

t.test('what npm would publish is the program and its papers, and starts', async (t) => {
  const { stdout, status } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  t.equal(status, 0)
  const [{ files, unpackedSize }] = JSON.parse(stdout) as [{ files: readonly { path: string }[]; unpackedSize: number }]
  const paths = files.map(({ path }) => path)
  for (const path of [
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'package.json',
    'dist/main.js',
    'dist/main.js.map',
    'dist/cli.js',
    'docs/settings.md',
    'examples/compose.yaml',
  ]) {
    t.ok(paths.includes(path), path)
  }
  const isWanted = (path: string): boolean =>
    /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path) ||
    /^dist\/[\w/-]+\.(js|js\.map|d\.ts)$/.test(path) ||
    /^dist\/console\/assets\/[\w.-]+$/.test(path) ||
    /^docs\/[\w-]+\.md$/.test(path) ||
    path === 'types/api.d.ts' ||
    /^examples\/(?!secrets\/)/.test(path)
  t.same(
    paths.filter((path) => !isWanted(path)),
    [],
  )
  const maps = paths.filter((path) => path.endsWith('.map'))
  t.notOk(
    maps.some((path) => read(path).includes('sourcesContent')),
    'maps name the sources and do not hold them',
  )
  t.ok(unpackedSize < 5 * 1024 * 1024, `${unpackedSize} bytes`)
  t.match(read(manifest.bin['message-router']!), /^#!\/usr\/bin\/env node\n/)
  for (const target of Object.values(manifest.exports).flatMap((each) =>
    Object.values(typeof each === 'string' ? { each } : each),
  )) {
    t.ok(existsSync(join(root, target)), target)
  }
})

t.test('every command starts a file that exists', async (t) => {
  for (const [name, command] of Object.entries({ ...manifest.scripts, main: `node ${manifest.main}` })) {
    for (const [, file = ''] of command.matchAll(/\bnode ([^\s;]+)/g)) {
      const source = file.replace(/^dist\/(.*)\.js$/, 'src/$1.ts')
      t.ok(existsSync(join(root, source)), `${name} starts ${source}`)
    }
  }
})

/** The Dockerfile's instructions, continued lines joined, comments left out. */
const instructions = read('Dockerfile')
  .replace(/^\s*#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '')
const stageStarts = instructions.flatMap((line, index) => (line.startsWith('FROM ') ? [index] : []))
const lastStage = instructions.slice(stageStarts.at(-1))
const argumentOf = (instruction: string): string | undefined =>
  lastStage
    .find((line) => line.startsWith(`${instruction} `))
    ?.slice(instruction.length)
    .trim()

t.test('the image is built on one exact Node.js that the package allows', async (t) => {
  const bases = new Set(stageStarts.map((index) => instructions[index]!.split(' ')[1]!))
  t.equal(bases.size, 1)
  const [base = ''] = bases
  const [, ...version] = /^node:(\d+)\.(\d+)\.(\d+)-slim$/.exec(base) ?? []
  const [major = 0, minor = 0] = version.map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = manifest.engines.node.match(/\d+/g)!.map(Number)
  t.ok(major > wantedMajor || (major === wantedMajor && minor >= wantedMinor), `${base} for ${manifest.engines.node}`)
  t.match(lastStage.join('\n'), `image.base.name="docker.io/library/${base}"`)
  t.match(lastStage.join('\n'), `image.version="${manifest.version}"`)
})

t.test('the image runs node itself, without a shell, as nobody special', async (t) => {
  t.same(JSON.parse(argumentOf('CMD') ?? ''), ['node', manifest.main])
  t.same(JSON.parse(argumentOf('ENTRYPOINT') ?? ''), [])
  t.match(argumentOf('USER'), /^[1-9]\d*:[1-9]\d*$/)
  t.equal(argumentOf('STOPSIGNAL'), 'SIGTERM')
  t.equal(argumentOf('EXPOSE'), '3000')
  t.ok(lastStage.includes('ENV NODE_ENV=production'))
  t.ok(lastStage.includes('ENV NODE_OPTIONS="--v8-pool-size=1 --max-semi-space-size=16"'))
  t.notOk(lastStage.some((line) => line.startsWith('RUN ')))
})

t.test('the image holds production packages alone, and its build sees no more than it needs', async (t) => {
  t.ok(lastStage.includes('COPY --from=modules /app/node_modules ./node_modules'))
  t.ok(instructions.some((line) => line.startsWith('RUN npm ci --omit=dev')))
  const ignored = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  t.equal(ignored[0], '*')
  const copied = instructions
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1))
  t.same(
    [...new Set(copied)].sort(),
    ignored
      .slice(1)
      .map((line) => line.replace('!', ''))
      .sort(),
  )
})

t.test('the image knows by /health whether it is well', async (t) => {
  const [, command = ''] = /CMD (\[.*\])$/.exec(argumentOf('HEALTHCHECK') ?? '') ?? []
  const [node, ...args] = JSON.parse(command) as string[]
  t.equal(node, 'node')
  let status = 200
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    response.writeHead(status).end()
  }).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const exitCode = async (): Promise<unknown> => {
    const check = spawn(process.execPath, args, { env: { PORT: String(port) }, stdio: 'inherit' })
    return (await once(check, 'exit'))[0]
  }
  t.equal(await exitCode(), 0, 'well')
  status = 503
  t.equal(await exitCode(), 1, 'not well')
  t.same(asked, ['/health', '/health'])
  server.close()
  await once(server, 'close')
  t.equal(await exitCode(), 1, 'not there')
})

t.test('the check run ends in a plain count and with the exit code of the tests', async (t) => {
  accessSync(join(root, '.ci/run'), constants.X_OK)
  const bin = t.testdir()
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\necho "$SAYS"\nexit "$EXIT_CODE"\n', { mode: 0o755 })
  for (const [says, exitCode, last, code] of [
    ['# { total: 7, pass: 7 }\n# time=1ms', 0, '7 passed, 0 failed', 0],
    ['    # { total: 1, fail: 1 }\n# { total: 7, pass: 4, fail: 3 }', 1, '4 passed, 3 failed', 1],
    ['# { total: 5, pass: 3, fail: 2, todo: 1 }', 3, '3 passed, 2 failed', 3],
    ['the code does not compile', 2, '0 passed, 0 failed', 2],
    ['', 0, '0 passed, 0 failed', 1],
  ] as const) {
    const { stdout, status } = spawnSync(join(root, '.ci/run'), {
      encoding: 'utf8',
      env: { PATH: `${bin}${delimiter}${process.env.PATH}`, SAYS: says, EXIT_CODE: String(exitCode) },
    })
    t.equal(stdout.trimEnd().split('\n').at(-1), last)
    t.equal(status, code)
  }
})
