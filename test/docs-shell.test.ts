import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import t from 'tap'
import { startPretendDify } from '../src/simulator/dify.js'
import { startPretendGraph } from '../src/simulator/graph.js'
import { startApp } from './fixtures/app.js'
import { inProject, ROOT, readProjectFile } from './fixtures/project.js'
import { API_TOKEN } from './fixtures/settings.js'
import { delivery, fromCustomer } from './fixtures/webhooks.js'

/** Every shell block of the documentation is tried, as far as that can be without Docker, Kubernetes or root. */

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

t.test('every call of the API is answered as the page says', async (t) => {
  const app = await startApp(t, {}, [{ id: '1001', platform: 'instagram', token: 'page-token' }])
  const address = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const hi = fromCustomer('2001', { mid: 'm-docs', text: 'hi' }, { page: '1001' })
  await app.deliver(delivery([hi], { page: '1001' }))
  const bin = t.testdir()
  writeFileSync(join(bin, 'curl'), `#!/bin/sh\nexec "${process.execPath}" "${ROOT}test/fixtures/curl.mjs" "$@"\n`)
  chmodSync(join(bin, 'curl'), 0o755)
  const graph = await startPretendGraph()
  const dify = await startPretendDify({ apps: { 'app-pretended': { kind: 'chat' } } })
  t.teardown(() => Promise.all([graph.close(), dify.close()]))
  const addressed = (command: string): string =>
    command
      .replaceAll('http://127.0.0.1:3000', address)
      .replaceAll('http://127.0.0.1:4001', graph.url)
      .replaceAll('http://127.0.0.1:4002', dify.origin)
  let calls = 0
  for (const { place, text } of blocks) {
    for (const command of text.replaceAll('\\\n', ' ').split('\n')) {
      if (!command.trim().startsWith('curl ')) continue
      // Of one letter that is not there here.
      if (command.includes('/api/dead-letters/1001-')) continue
      calls += 1
      const shell = spawn('sh', ['-c', addressed(command)], {
        env: {
          PATH: `${bin}${delimiter}${process.env['PATH']}`,
          TOKEN: API_TOKEN,
          API_TOKENS: API_TOKEN,
          NODE_OPTIONS: '',
        },
      })
      let said = ''
      for (const from of [shell.stdout, shell.stderr]) {
        from.on('data', (piece) => {
          said += piece
        })
      }
      const [code] = await once(shell, 'close')
      t.equal(code, 0, `${place}: ${command} → ${said}`)
    }
  }
  t.ok(calls >= 12, `${calls} calls`)
})
