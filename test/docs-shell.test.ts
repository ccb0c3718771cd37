import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import t from 'tap'
import { startPretendDify } from '../src/simulator/dify.js'
import { startPretendGraph } from '../src/simulator/graph.js'
import { startApp } from './fixtures/app.js'
import { inProject, ROOT, readProjectFile } from './fixtures/project.js'
import { startRedis } from './fixtures/redis-servers.js'
import { API_TOKEN, type Changes } from './fixtures/settings.js'
import { until } from './fixtures/shop.js'
import { delivery, fromCustomer, SECRET } from './fixtures/webhooks.js'

/** Every shell block of the documentation is run, but for those that need Docker, Kubernetes or root: named below. */

interface Block {
  readonly place: string
  readonly text: string
}

const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(inProject('docs')).map((name) => `docs/${name}`)]
const blocks: readonly Block[] = pages
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [...readProjectFile(page).matchAll(/^ *```(?:sh|bash)\n([\s\S]*?)^ *```$/gm)].map(
      ([, text = '']): Block => ({ place: `${page}: ${text.split('\n')[0]}`, text }),
    ),
  )

t.test('a shell understands every block, and what it names is there', async (t) => {
  t.ok(blocks.length >= 20)
  const { scripts } = JSON.parse(readProjectFile('package.json')) as {
    readonly scripts: Readonly<Record<string, string>>
  }
  for (const { place, text } of blocks) {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })
    t.equal(status, 0, `${place} ${stderr}`)
    for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) t.ok(script in scripts, `${place}: ${script}`)
    for (const [path] of text.matchAll(/(?:examples|scripts|dist)\/[\w./-]+\.\w+/g)) {
      const source = path.replace(/^dist\/(.*)\.js$/, 'src/$1.ts')
      t.ok(existsSync(inProject(source)), `${place}: ${path}`)
    }
  }
})

/** What blocks expect to be set in the shell that they are typed into. */
const WORDS: Changes = {
  APP_SECRET: 'an-app-secret',
  VERIFY_TOKEN: 'any-word',
  API_TOKEN: 'a-token',
  PAGE_TOKEN: 'a-page-token',
  USER_TOKEN: 'a-user-token',
  DIFY_KEY: 'a-key',
  REDIS_PASSWORD: 'a-password',
}

/** Blocks that cannot run here, by their beginnings, and why. */
const UNTRIED: Readonly<Record<string, string>> = {
  'README.md: npm run demo': 'stays up; test/demo/ plays it with --once',
  'docs/api.md: npm install': 'installs packages; test/examples/client.test.ts uses what it makes',
  'docs/deploy.md: docker build': 'a container engine; test/journeys/image.test.ts does what the image does',
  'docs/deploy.md: kubectl apply': 'a cluster',
  'docs/deploy.md: kubectl create secret': 'a cluster and Helm; test/examples/helm.test.ts renders the chart',
  'docs/deploy.md: npm ci': 'installs packages; test/journeys/image.test.ts does it',
  'docs/backup.md: systemctl stop redis-server': 'root, systemd and the service of Redis',
  'docs/sqlite.md: sqlite3': 'a prompt; test/store/sqlite/queries.test.ts asks what the page asks',
  'docs/upgrading.md: kubectl set image': 'a cluster',
  'docs/upgrading.md: git clone': 'root, systemd and a release',
}
/** Lines that are left out of the other blocks, and why. */
const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/^systemctl /, 'systemd'],
  [/ docker compose /, 'a container engine'],
  [/dead-letters\/1001-/, 'a letter that is not there'],
]

/** What the shell calls by these names: programs that a machine may lack, and npm without the second that it takes itself. */
const COMMANDS: Readonly<Record<string, string>> = {
  curl: realOr('test/fixtures/shell/curl.mjs', 'curl', '-sSf'),
  jq: realOr('test/fixtures/shell/jq.mjs', 'jq'),
  openssl: realOr('test/fixtures/shell/openssl.mjs', 'openssl'),
  npx: `[ "$1" = message-router ] || exit 64; shift\n${node('dist/cli.js')}`,
  npm: `[ "$1" = run ] && shift; name=$1; shift; [ "$1" = -- ] && shift\n${node('dist/cli.js', '"$name"')}`,
}

function node(path: string, ...words: readonly string[]): string {
  return ['exec', `"${process.execPath}"`, `"${ROOT}${path}"`, ...words, '"$@"'].join(' ')
}

function realOr(path: string, name: string, ...words: readonly string[]): string {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, name))
  const real = places.find((each) => existsSync(each))
  return real === undefined ? node(path) : ['exec', `"${real}"`, ...words, '"$@"'].join(' ')
}

const isUntried = ({ place }: Block): boolean => Object.keys(UNTRIED).some((start) => place.startsWith(start))

t.test('what is not tried is named, and there', async (t) => {
  for (const start of Object.keys(UNTRIED)) {
    t.equal(blocks.filter(({ place }) => place.startsWith(start)).length, 1, start)
  }
  const lines = blocks.filter((block) => !isUntried(block)).flatMap(({ text }) => text.split('\n'))
  for (const [line] of LEFT_OUT)
    t.ok(
      lines.some((each) => line.test(each)),
      String(line),
    )
})

t.test('every other block does what it says', async (t) => {
  const bin = t.testdir()
  for (const [name, script] of Object.entries(COMMANDS)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  const place = mkdtempSync(join(tmpdir(), 'docs-shell-'))
  t.teardown(() => rmSync(place, { recursive: true }))
  const [data, backups] = [join(place, 'data'), join(place, 'backups')]
  for (const dir of [data, backups, join(place, 'examples')]) mkdirSync(dir)

  const secret = 'the-app-secret'
  const app = await startApp(t, { META_APP_SECRETS: `${SECRET},${secret}` }, [
    { id: '1001', platform: 'instagram', token: 'page-token' },
  ])
  const address = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const hi = fromCustomer('2001', { mid: 'm-docs', text: 'hi' }, { page: '1001' })
  await app.deliver(delivery([hi], { page: '1001' }))
  const graph = await startPretendGraph({ pages: { '1001': {} }, webhook: { url: `${address}/webhook`, secret } })
  const dify = await startPretendDify({ apps: { 'app-pretended': { kind: 'chat' } } })
  t.teardown(() => Promise.all([graph.close(), dify.close()]))
  const redis = await startRedis(['--requirepass', 'a-password'], undefined, 'a-password')
  t.teardown(() => redis.stop())

  const here = (text: string, router: string): string =>
    text
      .replaceAll('http://127.0.0.1:3000', router)
      .replaceAll('http://127.0.0.1:4001', graph.url)
      .replaceAll('http://127.0.0.1:4002', dify.origin)
      .replaceAll('-p 6379', `-p ${redis.port}`)
      .replaceAll('/var/lib/message-router', data)
      .replaceAll('/backups', backups)
      // As long as FLAG_TAIL, or a question's debounce, which are shorter here.
      .replaceAll(/sleep [34]/g, 'sleep 0.3')

  const begin = (text: string, more: Changes) => {
    const env = { HOME: place, NODE_OPTIONS: '', TOKEN: API_TOKEN, API_TOKENS: API_TOKEN, ...more }
    const shell = spawn('bash', ['-ec', text], {
      cwd: place,
      env: { PATH: `${bin}${delimiter}${process.env['PATH']}`, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: what the shell started ends with it.
      detached: true,
    })
    let said = ''
    for (const from of [shell.stdout, shell.stderr]) from.on('data', (piece) => (said += piece))
    const exited = once(shell, 'close') as Promise<[number | null]>
    const stop = async (): Promise<void> => {
      if (shell.exitCode === null) process.kill(-shell.pid!, 'SIGTERM')
      await exited
    }
    return { said: () => said, exited, stop }
  }
  const tried = new Set<Block>()
  const blockAt = (start: string): Block => {
    const block = blocks.find(({ place }) => place.startsWith(start))!
    tried.add(block)
    return block
  }
  const run = async (block: Block, router = address, more: Changes = {}): Promise<string> => {
    const lines = block.text.replaceAll('\\\n', ' ').split('\n')
    const kept = lines.filter((each) => !LEFT_OUT.some(([line]) => line.test(each)))
    const shell = begin(here(kept.join('\n'), router), more)
    const [code] = await shell.exited
    t.equal(code, 0, `${block.place} → ${shell.said()}`)
    return shell.said()
  }
  const start = async (text: string) => {
    const shell = begin(here(text, address), { PORT: '0', FLAG_TAIL: '200ms', DATA_DIR: data })
    t.teardown(shell.stop)
    const [, at = ''] = await until(
      () => /listening on (http:[\w:./]+)|cannot start[\s\S]*/.exec(shell.said()) ?? [],
      ({ length }) => length > 0,
      60_000,
    )
    t.not(at, '', shell.said())
    return { at, stop: shell.stop }
  }

  await t.test('the README, from the first line to the last', async (t) => {
    const block = blockAt('README.md: export HOST')
    const router = await start(block.text)
    const [exported = ''] = block.text.split('\n')
    const calls = blockAt('README.md: # A customer writes')
    const said = await run({ ...calls, text: `${exported}\n${calls.text}` }, router.at, {
      PORT: new URL(router.at).port,
    })
    t.match(
      said,
      /"author": "bot",\s+"evidence": "flag"[\s\S]*"author": "human",\s+"evidence": "none"[\s\S]*"human_echo"/,
    )
    const command = { MESSAGE_ROUTER_URL: router.at, MESSAGE_ROUTER_TOKEN: 'a-token-of-your-choice' }
    t.match(await run(blockAt('README.md: npx message-router list'), router.at, command), '1001-2001')
    t.match(await run(blockAt('docs/command.md: export MESSAGE_ROUTER_URL'), router.at), '1001-2001')
    t.match(await run(blockAt('docs/command.md: npx message-router list'), router.at, command), /on/)
    await run(blockAt('docs/backup.md: DATA_DIR='))
    const [copy = ''] = readdirSync(backups)
    renameSync(join(backups, copy), join(backups, 'router-2026-01-01.db'))
    await run(blockAt('docs/sqlite.md: DATA_DIR=/var/lib/message-router npm run backup'))
    t.same(readdirSync(backups).toSorted(), ['router-2026-01-01.db', copy].toSorted())
    await router.stop()
    await run(blockAt('docs/backup.md: systemctl stop message-router'))
    t.ok(readdirSync(join(data, 'before')).includes('message-router.db'))
    const restart = blockAt('docs/sqlite.md: DATA_DIR=/var/lib/message-router npm start')
    const again = await start(`${exported}\n${restart.text}`)
    const known = await fetch(`${again.at}/api/conversations/1001-2001`, {
      headers: { authorization: 'Bearer a-token-of-your-choice' },
    })
    t.equal(known.status, 200, 'what the backup held is there again')
    await again.stop()
  })

  for (const block of blocks) {
    if (tried.has(block) || isUntried(block)) continue
    await run(block, address, WORDS)
  }
  for (const [folder, file] of [
    [backups, /\.rdb$/],
    [join(place, 'examples/secrets'), /^redis_url$/],
    [join(place, '.local/share/bash-completion/completions'), /^message-router$/],
  ] as const) {
    t.ok(
      readdirSync(folder).some((name) => file.test(name)),
      `${folder} has ${file}`,
    )
  }
})
