import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { environment } from '../fixtures/process.js'
import { inProject, readProjectFile } from '../fixtures/project.js'
import { type Changes, SETTINGS } from '../fixtures/settings.js'
import { slowness } from '../fixtures/slowness.js'

/** What the image does, without a container engine. */

const asNobody = process.getuid?.() === 0 ? { uid: 12345, gid: 12345 } : {}
const root = mkdtempSync(join(tmpdir(), 'image-'))
const tree = (): string[] => (readdirSync(root, { recursive: true }) as string[]).sort()

t.before(() => {
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(inProject(file), join(root, file))
  const { status, stderr } = spawnSync('npm', ['ci', '--omit=dev', '--prefer-offline', '--no-audit'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  if (status !== 0) throw new Error(stderr)
  const [, prune] =
    /^RUN (cd node_modules\/@photostructure.*)$/m.exec(readProjectFile('Dockerfile').replace(/\\\n/g, '')) ?? []
  const pruned = spawnSync('sh', ['-c', prune!], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  if (pruned.status !== 0) throw new Error(pruned.stderr)
  cpSync(inProject('dist'), join(root, 'dist'), { recursive: true })
  spawnSync('chmod', ['-R', 'a-w,a+rX', root])
})
t.teardown(() => {
  spawnSync('chmod', ['-R', 'u+w', root])
  rmSync(root, { recursive: true })
})

async function start(changes: Changes = {}) {
  const [, options] = /^ENV NODE_OPTIONS="(.*)"$/m.exec(readProjectFile('Dockerfile'))!
  const child = spawn('env', [`NODE_OPTIONS=${options}`, process.execPath, 'dist/main.js'], {
    cwd: root,
    env: { ...environment({ ...SETTINGS, HOST: '127.0.0.1', PORT: '0', ...changes }), NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...asNobody,
  })
  t.teardown(() => child.kill('SIGKILL'))
  const exited = once(child, 'close')
  for await (const line of createInterface({ input: child.stdout })) {
    const [, port] = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? []
    if (port !== undefined) {
      child.stdout.resume()
      return { child, port, exited }
    }
  }
  throw new Error('it ended before it listened')
}

t.test('the image has few and small packages', async (t) => {
  const modules = join(root, 'node_modules')
  const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'))
  t.ok(Object.keys(packages).length <= 110, `${Object.keys(packages).length} packages`)
  // SQLite keeps one of its binaries, and is left out altogether with --omit=optional.
  const optional = Object.entries<{ optional?: boolean }>(packages).flatMap(([path, its]) =>
    its.optional ? [`${path.replace('node_modules/', '')}/`] : [],
  )
  const bytesOf = (files: readonly string[]) =>
    files.map((file) => statSync(join(modules, file))).reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)
  const all = readdirSync(modules, { recursive: true }) as string[]
  const isOptional = (file: string) => optional.some((path) => file.startsWith(path))
  const [needed, extra] = [bytesOf(all.filter((file) => !isOptional(file))), bytesOf(all.filter(isOptional))]
  t.ok(needed <= 45 * 1024 * 1024, `${needed} bytes`)
  t.ok(extra <= 25 * 1024 * 1024, `${extra} bytes of optional packages`)
  const sqlite = bytesOf(all.filter((file) => file.startsWith('@photostructure/sqlite/')))
  t.ok(sqlite > 1024 * 1024 && sqlite <= 4 * 1024 * 1024, `${sqlite} bytes of SQLite`)
})

t.test('the image runs on a read-only file system, starts soon, stays small and stops', async (t) => {
  chmodSync(root, 0o555)
  const before = tree()
  const times: number[] = []
  for (let i = 0; i < 5 && (times[0] ?? 600) >= 600; i++) {
    const slow = await slowness()
    const startedAt = performance.now()
    const { child, exited } = await start()
    times.unshift((performance.now() - startedAt) / Math.max(slow, await slowness()))
    child.kill('SIGKILL')
    await exited
  }
  t.ok(times[0]! < 600, `${times.map(Math.round).join(', ')} ms`)

  const { child, port, exited } = await start()
  const [, command = ''] =
    /^HEALTHCHECK [^[]*CMD (\[.*\])$/m.exec(readProjectFile('Dockerfile').replace(/\\\n/g, '')) ?? []
  const [, ...args] = JSON.parse(command) as string[]
  const check = spawn('env', ['-u', 'NODE_OPTIONS', process.execPath, ...args], {
    env: { PATH: process.env.PATH, PORT: port },
    ...asNobody,
  })
  t.same((await once(check, 'exit'))[0], 0)
  // Memory of an idle process is that after a while; nothing tells when it has come to rest.
  await sleep(2_000)
  if (process.platform === 'linux') {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
    t.ok(Number(kilobytes) < 120 * 1024, `${kilobytes} kB resident`)
  }
  child.kill('SIGTERM')
  t.same(await exited, [0, null])
  t.same(tree(), before)
})

t.test('with what is left of SQLite it keeps everything in a file', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'image-data-'))
  chmodSync(dataDir, 0o777)
  t.teardown(() => rmSync(dataDir, { recursive: true }))
  const { child, port, exited } = await start({ DATA_DIR: dataDir })
  t.equal((await fetch(`http://127.0.0.1:${port}/health/ready`)).status, 200)
  child.kill('SIGTERM')
  t.same(await exited, [0, null])
  t.ok(readdirSync(dataDir).includes('message-router.db'))
})
